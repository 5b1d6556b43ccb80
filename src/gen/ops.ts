// Generated from proto/ops.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `pb.Platform` */
export interface Platform {
  /** Field 1, `Architecture`: string. */
  architecture: string;
  /** Field 2, `OS`: string. */
  os: string;
  /** Field 3, `Variant`: string. */
  variant: string;
  /** Field 4, `OSVersion`: string. */
  osVersion: string;
  /** Field 5, `OSFeatures`: repeated string. */
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
  /** Field 1, `id`: string. */
  id: string;
  /** Field 2, `name`: string. */
  name: string;
  /** Field 3, `weak`: bool. */
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
  /** Field 1, `line`: int32. */
  line: number;
  /** Field 2, `character`: int32. */
  character: number;
}

/** Codec of `pb.Position`. */
export const Position: MessageType<Position> = message("pb.Position", () => [
  { no: 1, name: "line", type: "int32" },
  { no: 2, name: "character", type: "int32" },
]);

/** `pb.Range` */
export interface Range {
  /** Field 1, `start`: Position. */
  start?: Position | undefined;
  /** Field 2, `end`: Position. */
  end?: Position | undefined;
}

/** Codec of `pb.Range`. */
export const Range: MessageType<Range> = message("pb.Range", () => [
  { no: 1, name: "start", type: () => Position },
  { no: 2, name: "end", type: () => Position },
]);

/** `pb.SourceInfo` */
export interface SourceInfo {
  /** Field 1, `filename`: string. */
  filename: string;
  /** Field 2, `data`: bytes. */
  data: Uint8Array;
  /** Field 3, `definition`: Definition. */
  definition?: Definition | undefined;
  /** Field 4, `language`: string. */
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
  /** Field 1, `sourceIndex`: int32. */
  sourceIndex: number;
  /** Field 2, `ranges`: repeated Range. */
  ranges: Range[];
}

/** Codec of `pb.Location`. */
export const Location: MessageType<Location> = message("pb.Location", () => [
  { no: 1, name: "sourceIndex", type: "int32" },
  { no: 2, name: "ranges", type: () => Range, repeated: true },
]);

/** `pb.Locations` */
export interface Locations {
  /** Field 1, `locations`: repeated Location. */
  locations: Location[];
}

/** Codec of `pb.Locations`. */
export const Locations: MessageType<Locations> = message("pb.Locations", () => [
  { no: 1, name: "locations", type: () => Location, repeated: true },
]);

/** `pb.Source` */
export interface Source {
  /** Field 1, `locations`: map<string, Locations>. */
  locations: Map<string, Locations>;
  /** Field 2, `infos`: repeated SourceInfo. */
  infos: SourceInfo[];
}

/** Codec of `pb.Source`. */
export const Source: MessageType<Source> = message("pb.Source", () => [
  { no: 1, name: "locations", type: () => Locations, mapKey: "string" },
  { no: 2, name: "infos", type: () => SourceInfo, repeated: true },
]);

/** `pb.ExportCache` */
export interface ExportCache {
  /** Field 1, `Value`: bool. */
  value: boolean;
}

/** Codec of `pb.ExportCache`. */
export const ExportCache: MessageType<ExportCache> = message("pb.ExportCache", () => [
  { no: 1, name: "value", type: "bool", proto: "Value" },
]);

/** `pb.OpMetadata` */
export interface OpMetadata {
  /** Field 1, `ignore_cache`: bool. */
  ignoreCache: boolean;
  /** Field 2, `description`: map<string, string>. */
  description: Map<string, string>;
  /** Field 4, `export_cache`: ExportCache. */
  exportCache?: ExportCache | undefined;
  /** Field 5, `caps`: map<string, bool>. */
  caps: Map<string, boolean>;
  /** Field 6, `progress_group`: ProgressGroup. */
  progressGroup?: ProgressGroup | undefined;
  /** Field 7, `linux_resources`: LinuxResources. */
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
  /** Field 1, `memory`: int64. */
  memory: bigint;
  /** Field 2, `memorySwap`: int64. */
  memorySwap: bigint;
  /** Field 3, `cpuShares`: int64. */
  cpuShares: bigint;
  /** Field 4, `cpuPeriod`: int64. */
  cpuPeriod: bigint;
  /** Field 5, `cpuQuota`: int64. */
  cpuQuota: bigint;
  /** Field 6, `cpusetCpus`: string. */
  cpusetCpus: string;
  /** Field 7, `cpusetMems`: string. */
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
  /** Field 1, `def`: repeated bytes. */
  def: Uint8Array[];
  /** Field 2, `metadata`: map<string, OpMetadata>. */
  metadata: Map<string, OpMetadata>;
  /** Field 3, `Source`: Source. */
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
  /** Field 1, `identifier`: string. */
  identifier: string;
  /** Field 2, `attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `pb.SourceOp`. */
export const SourceOp: MessageType<SourceOp> = message("pb.SourceOp", () => [
  { no: 1, name: "identifier", type: "string" },
  { no: 2, name: "attrs", type: "string", mapKey: "string" },
]);

/** `pb.Meta` */
export interface Meta {
  /** Field 1, `args`: repeated string. */
  args: string[];
  /** Field 2, `env`: repeated string. */
  env: string[];
  /** Field 3, `cwd`: string. */
  cwd: string;
  /** Field 4, `user`: string. */
  user: string;
  /** Field 5, `proxy_env`: ProxyEnv. */
  proxyEnv?: ProxyEnv | undefined;
  /** Field 6, `extraHosts`: repeated HostIP. */
  extraHosts: HostIP[];
  /** Field 7, `hostname`: string. */
  hostname: string;
  /** Field 9, `ulimit`: repeated Ulimit. */
  ulimit: Ulimit[];
  /** Field 10, `cgroupParent`: string. */
  cgroupParent: string;
  /** Field 11, `removeMountStubsRecursive`: bool. */
  removeMountStubsRecursive: boolean;
  /** Field 12, `validExitCodes`: repeated int32. */
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
  /** Field 1, `http_proxy`: string. */
  httpProxy: string;
  /** Field 2, `https_proxy`: string. */
  httpsProxy: string;
  /** Field 3, `ftp_proxy`: string. */
  ftpProxy: string;
  /** Field 4, `no_proxy`: string. */
  noProxy: string;
  /** Field 5, `all_proxy`: string. */
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
  /** Field 1, `Host`: string. */
  host: string;
  /** Field 2, `IP`: string. */
  ip: string;
}

/** Codec of `pb.HostIP`. */
export const HostIP: MessageType<HostIP> = message("pb.HostIP", () => [
  { no: 1, name: "host", type: "string", proto: "Host" },
  { no: 2, name: "ip", type: "string", proto: "IP" },
]);

/** `pb.Ulimit` */
export interface Ulimit {
  /** Field 1, `Name`: string. */
  name: string;
  /** Field 2, `Soft`: int64. */
  soft: bigint;
  /** Field 3, `Hard`: int64. */
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
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `name`: string. */
  name: string;
  /** Field 3, `optional`: bool. */
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
  /** Field 1, `input`: int64. */
  input: bigint;
  /** Field 2, `selector`: string. */
  selector: string;
  /** Field 3, `dest`: string. */
  dest: string;
  /** Field 4, `output`: int64. */
  output: bigint;
  /** Field 5, `readonly`: bool. */
  readonly: boolean;
  /** Field 6, `mountType`: MountType. */
  mountType: number;
  /** Field 19, `TmpfsOpt`: TmpfsOpt. */
  tmpfsOpt?: TmpfsOpt | undefined;
  /** Field 20, `cacheOpt`: CacheOpt. */
  cacheOpt?: CacheOpt | undefined;
  /** Field 21, `secretOpt`: SecretOpt. */
  secretOpt?: SecretOpt | undefined;
  /** Field 22, `SSHOpt`: SSHOpt. */
  sshOpt?: SSHOpt | undefined;
  /** Field 23, `resultID`: string. */
  resultID: string;
  /** Field 24, `contentCache`: MountContentCache. */
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
  /** Field 1, `size`: int64. */
  size: bigint;
}

/** Codec of `pb.TmpfsOpt`. */
export const TmpfsOpt: MessageType<TmpfsOpt> = message("pb.TmpfsOpt", () => [
  { no: 1, name: "size", type: "int64" },
]);

/** `pb.CacheOpt` */
export interface CacheOpt {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `sharing`: CacheSharingOpt. */
  sharing: number;
}

/** Codec of `pb.CacheOpt`. */
export const CacheOpt: MessageType<CacheOpt> = message("pb.CacheOpt", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "sharing", type: "enum" },
]);

/** `pb.SecretOpt` */
export interface SecretOpt {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `uid`: uint32. */
  uid: number;
  /** Field 3, `gid`: uint32. */
  gid: number;
  /** Field 4, `mode`: uint32. */
  mode: number;
  /** Field 5, `optional`: bool. */
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
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `uid`: uint32. */
  uid: number;
  /** Field 3, `gid`: uint32. */
  gid: number;
  /** Field 4, `mode`: uint32. */
  mode: number;
  /** Field 5, `optional`: bool. */
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
  /** Field 1, `filter`: repeated string. */
  filter: string[];
}

/** Codec of `pb.WorkerConstraints`. */
export const WorkerConstraints: MessageType<WorkerConstraints> = message("pb.WorkerConstraints", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
]);
