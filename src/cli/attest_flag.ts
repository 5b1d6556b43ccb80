/** `--attest`, `--provenance` and `--sbom`, in buildx's grammar and with its default. */
import type { BuildOptions } from "../types.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

/** What the three flags say. */
export interface AttestFlags {
  readonly attest: readonly string[];
  readonly provenance: string | undefined;
  readonly sbom: string | undefined;
}

/** Turns off what is attested without being asked for. */
const NO_DEFAULT = "BUILDX_NO_DEFAULT_ATTESTATIONS";

type Attestations = NonNullable<BuildOptions["attestations"]>;

/**
 * The attestations that are asked for; and provenance of the least kind where nothing is said of it, from builders that can
 * make it. Later flags replace earlier ones of their type. Throws a `UsageError`.
 */
export function parseAttestations(
  { attest, provenance, sbom }: AttestFlags,
  env: (name: string) => string | undefined,
): Pick<BuildOptions, "attestations" | "provenance"> {
  const types = new Map<string, Attestations[string] | undefined>();
  for (const text of attest) set(types, "--attest", text, text);
  if (provenance) set(types, "--provenance", provenance, shorthand("provenance", provenance));
  if (sbom) set(types, "--sbom", sbom, shorthand("sbom", sbom));
  const wanted = [...types].filter(([, attrs]) => attrs !== undefined);
  return {
    ...(wanted.length > 0 && { attestations: Object.fromEntries(wanted) as Attestations }),
    ...(!types.has("provenance") && !hasNoDefault(env) && {
      provenance: { mode: "min", inlineOnly: true, optional: true },
    }),
  };
}

function shorthand(type: string, text: string): string {
  const on = parseBool(text);
  return on === undefined ? `type=${type},${text}` : `type=${type},disabled=${!on}`;
}

/** Takes one flag in; an attestation that is turned off is kept as undefined. */
function set(
  types: Map<string, Attestations[string] | undefined>,
  flag: string,
  text: string,
  long: string,
): void {
  let type = "";
  let disabled: boolean | undefined = false;
  const attrs: Record<string, string> = {};
  for (const field of csvFields(flag, long)) {
    const { key, value } = cutPair(field);
    if (value === undefined) {
      throw new UsageError(`${flag} "${text}": "${field}" is not KEY=VALUE`);
    }
    const name = key.trim().toLowerCase();
    if (name === "type") type = value;
    else if (name === "disabled") disabled = parseBool(value);
    else attrs[key] = value;
  }
  if (disabled === undefined) {
    throw new UsageError(`${flag} "${text}": disabled is true or false`);
  }
  if (type === "") {
    throw new UsageError(
      `${flag} "${text}" has no type`,
      "Write --attest type=provenance,mode=max",
    );
  }
  types.set(type, disabled ? undefined : attrs);
}

function hasNoDefault(env: (name: string) => string | undefined): boolean {
  const value = env(NO_DEFAULT);
  if (value === undefined) return false;
  const on = parseBool(value);
  if (on === undefined) throw new UsageError(`${NO_DEFAULT} is true or false, not "${value}"`);
  return on;
}
