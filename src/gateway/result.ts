/** What a solve gives and a build function returns (solver/result, frontend/gateway/pb/gateway.proto). */
import type { Attestation, InTotoSubject, Ref, Result, SolveResponse } from "../gen/gateway.ts";
import { OptionError } from "../errors.ts";
import type { Bridge } from "./bridge.ts";
import type { Reference } from "./reference.ts";

/** What was made. All of it must be passed on for an image to be what its frontend meant. */
export interface GatewayResult {
  /** The filesystem; undefined if it is empty (`FROM scratch` alone), or if there are `refs`. */
  ref?: Reference | undefined;
  /** One filesystem for each platform, where there may be several. */
  refs?: Map<string, Reference | undefined> | undefined;
  /** Image configs, platforms and more, by the names that exporters know. */
  metadata: Map<string, Uint8Array>;
  /** By platform. */
  attestations?: Map<string, GatewayAttestation[]> | undefined;
}

/** A statement about a result. */
export interface GatewayAttestation extends Omit<Attestation, "ref" | "inTotoSubjects"> {
  /** The filesystem that holds it. */
  ref: Reference | undefined;
  /** What the statement is about. */
  inTotoSubjects: InTotoSubject[];
}

/** All filesystems of a result, those of its attestations left out. */
export function referencesOf({ ref, refs }: GatewayResult): Reference[] {
  return [...refs?.values() ?? [], ref].filter((item) => item !== undefined);
}

/** A result as the daemon sends it. `open` makes references. */
export function readResult(
  { ref: id, result }: SolveResponse,
  open: (ref: Ref) => Reference,
): GatewayResult {
  // A reference without an id is an empty filesystem.
  const found = (ref: Ref | undefined) =>
    ref === undefined || ref.id === "" ? undefined : open(ref);
  if (result === undefined) return { ref: found({ id }), metadata: new Map() };
  const { metadata, attestations, refs, refsDeprecated } = result;
  const common = {
    metadata,
    ...(attestations.size > 0 && { attestations: readAttestations(attestations, found) }),
  };
  if (refs !== undefined) return { refs: mapValues(refs.refs, found), ...common };
  if (refsDeprecated !== undefined) {
    return { refs: mapValues(refsDeprecated.refs, (id) => found({ id })), ...common };
  }
  return { ref: found(result.ref ?? { id: result.refDeprecated }), ...common };
}

function readAttestations(
  attestations: Result["attestations"],
  found: (ref: Ref | undefined) => Reference | undefined,
): Map<string, GatewayAttestation[]> {
  return mapValues(
    attestations,
    ({ attestation }) => attestation.map((item) => ({ ...item, ref: found(item.ref) })),
  );
}

/**
 * A result as the daemon takes it back: it knows the definitions.
 *
 * @throws {OptionError} if a reference is of another build than `bridge`'s
 */
export function writeResult(result: GatewayResult, bridge: Bridge): Result {
  const { ref, refs, metadata, attestations } = result;
  const idOf = (item: Reference | undefined) => {
    if (item === undefined || item.isOf(bridge)) return { id: item?.id ?? "" };
    throw new OptionError("result", "it has a reference of another build, which ended with that");
  };
  return {
    refDeprecated: "",
    ...(refs === undefined ? { ref: idOf(ref) } : { refs: { refs: mapValues(refs, idOf) } }),
    metadata,
    attestations: mapValues(attestations ?? new Map<string, GatewayAttestation[]>(), (list) => ({
      attestation: list.map((item) => ({ ...item, ref: idOf(item.ref) })),
    })),
  };
}

function mapValues<T, U>(map: ReadonlyMap<string, T>, change: (value: T) => U): Map<string, U> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}
