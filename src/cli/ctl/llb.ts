/** LLB definitions: their operations, as JSON and as a graph. */
import { createHash } from "node:crypto";
import { type FileAction, Op } from "../../gen/llb.ts";
import { Definition, OpMetadata } from "../../gen/ops.ts";
import { goQuote } from "../../diagnosis/go_quote.ts";
import { type Json, messageJson, type Shapes } from "./go_json.ts";

/** One operation of a definition. */
export interface LlbOp {
  readonly digest: string;
  readonly op: Op;
  readonly metadata: OpMetadata | undefined;
}

/** The operations of an encoded definition. Throws a `ProtocolError` if it is none. */
export function readLlb(bytes: Uint8Array): LlbOp[] {
  const { def, metadata } = Definition.decode(bytes);
  return def.map((encoded) => {
    const digest = `sha256:${createHash("sha256").update(encoded).digest("hex")}`;
    return { digest, op: Op.decode(encoded), metadata: metadata.get(digest) };
  });
}

/** An encoded definition. Throws a `ProtocolError` if it is none. */
export function readDefinition(bytes: Uint8Array): Definition {
  return Definition.decode(bytes);
}

/** An encoded definition in which every operation ignores the cache. */
export function withoutCache(bytes: Uint8Array): Definition {
  const definition = Definition.decode(bytes);
  for (const { digest, metadata } of readLlb(bytes)) {
    const own = metadata ?? OpMetadata.decode(new Uint8Array(0));
    definition.metadata.set(digest, { ...own, ignoreCache: true });
  }
  return definition;
}

/** Members of a oneof stand in an object of their own; its number 0 is written there, too. */
const SHAPES: Shapes = {
  "pb.Op": (_op, { inputs, platform, constraints, ...op }) => ({
    inputs,
    Op: op,
    platform,
    constraints,
  }),
  "pb.FileAction": (action, { input: _i, secondaryInput: _s, output: _o, ...rest }) => ({
    input: action.input,
    secondaryInput: action.secondaryInput,
    output: action.output,
    Action: rest,
  }),
  "pb.UserOpt": (_user, { byName, byID }) => ({ User: { byName, byId: byID } }),
};

/** An operation as `dump-llb` prints it. */
export function llbJson({ digest, op, metadata }: LlbOp): Json {
  return {
    Op: messageJson(Op, op, SHAPES),
    Digest: digest,
    OpMetadata: metadata === undefined ? {} : messageJson(OpMetadata, metadata),
  };
}

/** Operations as a graph in Graphviz's language. */
export function llbDot(ops: readonly LlbOp[]): string {
  const nodes = ops.map((item) => {
    const [label, shape] = appearance(item);
    return `  ${goQuote(item.digest)} [label=${goQuote(label)} shape=${goQuote(shape)}];`;
  });
  const edges = ops.flatMap(({ digest, op }) =>
    op.inputs.map((input, i) => {
      const mount = op.exec?.mounts.findLast(({ input, dest }) =>
        input === BigInt(i) && dest !== "/"
      );
      const label = goQuote(mount?.dest ?? "");
      return `  ${goQuote(input.digest)} -> ${goQuote(digest)} [label=${label}];`;
    })
  );
  return ["digraph {", ...nodes, ...edges, "}", ""].join("\n");
}

function appearance({ op, digest }: LlbOp): [label: string, shape: string] {
  if (op.source !== undefined) return [op.source.identifier, "ellipse"];
  if (op.exec !== undefined) return [op.exec.meta?.args.join(" ") ?? "", "box"];
  if (op.build !== undefined) return ["build", "box3d"];
  if (op.merge !== undefined) return ["merge", "invtriangle"];
  if (op.diff !== undefined) return ["diff", "doublecircle"];
  if (op.file !== undefined) return [op.file.actions.map(actionLabel).join(","), "note"];
  return [digest, "plaintext"];
}

function actionLabel({ copy, mkfile, mkdir, rm, symlink }: FileAction): string {
  if (copy !== undefined) return `copy{src=${copy.src}, dest=${copy.dest}}`;
  if (mkfile !== undefined) return `mkfile{path=${mkfile.path}}`;
  if (mkdir !== undefined) return `mkdir{path=${mkdir.path}}`;
  if (rm !== undefined) return `rm{path=${rm.path}}`;
  return symlink === undefined
    ? ""
    : `symlink{oldpath=${symlink.oldpath}, newpath=${symlink.newpath}}`;
}
