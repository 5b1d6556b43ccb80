/**
 * A sidecar: starts a BuildKit in a container of the Docker engine, builds with it and takes it away again, whatever
 * happens in between. No `docker` program is needed.
 *
 *     deno run -A examples/sidecar.ts
 */
import { build, connect, startSidecar } from "@moat/build";

async function main(): Promise<void> {
  // `state: "name"` would keep its cache for the next time.
  await using sidecar = await startSidecar({ logger: { warn: console.warn } });
  console.log(`started ${sidecar.image}`);

  await using client = connect(sidecar.address);
  const { version, workers } = await client.ping();
  console.log(`BuildKit ${version} with ${workers.length} worker`);

  const { digest, builder } = await build({
    context: { "hello.txt": "hello from a sidecar\n" },
    dockerfile: "FROM scratch\nCOPY hello.txt /\n",
    address: sidecar.address,
    output: "image",
  });
  console.log(`built ${digest} by ${builder.kind} BuildKit`);
}

await main();
console.log("and it is gone");
