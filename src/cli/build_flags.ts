/** The flags of `build`, as those of `docker buildx build`. */
import { CONNECTION_FLAGS } from "./connection_flags.ts";
import { HELP_FLAG } from "./flags.ts";

/** What to build. */
export const SOURCE_FLAGS = {
  file: { short: "f", value: "FILE", help: "Dockerfile, or - for stdin (PATH/Dockerfile)" },
  "build-context": {
    value: "NAME=VALUE",
    many: true,
    help: "Folder, URL or image called NAME",
  },
  target: { value: "STAGE", help: "Stage to build (the last one)" },
  platform: { value: "OS/ARCH", many: true, help: "Platforms to build for (the builder's)" },
  "build-arg": { value: "KEY[=VALUE]", many: true, help: "Value of an ARG ($KEY)" },
  label: { value: "KEY=VALUE", many: true, help: "Label of the image" },
  secret: { value: "id=ID,src=FILE", many: true, help: "Secret; or id=ID,env=VARIABLE" },
  "show-secrets": { help: "Don't mask secrets in what steps print" },
  ssh: { value: "ID[=PATH]", many: true, help: "SSH agent (default), or keys" },
  opt: { value: "KEY=VALUE", many: true, help: "Raw frontend attribute" },
} as const;

/** How to run the steps. */
export const RUN_FLAGS = {
  "no-cache": { help: "Run every step again" },
  "no-cache-filter": { value: "STAGE", many: true, help: "Run the steps of these stages again" },
  pull: { help: "Look for newer base images" },
  "cache-from": { value: "CACHE", many: true, help: "IMAGE or type=TYPE,... to start from" },
  "cache-to": { value: "CACHE", many: true, help: "IMAGE or type=TYPE,... to write" },
  "add-host": { value: "HOST=IP", many: true, help: "Line for /etc/hosts; or host-gateway" },
  network: { value: "MODE", help: "default, host or none" },
  "shm-size": { value: "SIZE", help: "Size of /dev/shm, for example 128m" },
  ulimit: { value: "NAME=LIMIT", many: true, help: "Limit, for example nofile=1024:2048" },
  "cgroup-parent": { value: "CGROUP", help: "Parent cgroup" },
  resource: { value: "NAME=LIMIT", many: true, help: "Limit of memory or CPU: memory=512m" },
  allow: { value: "WHAT", many: true, help: "network.host or security.insecure" },
  "source-policy-file": { value: "FILE", help: "Rules for what sources may be used" },
  "proxy-network": { help: "Record in the provenance what steps load" },
  "build-timeout": { value: "SECONDS", help: "How long the build may take (no limit)" },
  "stall-timeout": { value: "SECONDS", help: "How long the builder may say nothing (60)" },
} as const;

/** What to do with the result. */
export const RESULT_FLAGS = {
  check: { help: "Run the Dockerfile's checks instead of building" },
  call: { value: "METHOD", help: "Ask check, outline or targets instead of building" },
  tag: { short: "t", value: "NAME", many: true, help: "Name of the image" },
  output: {
    short: "o",
    value: "OUTPUT",
    many: true,
    help: "FOLDER, - or type=TYPE,dest=FILE,...",
  },
  annotation: { value: "KEY=VALUE", many: true, help: "Annotation, or LEVEL:KEY=VALUE" },
  attest: { value: "type=TYPE,...", many: true, help: "Attestation: sbom or provenance" },
  provenance: { value: "VALUE", help: "Same as --attest type=provenance,... (min)" },
  sbom: { value: "VALUE", help: "Same as --attest type=sbom,..." },
  "registry-auth-tlscontext": {
    value: "TLS",
    many: true,
    help: "host=REGISTRY,ca=FILE,...",
  },
  push: { help: "Push the image to the registries in its names" },
  load: { help: "Load the image into the Docker engine" },
  iidfile: { value: "FILE", help: "Write the image id to FILE" },
  "metadata-file": { value: "FILE", help: "Write the builder's metadata to FILE" },
  report: { value: "FILE", help: "Write an HTML page about the build to FILE" },
  progress: { value: "MODE", help: "auto, plain, tty, json, rawjson, quiet, none" },
  quiet: { short: "q", help: "Print the image id and nothing else" },
} as const;

/** All of them. */
export const BUILD_FLAGS = {
  ...SOURCE_FLAGS,
  ...RUN_FLAGS,
  ...RESULT_FLAGS,
  ...CONNECTION_FLAGS,
  ...HELP_FLAG,
} as const;

const OLD = "belongs to Docker's classic builder and has no meaning here";

/** Flags of `docker buildx build` that are refused, with what is said of each. */
export const REFUSED_FLAGS: Readonly<Record<string, string>> = {
  policy: "is not supported yet",
  ...Object.fromEntries(
    [
      "compress",
      "force-rm",
      "isolation",
      "rm",
      "security-opt",
      "squash",
    ].map((name) => [name, OLD]),
  ),
  ...Object.fromEntries(
    [
      ...["cpu-period", "cpu-quota", "cpu-shares", "cpuset-cpus", "cpuset-mems"],
      ...["memory", "memory-swap"],
    ].map((name) => [name, `is given as --resource ${name}=VALUE`]),
  ),
  builder: "is not supported: name the builder with --addr or BUILDKIT_HOST",
};
