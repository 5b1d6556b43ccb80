/** `moat-build history attachment`: a manifest, a provenance or an SBOM of a build. */
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { withHistory } from "./verb.ts";

const OWN_FLAGS = {
  type: { value: "TYPE", help: "provenance, sbom, index, manifest or in full" },
  platform: { value: "PLATFORM", help: "For example linux/arm64" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history attachment [flags] [BUILD [DIGEST]]",
  summary: "Print what is kept with a build: the first that fits, or what has the digest.\n" +
    "history inspect lists all.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyAttachment(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const { type, platform } = flags;
  const [ref = "", digest, ...more] = positionals;
  if (more.length > 0) {
    throw new UsageError("history attachment takes one build and one digest at most");
  }
  if (digest !== undefined && (type ?? platform) !== undefined) {
    throw new UsageError("a digest cannot be combined with --type and --platform");
  }
  if (digest !== undefined && !digest.includes(":")) {
    throw new UsageError(`"${digest}" is not a digest`, "Digests begin with sha256:");
  }
  if ((digest ?? type ?? platform) === undefined && !ref.includes(":")) {
    throw new UsageError("history attachment needs --type, --platform or a digest");
  }
  const content = await withHistory(connectionChoice(flags), io, (client, signal) => {
    return client.attachment(digest ?? ref, { type, platform, signal });
  });
  const writer = io.stdout.open().getWriter();
  await writer.write(content);
  await writer.close();
}
