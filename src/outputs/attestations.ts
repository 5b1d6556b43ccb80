/** Attestations, as attributes of the frontend (frontend/attestations/parse.go, buildx buildflags/attests.go). */
import { OptionError } from "../errors.ts";
import { csvLine } from "../frontend/csv.ts";
import { refuseUnknown, show } from "../options.ts";
import type { BuildOptions, ProvenanceOptions, SbomOptions } from "../types.ts";

type Attrs = Record<string, string>;

/** What a build is to attest. */
export interface Attestations {
  /** Attributes by their names, `attest:TYPE`. */
  readonly attrs: Attrs;
  /** Whether the build goes on without on builders that can't. */
  readonly optional: boolean;
}

/** What the fields of `provenance` may be, and the attributes that they become. */
const PROVENANCE: {
  readonly [Name in keyof Required<ProvenanceOptions>]: {
    attr?: string;
    is: (value: unknown) => boolean;
    kind: string;
  };
} = {
  mode: { attr: "mode", is: (value) => value === "min" || value === "max", kind: "min or max" },
  version: {
    attr: "version",
    is: (value) => value === "v0.2" || value === "v1",
    kind: "v0.2 or v1",
  },
  builderId: {
    attr: "builder-id",
    is: (value) => typeof value === "string" && value !== "",
    kind: "a URI",
  },
  inlineOnly: { attr: "inline-only", is: isBoolean, kind: "true or false" },
  reproducible: { attr: "reproducible", is: isBoolean, kind: "true or false" },
  optional: { is: isBoolean, kind: "true or false" },
};

/**
 * What the options ask to be attested.
 *
 * @throws {OptionError} if they can't be used
 */
export function attestationAttrs(options: BuildOptions): Attestations {
  const { provenance, sbom, attestations = {} } = options;
  const others = Object.entries(attestations).map(([type, attrs]) => other(type, attrs, options));
  const isOptional = typeof provenance === "object" && provenance?.optional === true;
  return {
    attrs: Object.assign(
      {},
      ...others,
      provenance === undefined || provenance === false ? {} : provenanceAttr(provenance),
      sbom === undefined || sbom === false ? {} : sbomAttr(sbom),
    ),
    optional: isOptional && others.length === 0 && (sbom ?? false) === false,
  };
}

function provenanceAttr(asked: NonNullable<BuildOptions["provenance"]>): Attrs {
  const fields = asked === true ? {} : typeof asked === "string" ? { mode: asked } : asked;
  if (typeof fields !== "object" || fields === null) {
    throw new OptionError("provenance", `${show(asked)} is not provenance`, 'true, or "max"');
  }
  refuseUnknown(fields, Object.keys(PROVENANCE), "provenance");
  // Without a mode the builder would tell everything, arguments' values included.
  const all = { ...fields, mode: fields.mode ?? "min" };
  const attrs = Object.entries(all).flatMap(([name, value]) => {
    const { attr, is, kind } = PROVENANCE[name as keyof ProvenanceOptions];
    if (value === undefined) return [];
    if (!is(value)) throw new OptionError(`provenance.${name}`, `${show(value)} is not ${kind}`);
    return attr === undefined ? [] : [[attr, String(value)] as const];
  });
  return attestAttr("provenance", Object.fromEntries(attrs));
}

function sbomAttr(asked: true | SbomOptions): Attrs {
  if (asked === true) return attestAttr("sbom", {});
  if (typeof asked !== "object" || asked === null) {
    throw new OptionError("sbom", `${show(asked)} is neither true nor a scanner`, "true");
  }
  refuseUnknown(asked, ["generator", "params"], "sbom");
  const { generator, params = {} } = asked;
  if (generator !== undefined && (typeof generator !== "string" || generator === "")) {
    throw new OptionError("sbom.generator", `${show(generator)} is not an image`);
  }
  const texts = checkTexts(params, "sbom.params");
  return attestAttr("sbom", { ...texts, ...(generator !== undefined && { generator }) });
}

function other(type: string, attrs: unknown, options: BuildOptions): Attrs {
  const option = `attestations.${type}`;
  if (!/^[a-z][a-z0-9-]*$/.test(type)) {
    throw new OptionError(option, "it is not a type of attestation", "provenance, or sbom");
  }
  const typed = type === "provenance" || type === "sbom" ? options[type] : undefined;
  if (typed !== undefined) {
    throw new OptionError(option, `the option ${type} says it, too; leave one of them out`);
  }
  return attestAttr(type, checkTexts(attrs, option));
}

function checkTexts(attrs: unknown, option: string): Attrs {
  if (typeof attrs !== "object" || attrs === null || Array.isArray(attrs)) {
    throw new OptionError(option, `${show(attrs)} is no list of attributes`, '{ mode: "max" }');
  }
  for (const [name, value] of Object.entries(attrs)) {
    if (name !== "" && !name.includes("=") && name !== "type" && typeof value === "string") {
      continue;
    }
    throw new OptionError(`${option}.${name}`, `${show(value)} is not an attribute's value`);
  }
  return attrs as Attrs;
}

/** The type is part of the value, first, and all others are sorted: equal wishes give equal requests. */
function attestAttr(type: string, attrs: Attrs): Attrs {
  const pairs = Object.keys(attrs).sort().map((name) => `${name}=${attrs[name]}`);
  return { [`attest:${type}`]: csvLine([`type=${type}`, ...pairs]) };
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}
