/** The session's Exporter service: the daemon asks for outputs when the result is there (session/exporter, solver/llbsolver/export.go). */
import { OutputError } from "../errors.ts";
import { Exporter, type ExporterRequest } from "../gen/exporter.ts";
import type { Handlers } from "../rpc/call.ts";
import { unary } from "../rpc/unary.ts";
import type { BuiltResult } from "../types.ts";
import { unlessAborted } from "../unless_aborted.ts";

/**
 * Serves the exporters that a function chooses.
 *
 * @param choose Its errors fail the build, as an `OutputError`.
 */
export function exporterHandlers(
  choose: (result: BuiltResult) => Promise<ExporterRequest[]>,
): Handlers {
  return {
    [Exporter.findExporters.path]: unary(Exporter.findExporters, async (request, call) => {
      const metadata = Object.fromEntries(
        [...request.metadata].map(([key, bytes]) => [key, decode(bytes)]),
      );
      const chosen = ask(choose, { metadata, refs: request.refs });
      return { exporters: await unlessAborted(chosen, call.signal) };
    }),
    // What the exporters made is in the answer to Solve, too.
    [Exporter.finalizeExport.path]: unary(Exporter.finalizeExport, () => ({})),
  };
}

async function ask(
  choose: (result: BuiltResult) => Promise<ExporterRequest[]>,
  result: BuiltResult,
): Promise<ExporterRequest[]> {
  try {
    return await choose(result);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OutputError(`The function in output failed: ${why}`, { cause });
  }
}

/** JSON objects and lists, everything else as text. */
function decode(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // A SyntaxError: text that begins like JSON.
    return text;
  }
}
