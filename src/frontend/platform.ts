/** Platform names, normalised as containerd does (platforms/database.go). */
import { OptionError } from "../errors.ts";
import type { Platform } from "../gen/ops.ts";

/** Other names of architectures, some of which say the variant as well. */
const ALIASES: Readonly<Record<string, readonly [arch: string, variant?: string]>> = {
  i386: ["386", ""],
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};

/** Other names of variants by architecture; empty is the usual one, which is not written. */
const VARIANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  amd64: { v1: "" },
  arm64: { "8": "", v8: "", "v8.0": "", "9": "v9", "9.0": "v9", "v9.0": "v9" },
  arm: { "": "v7", "5": "v5", "6": "v6", "7": "v7", "8": "v8" },
};

/** Architectures that may stand alone. */
const KNOWN = new Set(
  ("386 amd64 arm arm64 armbe arm64be loong64 mips mipsle mips64 mips64le ppc ppc64 ppc64le riscv " +
    "riscv64 s390 s390x sparc sparc64 wasm").split(" "),
);

const OS_REGEXP = /^[a-z0-9_-]+(?:\([a-z0-9_.-]*(?:\+[a-z0-9_.-]+)*\))?$/;
const PART_REGEXP = /^[a-z0-9_.-]+$/;
const EXAMPLE = "linux/amd64 or linux/arm64";

/**
 * Normalises `os/arch[/variant]`, or an architecture alone, which is then Linux's.
 *
 * @throws {OptionError} if it is not a platform
 */
export function normalizePlatform(text: string, option: string): string {
  const parts = text.trim().toLowerCase().split("/");
  const [os, ...rest] = parts.length === 1 ? ["linux", ...parts] : parts;
  const valid = rest.length <= 2 && OS_REGEXP.test(os!) &&
    rest.every((part) => PART_REGEXP.test(part));
  if (!valid) throw new OptionError(option, `"${text}" is not a platform`, EXAMPLE);
  const [named, given = ""] = rest as [string, string?];
  const [arch, implied = given] = ALIASES[named] ?? [named];
  if (parts.length === 1 && !KNOWN.has(arch)) {
    throw new OptionError(option, `"${text}" is not an architecture`, EXAMPLE);
  }
  const variant = VARIANTS[arch]?.[implied] ?? implied;
  const system = os!.replace(/\(\)$/, "");
  return [system === "macos" ? "darwin" : system, arch, variant].filter((part) => part !== "")
    .join("/");
}

/** A platform of the wire as text. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== "").join("/");
}

/** A normalised platform as the wire has it (platforms.go: an OS's version and features stand behind its name). */
export function parsePlatform(text: string): Platform {
  const [named = "", architecture = "", variant = ""] = text.split("/");
  const [, os = named, options = ""] = /^([^(]*)\((.*)\)$/.exec(named) ?? [];
  const [osVersion = "", ...osFeatures] = options.split("+");
  return { os, architecture, variant, osVersion, osFeatures };
}
