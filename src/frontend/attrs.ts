/** From build options to the attributes of the Dockerfile frontend (frontend/dockerui/attr.go, buildx build/opt.go). */
import { OptionError } from "../errors.ts";
import type { BuildOptions } from "../types.ts";
import { csvLine } from "./csv.ts";
import { hostAttrs, usesGateway } from "./hosts.ts";
import { normalizePlatform } from "./platform.ts";
import { parseSize } from "./size.ts";

/**
 * The frontend attributes that `options` ask for, all but the Dockerfile's name.
 *
 * @throws {OptionError} if a value can't be used
 */
export function frontendAttrs(options: BuildOptions): Record<string, string> {
  const { target, cgroupParent, shmSize, network } = options;
  return {
    ...(target !== undefined && { target: checkText("target", target) }),
    ...platformAttrs(options.platforms),
    ...prefixed("build-arg:", "buildArgs", options.buildArgs),
    ...prefixed("label:", "labels", options.labels),
    ...cacheAttrs(options),
    ...(options.pull === true && { "image-resolve-mode": "pull" }),
    ...knownHosts(options.addHosts),
    ...(network !== undefined && networkAttrs(network)),
    ...(shmSize !== undefined && { "shm-size": String(parseSize(shmSize, "shmSize")) }),
    ...ulimitAttrs(options.ulimits),
    ...(cgroupParent !== undefined && { "cgroup-parent": checkText("cgroupParent", cgroupParent) }),
    ...prefixed("", "frontendAttrs", options.frontendAttrs),
  };
}

/** The entitlements that these attributes need; the daemon refuses a build whose entitlements it does not allow. */
export function entitlements(attrs: Readonly<Record<string, string>>): string[] {
  return attrs["force-network-mode"] === "host" ? ["network.host"] : [];
}

function checkText(option: string, value: string): string {
  if (value.trim() === "") throw new OptionError(option, "it is empty");
  return value;
}

function platformAttrs(platforms: string[] | undefined): Record<string, string> {
  if (platforms === undefined || platforms.length === 0) return {};
  const names = platforms.map((platform, i) => normalizePlatform(platform, `platforms[${i}]`));
  return { platform: [...new Set(names)].join(",") };
}

function prefixed(
  prefix: string,
  option: string,
  values: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name === "" || /[=\s]/.test(name)) {
        throw new OptionError(
          option,
          `${JSON.stringify(name)} is not a name`,
          '{ VERSION: "1.2" }',
        );
      }
      if (typeof value !== "string") {
        throw new OptionError(
          `${option}.${name}`,
          `${JSON.stringify(value)} is not a string`,
          '"1.2"',
        );
      }
      return [prefix + name, value];
    }),
  );
}

function cacheAttrs({ noCache, noCacheFilter = [] }: BuildOptions): Record<string, string> {
  if (noCache === true && noCacheFilter.length > 0) {
    throw new OptionError(
      "noCacheFilter",
      "it can't be combined with noCache, which already runs every step",
    );
  }
  // An empty value means all stages, so the attribute must be absent where the cache may be used.
  if (noCache === true) return { "no-cache": "" };
  return noCacheFilter.length > 0 ? { "no-cache": csvLine(noCacheFilter) } : {};
}

/** Checks all hosts; where the builder must be asked for an address, they wait for it. */
function knownHosts(hosts: BuildOptions["addHosts"]): Record<string, string> {
  const attrs = hostAttrs(hosts);
  return usesGateway(hosts) ? {} : attrs;
}

function networkAttrs(network: string): Record<string, string> {
  if (network === "default") return {};
  if (network === "host" || network === "none") return { "force-network-mode": network };
  throw new OptionError("network", `"${network}" is not a mode`, '"default", "host" or "none"');
}

function ulimitAttrs(ulimits: BuildOptions["ulimits"] = {}): Record<string, string> {
  const entries = Object.entries(ulimits).map(([name, value]) => {
    const [soft, hard = soft, ...more] = String(value).split(":");
    if (more.length > 0 || ![soft, hard].every((limit) => /^-?\d+$/.test(limit ?? ""))) {
      throw new OptionError(
        `ulimits.${name}`,
        `"${value}" is not soft or soft:hard`,
        '{ nofile: "1024:2048" }',
      );
    }
    return `${name}=${soft}:${hard}`;
  });
  return entries.length === 0 ? {} : { ulimit: csvLine(entries) };
}
