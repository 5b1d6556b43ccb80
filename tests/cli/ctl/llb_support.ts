/** LLB definitions, encoded. */
import { createHash } from "node:crypto";
import { Op } from "../../../src/gen/llb.ts";
import { Definition, type OpMetadata } from "../../../src/gen/ops.ts";

type Part<T> = T extends Uint8Array | Map<unknown, unknown> | bigint | string | number | boolean ? T
  : T extends Array<infer Item> ? Part<Item>[]
  : { [Name in keyof T]?: Part<T[Name]> };

/** One operation: what it does, and where its inputs stand in the list of all. */
export interface LlbStep {
  readonly op: Part<Omit<Op, "inputs">>;
  readonly inputs?: ReadonlyArray<readonly [step: number, index?: bigint]>;
  readonly metadata?: Partial<OpMetadata>;
}

/** The definition whose result is the last step's. */
export function encodeLlb(steps: readonly LlbStep[]): Uint8Array {
  const def: Uint8Array[] = [];
  const metadata = new Map<string, OpMetadata>();
  for (const { op, inputs = [], metadata: own } of [...steps, terminal(steps.length - 1)]) {
    const encoded = Op.encode({
      ...op as Op,
      inputs: inputs.map(([step, index = 0n]) => ({ digest: digestOf(def[step]!), index })),
    });
    if (own !== undefined) metadata.set(digestOf(encoded), own as OpMetadata);
    def.push(encoded);
  }
  return Definition.encode({ def, metadata });
}

function terminal(last: number): LlbStep {
  return { op: {}, inputs: [[last]] };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
