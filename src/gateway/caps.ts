/** What a builder can do, by the names that BuildKit gives its abilities (frontend/gateway/pb/caps.go, solver/pb/caps.go). */
import { UnsupportedError } from "../errors.ts";
import type { APICap } from "../gen/caps.ts";

/** What daemons could do that are older than these lists. It never changes (frontend/gateway/grpcclient/client.go). */
const OLDEST_GATEWAY = "solve.base solve.inlinereturn resolveimage readfile";
const OLDEST_LLB = "source.image source.local source.local.unique source.local.sessionid " +
  "source.local.includepatterns source.local.followpaths source.local.excludepatterns " +
  "source.local.sharedkeyhint source.git source.git.keepgitdir source.git.fullurl source.http " +
  "source.http.checksum source.http.perm soruce.http.uidgid source.buildop.llbfilename " +
  "exec.meta.base exec.meta.proxyenv exec.mount.bind exec.mount.cache exec.mount.cache.sharing " +
  "exec.mount.selector exec.mount.tmpfs exec.mount.secret constraints platform meta.ignorecache " +
  "meta.description meta.exportcache";

/** A set of abilities. */
export class Capabilities {
  readonly #byId: ReadonlyMap<string, APICap>;

  /** @ignore */
  constructor(list: readonly APICap[]) {
    this.#byId = new Map(list.map((cap) => [cap.id, cap]));
  }

  /** Whether the builder can do it. */
  has(id: string): boolean {
    return this.#byId.get(id)?.enabled === true;
  }

  /**
   * Asks for the capability `id`.
   *
   * @throws {UnsupportedError} if the builder can't do it
   */
  require(id: string): void {
    if (this.has(id)) return;
    const { disabledReasonMsg = "", disabledAlternative = "" } = this.#byId.get(id) ?? {};
    const reason = disabledReasonMsg === "" ? "" : `: ${disabledReasonMsg}`;
    const advice = disabledAlternative === ""
      ? "a newer BuildKit may have it"
      : `use ${disabledAlternative} instead`;
    throw new UnsupportedError(id, `The builder does not support ${id}${reason}; ${advice}`);
  }

  /** The names of all that it can do. */
  ids(): string[] {
    return [...this.#byId.keys()].filter((id) => this.has(id));
  }
}

/** What the gateway itself can do; without a list it is what it always could. */
export function gatewayCapabilities(list: readonly APICap[]): Capabilities {
  return new Capabilities(list.length > 0 ? list : frozen(OLDEST_GATEWAY));
}

/** What a definition may ask for. */
export function llbCapabilities(list: readonly APICap[]): Capabilities {
  return new Capabilities(list.length > 0 ? list : frozen(OLDEST_LLB));
}

function frozen(ids: string): APICap[] {
  const rest = {
    enabled: true,
    deprecated: false,
    disabledReason: "",
    disabledReasonMsg: "",
    disabledAlternative: "",
  };
  return ids.split(" ").map((id) => ({ id, ...rest }));
}
