/**
 * Pushes to a private registry with a login from code: no `docker login`, no config.json. The registry and the image are
 * the argument, the login comes from wherever your program keeps it.
 *
 *     REGISTRY_USER=me REGISTRY_PASSWORD=... deno run -A examples/private_registry.ts registry.example/team/app:1
 */
import process from "node:process";
import { build, type Credentials, type CredentialsRequest } from "@moat/build";

const [image = "registry.example/team/app:1"] = process.argv.slice(2);
const [registry] = image.split("/");

/** Asked each time that a login is needed, so a build may outlive its tokens. Undefined: look in Docker's config.json. */
function login({ host }: CredentialsRequest): Credentials | undefined {
  const { REGISTRY_USER: username, REGISTRY_PASSWORD: password } = process.env;
  if (host !== registry || !username || !password) return undefined;
  return { username, password };
}

const { digest } = await build({
  context: { "app.txt": "the app\n" },
  dockerfile: "FROM scratch\nCOPY app.txt /\n",
  tags: [image],
  output: { type: "image", push: true },
  auth: login,
});

console.log(`pushed ${image}@${digest}`);
