/** Build options by the flag that sets them, so that errors speak the user's language. */
import type { OptionError, UnsupportedError } from "../errors.ts";

const FLAGS: Readonly<Record<string, [flag: string, example?: string]>> = {
  address: ["--addr", "--addr tcp://buildkit:1234"],
  alias: ["--alias"],
  addHosts: ["--add-host", "--add-host db.local=10.0.0.5"],
  allow: ["--allow", "--allow network.host"],
  annotations: ["--annotation", "--annotation index:org.opencontainers.image.title=App"],
  attestations: ["--attest", "--attest type=provenance,mode=max"],
  buildArgs: ["--build-arg", "--build-arg VERSION=1.2"],
  cacheFrom: ["--cache-from", "--cache-from type=local,src=cache"],
  cacheTo: ["--cache-to", "--cache-to type=local,dest=cache"],
  cgroupParent: ["--cgroup-parent"],
  config: ["--config"],
  context: ["PATH", "moat-build build ."],
  contexts: ["--build-context", "--build-context src=../src"],
  dockerfile: ["--file", "-f deploy/Dockerfile"],
  "dockerfile.path": ["--file", "-f deploy/Dockerfile"],
  frontendAttrs: ["--opt"],
  image: ["--image", "--image moby/buildkit:rootless"],
  insecureRegistries: ["--insecure-registry"],
  keepDurationMs: ["--keep-duration", "--keep-duration 24h"],
  labels: ["--label", "--label team=build"],
  maxUsedSpace: ["--max-used-space", "--max-used-space 20g"],
  minFreeSpace: ["--min-free-space", "--min-free-space 10g"],
  network: ["--network", "--network none"],
  noCacheFilter: ["--no-cache-filter"],
  name: ["NAME", "moat-build sidecar start moat-buildkit"],
  output: ["--output", "-o type=local,dest=out"],
  "output.load": ["--load"],
  "output.push": ["--push", "-t registry.example/team/app:1.2 --push"],
  platforms: ["--platform", "--platform linux/arm64"],
  progress: ["--progress", "--progress plain"],
  provenance: ["--provenance", "--provenance false"],
  proxyNetwork: ["--proxy-network"],
  publish: ["--publish"],
  registryCas: ["--registry-ca", "--registry-ca registry.example=ca.pem"],
  registryMirrors: ["--registry-mirror", "--registry-mirror docker.io=mirror.example:5000"],
  registryTls: ["--registry-auth-tlscontext"],
  report: ["--report", "--report build.html"],
  reservedSpace: ["--reserved-space", "--reserved-space 5g"],
  resources: ["--resource", "--resource memory=512m"],
  sbom: ["--sbom"],
  secrets: ["--secret", "--secret id=token,src=token.txt"],
  shmSize: ["--shm-size", "--shm-size 128m"],
  ssh: ["--ssh", "--ssh default"],
  sourcePolicy: ["--source-policy-file"],
  state: ["--state"],
  stallTimeoutMs: ["--stall-timeout", "--stall-timeout 60"],
  timeoutMs: ["--build-timeout", "--build-timeout 600"],
  tags: ["--tag", "-t registry.example/team/app:1.2"],
  target: ["--target"],
  "tls.ca": ["--tlscacert"],
  "tls.cert": ["--tlscert"],
  "tls.key": ["--tlskey"],
  type: ["--type", "--type provenance"],
  ulimits: ["--ulimit", "--ulimit nofile=1024:2048"],
};

function flaggedOption(option: string): string | undefined {
  return Object.keys(FLAGS).filter((name) => option === name || option.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
}

/** What a builder is too old for, as said to someone who gave flags. */
export function describeUnsupported({ capability, message }: UnsupportedError): string {
  const name = flaggedOption(capability);
  if (name !== capability || !message.startsWith(`${capability} needs `)) return message;
  return FLAGS[name]![0] + message.slice(capability.length);
}

/** What is wrong with an option, as said to someone who gave flags. */
export function describeOptionError(error: OptionError): string {
  const option = error.option.replace(/\[\d+\]/g, "");
  const name = flaggedOption(option);
  if (name === undefined) return error.message;
  const [flag, example] = FLAGS[name]!;
  const detail = option.slice(name.length).replace(".", " ");
  return `invalid ${flag}${detail}: ${error.problem}${example ? ` (for example ${example})` : ""}`;
}
