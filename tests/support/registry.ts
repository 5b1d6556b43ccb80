/** A real registry on a free port: Debian's docker-registry. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDaemon } from "./process.ts";
import { fastParent, tempFolder } from "./temp_folder.ts";
import type { Tools } from "./tools.ts";

/** What a registry with `auth` lets in. The password holds what careless code trips over. */
export const REGISTRY_LOGIN = { username: "moat", password: "s3cret: with space" };

/** {@linkcode REGISTRY_LOGIN} as an htpasswd line; the registry takes bcrypt only. */
const HTPASSWD = `moat:$2a$04$OuXxpB.4lEKEZLF0/XAbW.Ek7oUBbRKTZdnt0fVC.DCPxb/5ewBjS\n`;

/** A running registry. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:port`, as in image names. */
  readonly host: string;
  log(): string;
  stop(): Promise<void>;
}

/** Options of {@linkcode startRegistry}. */
export interface RegistryOptions {
  tools: Tools;
  /** Ask for {@linkcode REGISTRY_LOGIN}. @default false */
  auth?: boolean;
  /** Ask for a token of this service; `bundle` is the path of the certificates that may sign one. */
  token?: { realm: string; service: string; issuer: string; bundle: string };
  /** Paths of PEM files: it then speaks TLS. @default plain HTTP */
  tls?: { cert: string; key: string };
}

/** Starts a registry. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { token, tls } = options;
  const folder = tempFolder(fastParent());
  const config = join(folder.path, "config.json");
  const passwords = join(folder.path, "htpasswd");
  writeFileSync(passwords, HTPASSWD);
  // YAML, of which JSON is a part.
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: "info" },
      storage: {
        filesystem: { rootdirectory: join(folder.path, "data") },
        delete: { enabled: true },
      },
      http: {
        addr: "127.0.0.1:0",
        ...(tls && { tls: { certificate: tls.cert, key: tls.key } }),
      },
      ...(options.auth && { auth: { htpasswd: { realm: "moat", path: passwords } } }),
      ...(token && { auth: { token: { ...token, rootcertbundle: token.bundle } } }),
    }),
  );
  let host = "";
  try {
    const daemon = await startDaemon({
      command: options.tools.registry,
      args: ["serve", config],
      logFile: join(folder.path, "log"),
      env: { OTEL_TRACES_EXPORTER: "none" },
      ready: async (log) => {
        host = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1] ?? "";
        // In TLS, which fetch() does not trust, it listens already.
        if (host === "" || tls !== undefined) return host !== "";
        const answer = await fetch(`http://${host}/v2/`);
        await answer.body?.cancel();
        return answer.status === (options.auth || token ? 401 : 200);
      },
    });
    const stop = async () => {
      await daemon.stop();
      await folder[Symbol.asyncDispose]();
    };
    return { host, log: daemon.log, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}
