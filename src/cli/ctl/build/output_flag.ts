/** `--output`, in buildctl's grammar (cmd/buildctl/build/output.go). */
import { statSync } from "node:fs";
import type { PlannedOutput } from "../../../outputs.ts";
import type { Output } from "../../../types.ts";
import type { StdoutTarget } from "../../output_flag.ts";
import { outputSwitch } from "../../output_fields.ts";
import { parseBool } from "../../parse_bool.ts";
import { UsageError } from "../../usage_error.ts";
import { parseTypedAttrs, type TypedAttrs } from "./attrs_flag.ts";

/** The exporters that are asked for, and where their results go here. Throws a `UsageError`. */
export function parseCtlOutputs(items: readonly string[], stdout: StdoutTarget): PlannedOutput[] {
  return items.map((item) => {
    const { type, attrs } = parseTypedAttrs("--output", item);
    const wrong = attrs.get("output");
    if (wrong !== undefined) {
      throw new UsageError(
        `output=${wrong} not supported for --output, you meant dest=${wrong}?`,
      );
    }
    const output = target({ type, attrs }, stdout);
    // The daemon has no business with this machine's paths.
    if ("dest" in output) attrs.delete("dest");
    if (output.type === "local") attrs.delete("privileged");
    return { option: "--output", output, exporter: { type, attrs } };
  });
}

function target({ type, attrs }: TypedAttrs, stdout: StdoutTarget): Output {
  const dest = attrs.get("dest") ?? "";
  if (type === "local") {
    return { type, dest: folder(type, dest), ...modeOf(attrs), ...privilegedOf(attrs) };
  }
  if (type === "oci" || type === "docker") {
    return parseBool(attrs.get("tar") ?? "") === false
      ? { type, tar: false, dest: folder(type, dest) }
      : { type, dest: file(type, dest, stdout) };
  }
  if (type === "tar") return { type, dest: file(type, dest, stdout) };
  if (dest !== "") {
    throw new UsageError(
      `invalid output option: output: output ${dest} is not supported by ${type} exporter`,
    );
  }
  // Nothing of it ends up here, whatever it is.
  return { type: "image" };
}

/** The one attribute that is for this side as well. */
function modeOf(attrs: ReadonlyMap<string, string>): { attrs?: Record<string, string> } {
  const mode = attrs.get("mode");
  return mode === undefined ? {} : { attrs: { mode } };
}

/** Ours alone: buildctl keeps bits and devices always. */
function privilegedOf(attrs: ReadonlyMap<string, string>): { privileged?: boolean } {
  const text = attrs.get("privileged");
  if (text === undefined) return {};
  return { privileged: outputSwitch("--output", "privileged", text) };
}

function folder(type: string, dest: string): string {
  if (dest !== "") return dest;
  throw new UsageError(
    `invalid output option: output: output directory is required for ${type} exporter`,
  );
}

function file(
  type: string,
  dest: string,
  stdout: StdoutTarget,
): string | WritableStream<Uint8Array> {
  if (dest !== "" && dest !== "-") {
    if (!statSync(dest, { throwIfNoEntry: false })?.isDirectory()) return dest;
    throw new UsageError("invalid output option: output: destination file is a directory");
  }
  if (!stdout.isTerminal) return stdout.open();
  throw new UsageError(
    `invalid output option: output: output file is required for ${type} exporter. ` +
      "refusing to write to console",
  );
}
