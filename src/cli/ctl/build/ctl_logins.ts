/** The logins of one `ctl build`, behind the gate that all builds have. */
import { NO_FACTS } from "../../../diagnosis/failure.ts";
import { type LoginRecord, recordLogins } from "../../../diagnosis/login_record.ts";
import { readDockerfile } from "../../../diagnosis/stages.ts";
import type { SolveRequest } from "../../../gen/control.ts";
import { createCredentialStore } from "../../../registry/credentials.ts";
import { isAllowedHost, textsOf } from "../../../run/build_logins.ts";
import type { AccessLog } from "../../../session/access_log.ts";
import { gateLogins } from "../../../session/login_gate.ts";
import { namedHosts } from "../../../session/named_hosts.ts";
import type { CtlBuild } from "./solve_build.ts";

const DOCKERFILE_REGEXP = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

/** What Docker has stored for registries that the build names, also in its LLB, or that the caller allows. */
export function ctlLogins(
  build: CtlBuild,
  request: Partial<SolveRequest>,
  access: AccessLog,
): LoginRecord {
  let named: ((host: string) => boolean) | undefined;
  const isNamed = (host: string) =>
    isAllowedHost(host) || (named ??= hostsOf(build, request))(host);
  return recordLogins(gateLogins(createCredentialStore({}), { access, isNamed }));
}

function hostsOf(
  { frontend, attrs, definition, trees }: CtlBuild,
  request: Partial<SolveRequest>,
): (host: string) => boolean {
  const others = textsOf(request);
  if (definition !== undefined) {
    const latin1 = new TextDecoder("latin1");
    return namedHosts({
      dockerfile: "",
      others: [...others, ...definition.def.map((op) => latin1.decode(op))],
    });
  }
  // Of what other frontends read nothing is known.
  const other = frontend === "gateway.v0" && !DOCKERFILE_REGEXP.test(attrs.get("source") ?? "");
  const filename = attrs.get("filename") ?? "Dockerfile";
  const dockerfile = other ? undefined : readDockerfile({ ...NO_FACTS, trees, filename });
  return namedHosts({ dockerfile, others });
}
