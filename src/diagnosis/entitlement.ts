/** Rights that a step needs and does not have. */
import type { Diagnosis, Failure } from "./failure.ts";

/** What the entitlements are asked for by. */
const ASKED_BY: Readonly<Record<string, string>> = {
  "network.host": "RUN --network=host",
  "security.insecure": "RUN --security=insecure",
  device: "RUN --device",
};

const CODE = "ENTITLEMENT_REFUSED";

/** Recognises a right that is not granted (util/entitlements, solver/llbsolver/vertex.go). */
export function entitlementRefused({ message }: Failure): Diagnosis | undefined {
  const refused = /granting entitlement (\S+) is not allowed by build daemon/.exec(message)?.[1];
  if (refused !== undefined) return notGranted(refused);
  const device = /devices? (.+?) (?:is|are) requested by the build but not allowed/.exec(message);
  if (device !== null) return notGiven(`the device ${device[1]}`, `device=${device[1]}`);
  const missing = /\b(network\.host|security\.insecure) is not allowed/.exec(message)?.[1];
  return missing === undefined ? undefined : notGiven(missing, missing);
}

function notGranted(name: string): Diagnosis {
  const inDocker = JSON.stringify({
    builder: { entitlements: { [name.replace(".", "-")]: true } },
  });
  return {
    code: CODE,
    summary: `the builder does not grant ${name}`,
    suggestions: [
      `Have it granted: insecure-entitlements = ["${name}"] in buildkitd.toml (a sidecar's config), or buildkitd ` +
      `--allow-insecure-entitlement ${name}; for a Docker engine ${inDocker} in daemon.json.`,
      `Or do without ${ASKED_BY[name] ?? name}.`,
    ],
  };
}

function notGiven(what: string, name: string): Diagnosis {
  return {
    code: CODE,
    summary: `a step needs ${what}, which this build was not given`,
    suggestions: [
      `Allow it with the option allow: ["${name}"] (--allow ${name}); the builder must grant it too.`,
    ],
  };
}
