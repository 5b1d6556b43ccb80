/** The logins of one build, behind its gate. */
import { type BuildFacts, NO_FACTS } from "../diagnosis/failure.ts";
import { type LoginRecord, recordLogins } from "../diagnosis/login_record.ts";
import { readEnvironment } from "../environment.ts";
import type { SolveRequest } from "../gen/control.ts";
import { AccessLog } from "../session/access_log.ts";
import { gateLogins } from "../session/login_gate.ts";
import type { Prepared } from "./prepared.ts";

/** Registries, separated by commas, whose logins builds may have although they don't name them: a builder's mirrors. */
const ALLOWED = "MOAT_ALLOW_LOGINS";

/** What of `run`'s logins the builder may have, and what it was given. */
export function buildLogins(
  run: Prepared,
  request: Partial<SolveRequest>,
  facts: Pick<BuildFacts, "trees" | "filename">,
  access: AccessLog,
): LoginRecord {
  let named: Promise<(host: string) => boolean> | undefined;
  const isNamed = async (host: string) => {
    if (isAllowedHost(host)) return true;
    return (await (named ??= hostsOf(run, request, facts)))(host);
  };
  return recordLogins(gateLogins(run.logins, { access, isNamed }));
}

/** `run` with logins that each are told of when they leave: of what asks for none that the build does not name itself. */
export function tellingLogins(run: Prepared): Prepared {
  const access = new AccessLog(run.options.logger, run.onAccess);
  return { ...run, logins: recordLogins(gateLogins(run.logins, { access, isNamed: () => true })) };
}

/** Whether whoever runs the program allows it, whatever the build names. */
export function isAllowedHost(host: string): boolean {
  return readEnvironment(ALLOWED)?.split(",").includes(host) ?? false;
}

async function hostsOf(
  { options, gateway, part }: Prepared,
  request: Partial<SolveRequest>,
  facts: Pick<BuildFacts, "trees" | "filename">,
): Promise<(host: string) => boolean> {
  const { sourcePolicy, output } = options;
  // What functions will choose, and what other builds consist of, is not known.
  const unknown = gateway !== undefined || part.prepare !== undefined ||
    typeof sourcePolicy === "function" || typeof output === "function";
  if (unknown) return () => true;
  const { namedHosts } = await import("../session/named_hosts.ts");
  const { readDockerfile } = await import("../diagnosis/stages.ts");
  return namedHosts({
    dockerfile: readDockerfile({ ...NO_FACTS, ...facts }),
    others: [...textsOf(request), JSON.stringify(sourcePolicy ?? "")],
  });
}

/** The texts of a request that can name registries. */
export function textsOf({ frontendAttrs, exporters = [], cache }: Partial<SolveRequest>): string[] {
  const attrs = [
    frontendAttrs ?? new Map<string, string>(),
    ...exporters.map((exporter) => exporter.attrs),
    ...[...cache?.imports ?? [], ...cache?.exports ?? []].map((entry) => entry.attrs),
  ];
  return attrs.flatMap((map) => Array.from(map, ([name, value]) => `${name}=${value}`));
}
