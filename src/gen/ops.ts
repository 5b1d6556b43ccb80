// Generated from proto/ops.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `pb.Platform` */
export interface Platform {
  architecture: string;
  os: string;
  variant: string;
  osVersion: string;
  osFeatures: string[];
}

/** Codec of `pb.Platform`. */
export const Platform: MessageType<Platform> = message("pb.Platform", () => [
  { no: 1, name: "architecture", type: "string", proto: "Architecture" },
  { no: 2, name: "os", type: "string", proto: "OS" },
  { no: 3, name: "variant", type: "string", proto: "Variant" },
  { no: 4, name: "osVersion", type: "string", proto: "OSVersion" },
  { no: 5, name: "osFeatures", type: "string", proto: "OSFeatures", repeated: true },
]);

/** `pb.ProgressGroup` */
export interface ProgressGroup {
  id: string;
  name: string;
  weak: boolean;
}

/** Codec of `pb.ProgressGroup`. */
export const ProgressGroup: MessageType<ProgressGroup> = message("pb.ProgressGroup", () => [
  { no: 1, name: "id", type: "string" },
  { no: 2, name: "name", type: "string" },
  { no: 3, name: "weak", type: "bool" },
]);

/** `pb.Position` */
export interface Position {
  line: number;
  character: number;
}

/** Codec of `pb.Position`. */
export const Position: MessageType<Position> = message("pb.Position", () => [
  { no: 1, name: "line", type: "int32" },
  { no: 2, name: "character", type: "int32" },
]);

/** `pb.Range` */
export interface Range {
  start?: Position | undefined;
  end?: Position | undefined;
}

/** Codec of `pb.Range`. */
export const Range: MessageType<Range> = message("pb.Range", () => [
  { no: 1, name: "start", type: () => Position },
  { no: 2, name: "end", type: () => Position },
]);

/** `pb.SourceInfo` */
export interface SourceInfo {
  filename: string;
  data: Uint8Array;
  definition?: Definition | undefined;
  language: string;
}

/** Codec of `pb.SourceInfo`. */
export const SourceInfo: MessageType<SourceInfo> = message("pb.SourceInfo", () => [
  { no: 1, name: "filename", type: "string" },
  { no: 2, name: "data", type: "bytes" },
  { no: 3, name: "definition", type: () => Definition },
  { no: 4, name: "language", type: "string" },
]);

/** `pb.Location` */
export interface Location {
  sourceIndex: number;
  ranges: Range[];
}

/** Codec of `pb.Location`. */
export const Location: MessageType<Location> = message("pb.Location", () => [
  { no: 1, name: "sourceIndex", type: "int32" },
  { no: 2, name: "ranges", type: () => Range, repeated: true },
]);

/** `pb.Locations` */
export interface Locations {
  locations: Location[];
}

/** Codec of `pb.Locations`. */
export const Locations: MessageType<Locations> = message("pb.Locations", () => [
  { no: 1, name: "locations", type: () => Location, repeated: true },
]);

/** `pb.Source` */
export interface Source {
  locations: Map<string, Locations>;
  infos: SourceInfo[];
}

/** Codec of `pb.Source`. */
export const Source: MessageType<Source> = message("pb.Source", () => [
  { no: 1, name: "locations", type: () => Locations, mapKey: "string" },
  { no: 2, name: "infos", type: () => SourceInfo, repeated: true },
]);

/** `pb.ExportCache` */
export interface ExportCache {
  value: boolean;
}

/** Codec of `pb.ExportCache`. */
export const ExportCache: MessageType<ExportCache> = message("pb.ExportCache", () => [
  { no: 1, name: "value", type: "bool", proto: "Value" },
]);

/** `pb.OpMetadata` */
export interface OpMetadata {
  ignoreCache: boolean;
  description: Map<string, string>;
  exportCache?: ExportCache | undefined;
  caps: Map<string, boolean>;
  progressGroup?: ProgressGroup | undefined;
  linuxResources?: LinuxResources | undefined;
}

/** Codec of `pb.OpMetadata`. */
export const OpMetadata: MessageType<OpMetadata> = message("pb.OpMetadata", () => [
  { no: 1, name: "ignoreCache", type: "bool", proto: "ignore_cache" },
  { no: 2, name: "description", type: "string", mapKey: "string" },
  { no: 4, name: "exportCache", type: () => ExportCache, proto: "export_cache" },
  { no: 5, name: "caps", type: "bool", mapKey: "string" },
  { no: 6, name: "progressGroup", type: () => ProgressGroup, proto: "progress_group" },
  { no: 7, name: "linuxResources", type: () => LinuxResources, proto: "linux_resources" },
]);

/** `pb.LinuxResources` */
export interface LinuxResources {
  memory: bigint;
  memorySwap: bigint;
  cpuShares: bigint;
  cpuPeriod: bigint;
  cpuQuota: bigint;
  cpusetCpus: string;
  cpusetMems: string;
}

/** Codec of `pb.LinuxResources`. */
export const LinuxResources: MessageType<LinuxResources> = message("pb.LinuxResources", () => [
  { no: 1, name: "memory", type: "int64" },
  { no: 2, name: "memorySwap", type: "int64" },
  { no: 3, name: "cpuShares", type: "int64" },
  { no: 4, name: "cpuPeriod", type: "int64" },
  { no: 5, name: "cpuQuota", type: "int64" },
  { no: 6, name: "cpusetCpus", type: "string" },
  { no: 7, name: "cpusetMems", type: "string" },
]);

/** `pb.Definition` */
export interface Definition {
  def: Uint8Array[];
  metadata: Map<string, OpMetadata>;
  source?: Source | undefined;
}

/** Codec of `pb.Definition`. */
export const Definition: MessageType<Definition> = message("pb.Definition", () => [
  { no: 1, name: "def", type: "bytes", repeated: true },
  { no: 2, name: "metadata", type: () => OpMetadata, mapKey: "string" },
  { no: 3, name: "source", type: () => Source, proto: "Source" },
]);

/** `pb.SourceOp` */
export interface SourceOp {
  identifier: string;
  attrs: Map<string, string>;
}

/** Codec of `pb.SourceOp`. */
export const SourceOp: MessageType<SourceOp> = message("pb.SourceOp", () => [
  { no: 1, name: "identifier", type: "string" },
  { no: 2, name: "attrs", type: "string", mapKey: "string" },
]);

/** `pb.Meta` */
export interface Meta {
  args: string[];
  env: string[];
  cwd: string;
  user: string;
  proxyEnv?: ProxyEnv | undefined;
  extraHosts: HostIP[];
  hostname: string;
  ulimit: Ulimit[];
  cgroupParent: string;
  removeMountStubsRecursive: boolean;
  validExitCodes: number[];
}

/** Codec of `pb.Meta`. */
export const Meta: MessageType<Meta> = message("pb.Meta", () => [
  { no: 1, name: "args", type: "string", repeated: true },
  { no: 2, name: "env", type: "string", repeated: true },
  { no: 3, name: "cwd", type: "string" },
  { no: 4, name: "user", type: "string" },
  { no: 5, name: "proxyEnv", type: () => ProxyEnv, proto: "proxy_env" },
  { no: 6, name: "extraHosts", type: () => HostIP, repeated: true },
  { no: 7, name: "hostname", type: "string" },
  { no: 9, name: "ulimit", type: () => Ulimit, repeated: true },
  { no: 10, name: "cgroupParent", type: "string" },
  { no: 11, name: "removeMountStubsRecursive", type: "bool" },
  { no: 12, name: "validExitCodes", type: "int32", repeated: true },
]);

/** `pb.ProxyEnv` */
export interface ProxyEnv {
  httpProxy: string;
  httpsProxy: string;
  ftpProxy: string;
  noProxy: string;
  allProxy: string;
}

/** Codec of `pb.ProxyEnv`. */
export const ProxyEnv: MessageType<ProxyEnv> = message("pb.ProxyEnv", () => [
  { no: 1, name: "httpProxy", type: "string", proto: "http_proxy" },
  { no: 2, name: "httpsProxy", type: "string", proto: "https_proxy" },
  { no: 3, name: "ftpProxy", type: "string", proto: "ftp_proxy" },
  { no: 4, name: "noProxy", type: "string", proto: "no_proxy" },
  { no: 5, name: "allProxy", type: "string", proto: "all_proxy" },
]);

/** `pb.HostIP` */
export interface HostIP {
  host: string;
  ip: string;
}

/** Codec of `pb.HostIP`. */
export const HostIP: MessageType<HostIP> = message("pb.HostIP", () => [
  { no: 1, name: "host", type: "string", proto: "Host" },
  { no: 2, name: "ip", type: "string", proto: "IP" },
]);

/** `pb.Ulimit` */
export interface Ulimit {
  name: string;
  soft: bigint;
  hard: bigint;
}

/** Codec of `pb.Ulimit`. */
export const Ulimit: MessageType<Ulimit> = message("pb.Ulimit", () => [
  { no: 1, name: "name", type: "string", proto: "Name" },
  { no: 2, name: "soft", type: "int64", proto: "Soft" },
  { no: 3, name: "hard", type: "int64", proto: "Hard" },
]);

/** `pb.SecretEnv` */
export interface SecretEnv {
  id: string;
  name: string;
  optional: boolean;
}

/** Codec of `pb.SecretEnv`. */
export const SecretEnv: MessageType<SecretEnv> = message("pb.SecretEnv", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "name", type: "string" },
  { no: 3, name: "optional", type: "bool" },
]);

/** `pb.NetMode` */
export const NetMode = {
  UNSET: 0,
  HOST: 1,
  NONE: 2,
} as const;

/** `pb.SecurityMode` */
export const SecurityMode = {
  SANDBOX: 0,
  INSECURE: 1,
} as const;

/** `pb.MountType` */
export const MountType = {
  BIND: 0,
  SECRET: 1,
  SSH: 2,
  CACHE: 3,
  TMPFS: 4,
} as const;

/** `pb.CacheSharingOpt` */
export const CacheSharingOpt = {
  SHARED: 0,
  PRIVATE: 1,
  LOCKED: 2,
} as const;

/** `pb.MountContentCache` */
export const MountContentCache = {
  DEFAULT: 0,
  ON: 1,
  OFF: 2,
} as const;

/** `pb.Mount` */
export interface Mount {
  input: bigint;
  selector: string;
  dest: string;
  output: bigint;
  readonly: boolean;
  mountType: number;
  tmpfsOpt?: TmpfsOpt | undefined;
  cacheOpt?: CacheOpt | undefined;
  secretOpt?: SecretOpt | undefined;
  sshOpt?: SSHOpt | undefined;
  resultID: string;
  contentCache: number;
}

/** Codec of `pb.Mount`. */
export const Mount: MessageType<Mount> = message("pb.Mount", () => [
  { no: 1, name: "input", type: "int64" },
  { no: 2, name: "selector", type: "string" },
  { no: 3, name: "dest", type: "string" },
  { no: 4, name: "output", type: "int64" },
  { no: 5, name: "readonly", type: "bool" },
  { no: 6, name: "mountType", type: "enum" },
  { no: 19, name: "tmpfsOpt", type: () => TmpfsOpt, proto: "TmpfsOpt" },
  { no: 20, name: "cacheOpt", type: () => CacheOpt },
  { no: 21, name: "secretOpt", type: () => SecretOpt },
  { no: 22, name: "sshOpt", type: () => SSHOpt, proto: "SSHOpt" },
  { no: 23, name: "resultID", type: "string" },
  { no: 24, name: "contentCache", type: "enum" },
]);

/** `pb.TmpfsOpt` */
export interface TmpfsOpt {
  size: bigint;
}

/** Codec of `pb.TmpfsOpt`. */
export const TmpfsOpt: MessageType<TmpfsOpt> = message("pb.TmpfsOpt", () => [
  { no: 1, name: "size", type: "int64" },
]);

/** `pb.CacheOpt` */
export interface CacheOpt {
  id: string;
  sharing: number;
}

/** Codec of `pb.CacheOpt`. */
export const CacheOpt: MessageType<CacheOpt> = message("pb.CacheOpt", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "sharing", type: "enum" },
]);

/** `pb.SecretOpt` */
export interface SecretOpt {
  id: string;
  uid: number;
  gid: number;
  mode: number;
  optional: boolean;
}

/** Codec of `pb.SecretOpt`. */
export const SecretOpt: MessageType<SecretOpt> = message("pb.SecretOpt", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "uid", type: "uint32" },
  { no: 3, name: "gid", type: "uint32" },
  { no: 4, name: "mode", type: "uint32" },
  { no: 5, name: "optional", type: "bool" },
]);

/** `pb.SSHOpt` */
export interface SSHOpt {
  id: string;
  uid: number;
  gid: number;
  mode: number;
  optional: boolean;
}

/** Codec of `pb.SSHOpt`. */
export const SSHOpt: MessageType<SSHOpt> = message("pb.SSHOpt", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "uid", type: "uint32" },
  { no: 3, name: "gid", type: "uint32" },
  { no: 4, name: "mode", type: "uint32" },
  { no: 5, name: "optional", type: "bool" },
]);

/** `pb.WorkerConstraints` */
export interface WorkerConstraints {
  filter: string[];
}

/** Codec of `pb.WorkerConstraints`. */
export const WorkerConstraints: MessageType<WorkerConstraints> = message("pb.WorkerConstraints", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
]);
