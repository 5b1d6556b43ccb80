/** Platform names, normalised as containerd does (platforms/database.go). */
import { OptionError } from "../errors.ts";
import type { Platform } from "../gen/ops.ts";

const ARCHITECTURES: Readonly<Record<string, { arch: string; variant?: string }>> = {
  x86_64: { arch: "amd64" },
  "x86-64": { arch: "amd64" },
  i386: { arch: "386" },
  i486: { arch: "386" },
  i586: { arch: "386" },
  i686: { arch: "386" },
  aarch64: { arch: "arm64" },
  armhf: { arch: "arm", variant: "v7" },
  armel: { arch: "arm", variant: "v6" },
};

/** Variants that mean the same as none. */
const DEFAULT_VARIANT: Readonly<Record<string, string>> = { arm64: "v8", amd64: "v1" };

const EXAMPLE = "linux/amd64 or linux/arm64";

/**
 * Normalises `os/arch[/variant]`, or an architecture alone, which is then Linux's.
 *
 * @throws {OptionError} if it is not a platform
 */
export function normalizePlatform(text: string, option: string): string {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.()-]+$/.test(part))) {
    throw new OptionError(option, `"${text}" is not a platform`, EXAMPLE);
  }
  const [os, arch, variant] = parts.length === 1
    ? ["linux", parts[0]!]
    : parts as [string, string, string?];
  const known = ARCHITECTURES[arch] ?? { arch };
  const given = variant ?? known.variant;
  const bare = known.arch === "arm" && given === undefined ? "v7" : given;
  const effective = bare === undefined || bare === DEFAULT_VARIANT[known.arch]
    ? undefined
    : normalVariant(bare);
  return [os === "macos" ? "darwin" : os, known.arch, effective].filter((part) =>
    part !== undefined
  ).join("/");
}

function normalVariant(variant: string): string {
  return /^\d/.test(variant) ? `v${variant}` : variant;
}

/** A platform of the wire as text. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== "").join("/");
}
