/** `ctl build`: buildctl's `build`. */
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { openDirectory } from "../../../files/directory.ts";
import type { StatusResponse } from "../../../gen/control.ts";
import type { Definition } from "../../../gen/ops.ts";
import { safeLine } from "../../../progress/safe_text.ts";
import { toRawJson } from "../../../progress/rawjson.ts";
import { randomId } from "../../../session/id.ts";
import type { Io } from "../../io.ts";
import { cliLogger } from "../../logger.ts";
import { UsageError } from "../../usage_error.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { ctlDisplay } from "../ctl_progress.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import { readDefinition as decodeDefinition, readLlb, withoutCache } from "../llb.ts";
import { readStdinBytes } from "../stdin.ts";
import { parseCtlAllow } from "./allow_flag.ts";
import { CTL_BUILD_FLAGS, type CtlBuildFlags } from "./build_flags.ts";
import { CacheMetrics } from "./cache_metrics.ts";
import { parseOpts, parsePairs } from "./opt_flag.ts";
import { parseCtlOutputs } from "./output_flag.ts";
import { openCtlParts } from "./parts.ts";
import { writeCtlMetadata, writeRef } from "./result_files.ts";
import { type CtlBuild, type CtlBuilt, solveBuild } from "./solve_build.ts";
import { printAnswer } from "./subrequest.ts";

/** What a command line asks for, as far as it needs no builder. */
type Asked = Omit<CtlBuild, "part" | "onStatus" | "signal">;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...CTL_BUILD_FLAGS }, argv);
  const asked = await ask(flags, io);
  const refFile = flags["ref-file"];
  try {
    const { response, answer } = await run(flags, asked, io);
    const metadataFile = flags["metadata-file"];
    if (metadataFile && response.size > 0) await writeCtlMetadata(metadataFile, response);
    if (answer !== undefined) printAnswer(answer, io.stdout);
  } finally {
    if (refFile) await writeRef(refFile, asked.ref);
  }
}

/** Reads everything before anything is sent. */
async function ask(flags: CtlBuildFlags, io: Io): Promise<Asked> {
  const { frontend = "" } = flags;
  const attrs = parseOpts(flags.opt, io.env);
  const tlsContexts = flags["registry-auth-tlscontext"];
  const asked = {
    ref: randomId(),
    frontend,
    entitlements: parseCtlAllow(flags.allow),
    outputs: parseCtlOutputs(flags.output, io.stdout),
    trees: new Map(
      [...parsePairs("local", flags.local)].map(([name, path]) => [name, openDirectory(path)]),
    ),
    tls: tlsContexts.length === 0 ? undefined : await registryTls(tlsContexts),
    logger: cliLogger(io, flags.debug),
  };
  if (frontend === "") return { ...asked, attrs, definition: await readDefinition(flags, io) };
  const all = flags["no-cache"] ? new Map([...attrs, ["no-cache", ""]]) : attrs;
  return { ...asked, attrs: all, definition: undefined };
}

async function registryTls(items: readonly string[]): Promise<Asked["tls"]> {
  const { parseRegistryTls } = await import("../../registry_tls_flag.ts");
  const { loadRegistryTls } = await import("../../../parts/registry_tls.ts");
  return loadRegistryTls(parseRegistryTls(items));
}

async function readDefinition(flags: CtlBuildFlags, io: Io): Promise<Definition> {
  if (io.stdinIsTerminal) {
    throw new UsageError("please specify --frontend or pipe LLB definition to stdin");
  }
  const bytes = await readStdinBytes(io);
  if (readLlb(bytes).length === 0) {
    throw new UsageError("empty definition sent to build. Specify --frontend instead?");
  }
  return flags["no-cache"] ? withoutCache(bytes) : decodeDefinition(bytes);
}

async function run(flags: CtlBuildFlags, asked: Asked, io: Io): Promise<CtlBuilt> {
  const display = ctlDisplay(flags.progress, io, io.stderr);
  const metricsFile = flags["debug-json-cache-metrics"];
  const metrics = metricsFile ? new CacheMetrics() : undefined;
  const { trace } = flags;
  if (trace) appendTrace(trace, "");
  const onStatus = (status: StatusResponse): undefined => {
    display.update(status);
    metrics?.note(status);
    if (trace) appendTrace(trace, `${toRawJson(status)}\n`);
  };
  try {
    return await withClient(flags, io, async (client, signal) => {
      const part = await openCtlParts(flags, { env: io.env, logger: asked.logger, signal });
      return await solveBuild(client, { ...asked, part, onStatus, signal });
    });
  } finally {
    display.end();
    if (metrics !== undefined) await writeMetrics(metricsFile!, metrics.report(), io);
  }
}

/** At once, so that no message is lost or out of order, however the build ends. */
function appendTrace(file: string, text: string): void {
  appendFileSync(file, text, { mode: 0o600 });
}

async function writeMetrics(file: string, text: string, io: Io): Promise<void> {
  const safe = text.split("\n").map((line) => safeLine(line, false)).join("\n");
  if (file === "stdout") return io.stdout.write(safe);
  if (file === "stderr") return io.stderr.write(safe);
  await writeFile(file, safe, { mode: 0o600 });
}

/** The command. */
export const command: CtlLoaded = { action, flags: CTL_BUILD_FLAGS };
