/** The logins of one build, behind its gate. */
import { type BuildFacts, NO_FACTS } from "../diagnosis/failure.ts";
import { type LoginRecord, recordLogins } from "../diagnosis/login_record.ts";
import { readEnvironment } from "../environment.ts";
import type { SolveRequest } from "../gen/control.ts";
import type { AccessLog } from "../session/access_log.ts";
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
    if (readEnvironment(ALLOWED)?.split(",").includes(host)) return true;
    return (await (named ??= hostsOf(run, request, facts)))(host);
  };
  return recordLogins(gateLogins(run.logins, { access, isNamed }));
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

function textsOf({ frontendAttrs, exporters = [], cache }: Partial<SolveRequest>): string[] {
  const attrs = [
    frontendAttrs ?? new Map<string, string>(),
    ...exporters.map((exporter) => exporter.attrs),
    ...[...cache?.imports ?? [], ...cache?.exports ?? []].map((entry) => entry.attrs),
  ];
  return attrs.flatMap((map) => Array.from(map, ([name, value]) => `${name}=${value}`));
}
