// Generated from proto/llb.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import { Definition, Meta, Mount, NetMode, Platform, SecretEnv, SecurityMode, SourceOp, WorkerConstraints } from "./ops.ts";

/** `pb.Op` */
export interface Op {
  /** Field 1, `inputs`: repeated Input. */
  inputs: Input[];
  /** Field 2, `exec`: ExecOp. */
  exec?: ExecOp | undefined;
  /** Field 3, `source`: SourceOp. */
  source?: SourceOp | undefined;
  /** Field 4, `file`: FileOp. */
  file?: FileOp | undefined;
  /** Field 5, `build`: BuildOp. */
  build?: BuildOp | undefined;
  /** Field 6, `merge`: MergeOp. */
  merge?: MergeOp | undefined;
  /** Field 7, `diff`: DiffOp. */
  diff?: DiffOp | undefined;
  /** Field 8, `passthrough`: PassthroughOp. */
  passthrough?: PassthroughOp | undefined;
  /** Field 10, `platform`: Platform. */
  platform?: Platform | undefined;
  /** Field 11, `constraints`: WorkerConstraints. */
  constraints?: WorkerConstraints | undefined;
}

/** Codec of `pb.Op`. */
export const Op: MessageType<Op> = message("pb.Op", () => [
  { no: 1, name: "inputs", type: () => Input, repeated: true },
  { no: 2, name: "exec", type: () => ExecOp },
  { no: 3, name: "source", type: () => SourceOp },
  { no: 4, name: "file", type: () => FileOp },
  { no: 5, name: "build", type: () => BuildOp },
  { no: 6, name: "merge", type: () => MergeOp },
  { no: 7, name: "diff", type: () => DiffOp },
  { no: 8, name: "passthrough", type: () => PassthroughOp },
  { no: 10, name: "platform", type: () => Platform },
  { no: 11, name: "constraints", type: () => WorkerConstraints },
]);

/** `pb.Input` */
export interface Input {
  /** Field 1, `digest`: string. */
  digest: string;
  /** Field 2, `index`: int64. */
  index: bigint;
}

/** Codec of `pb.Input`. */
export const Input: MessageType<Input> = message("pb.Input", () => [
  { no: 1, name: "digest", type: "string" },
  { no: 2, name: "index", type: "int64" },
]);

/** `pb.ExecOp` */
export interface ExecOp {
  /** Field 1, `meta`: Meta. */
  meta?: Meta | undefined;
  /** Field 2, `mounts`: repeated Mount. */
  mounts: Mount[];
  /** Field 3, `network`: NetMode. */
  network: number;
  /** Field 4, `security`: SecurityMode. */
  security: number;
  /** Field 5, `secretenv`: repeated SecretEnv. */
  secretenv: SecretEnv[];
  /** Field 6, `cdiDevices`: repeated CDIDevice. */
  cdiDevices: CDIDevice[];
}

/** Codec of `pb.ExecOp`. */
export const ExecOp: MessageType<ExecOp> = message("pb.ExecOp", () => [
  { no: 1, name: "meta", type: () => Meta },
  { no: 2, name: "mounts", type: () => Mount, repeated: true },
  { no: 3, name: "network", type: "enum" },
  { no: 4, name: "security", type: "enum" },
  { no: 5, name: "secretenv", type: () => SecretEnv, repeated: true },
  { no: 6, name: "cdiDevices", type: () => CDIDevice, repeated: true },
]);

/** `pb.CDIDevice` */
export interface CDIDevice {
  /** Field 1, `name`: string. */
  name: string;
  /** Field 2, `optional`: bool. */
  optional: boolean;
}

/** Codec of `pb.CDIDevice`. */
export const CDIDevice: MessageType<CDIDevice> = message("pb.CDIDevice", () => [
  { no: 1, name: "name", type: "string" },
  { no: 2, name: "optional", type: "bool" },
]);

/** `pb.FileOp` */
export interface FileOp {
  /** Field 2, `actions`: repeated FileAction. */
  actions: FileAction[];
}

/** Codec of `pb.FileOp`. */
export const FileOp: MessageType<FileOp> = message("pb.FileOp", () => [
  { no: 2, name: "actions", type: () => FileAction, repeated: true },
]);

/** `pb.FileAction` */
export interface FileAction {
  /** Field 1, `input`: int64. */
  input: bigint;
  /** Field 2, `secondaryInput`: int64. */
  secondaryInput: bigint;
  /** Field 3, `output`: int64. */
  output: bigint;
  /** Field 4, `copy`: FileActionCopy. */
  copy?: FileActionCopy | undefined;
  /** Field 5, `mkfile`: FileActionMkFile. */
  mkfile?: FileActionMkFile | undefined;
  /** Field 6, `mkdir`: FileActionMkDir. */
  mkdir?: FileActionMkDir | undefined;
  /** Field 7, `rm`: FileActionRm. */
  rm?: FileActionRm | undefined;
  /** Field 8, `symlink`: FileActionSymlink. */
  symlink?: FileActionSymlink | undefined;
}

/** Codec of `pb.FileAction`. */
export const FileAction: MessageType<FileAction> = message("pb.FileAction", () => [
  { no: 1, name: "input", type: "int64" },
  { no: 2, name: "secondaryInput", type: "int64" },
  { no: 3, name: "output", type: "int64" },
  { no: 4, name: "copy", type: () => FileActionCopy },
  { no: 5, name: "mkfile", type: () => FileActionMkFile },
  { no: 6, name: "mkdir", type: () => FileActionMkDir },
  { no: 7, name: "rm", type: () => FileActionRm },
  { no: 8, name: "symlink", type: () => FileActionSymlink },
]);

/** `pb.FileActionCopy` */
export interface FileActionCopy {
  /** Field 1, `src`: string. */
  src: string;
  /** Field 2, `dest`: string. */
  dest: string;
  /** Field 3, `owner`: ChownOpt. */
  owner?: ChownOpt | undefined;
  /** Field 4, `mode`: int32. */
  mode: number;
  /** Field 5, `followSymlink`: bool. */
  followSymlink: boolean;
  /** Field 6, `dirCopyContents`: bool. */
  dirCopyContents: boolean;
  /** Field 7, `attemptUnpackDockerCompatibility`: bool. */
  attemptUnpackDockerCompatibility: boolean;
  /** Field 8, `createDestPath`: bool. */
  createDestPath: boolean;
  /** Field 9, `allowWildcard`: bool. */
  allowWildcard: boolean;
  /** Field 10, `allowEmptyWildcard`: bool. */
  allowEmptyWildcard: boolean;
  /** Field 11, `timestamp`: int64. */
  timestamp: bigint;
  /** Field 12, `include_patterns`: repeated string. */
  includePatterns: string[];
  /** Field 13, `exclude_patterns`: repeated string. */
  excludePatterns: string[];
  /** Field 14, `alwaysReplaceExistingDestPaths`: bool. */
  alwaysReplaceExistingDestPaths: boolean;
  /** Field 15, `modeStr`: string. */
  modeStr: string;
  /** Field 16, `required_paths`: repeated string. */
  requiredPaths: string[];
}

/** Codec of `pb.FileActionCopy`. */
export const FileActionCopy: MessageType<FileActionCopy> = message("pb.FileActionCopy", () => [
  { no: 1, name: "src", type: "string" },
  { no: 2, name: "dest", type: "string" },
  { no: 3, name: "owner", type: () => ChownOpt },
  { no: 4, name: "mode", type: "int32" },
  { no: 5, name: "followSymlink", type: "bool" },
  { no: 6, name: "dirCopyContents", type: "bool" },
  { no: 7, name: "attemptUnpackDockerCompatibility", type: "bool" },
  { no: 8, name: "createDestPath", type: "bool" },
  { no: 9, name: "allowWildcard", type: "bool" },
  { no: 10, name: "allowEmptyWildcard", type: "bool" },
  { no: 11, name: "timestamp", type: "int64" },
  { no: 12, name: "includePatterns", type: "string", proto: "include_patterns", repeated: true },
  { no: 13, name: "excludePatterns", type: "string", proto: "exclude_patterns", repeated: true },
  { no: 14, name: "alwaysReplaceExistingDestPaths", type: "bool" },
  { no: 15, name: "modeStr", type: "string" },
  { no: 16, name: "requiredPaths", type: "string", proto: "required_paths", repeated: true },
]);

/** `pb.FileActionMkFile` */
export interface FileActionMkFile {
  /** Field 1, `path`: string. */
  path: string;
  /** Field 2, `mode`: int32. */
  mode: number;
  /** Field 3, `data`: bytes. */
  data: Uint8Array;
  /** Field 4, `owner`: ChownOpt. */
  owner?: ChownOpt | undefined;
  /** Field 5, `timestamp`: int64. */
  timestamp: bigint;
}

/** Codec of `pb.FileActionMkFile`. */
export const FileActionMkFile: MessageType<FileActionMkFile> = message("pb.FileActionMkFile", () => [
  { no: 1, name: "path", type: "string" },
  { no: 2, name: "mode", type: "int32" },
  { no: 3, name: "data", type: "bytes" },
  { no: 4, name: "owner", type: () => ChownOpt },
  { no: 5, name: "timestamp", type: "int64" },
]);

/** `pb.FileActionMkDir` */
export interface FileActionMkDir {
  /** Field 1, `path`: string. */
  path: string;
  /** Field 2, `mode`: int32. */
  mode: number;
  /** Field 3, `makeParents`: bool. */
  makeParents: boolean;
  /** Field 4, `owner`: ChownOpt. */
  owner?: ChownOpt | undefined;
  /** Field 5, `timestamp`: int64. */
  timestamp: bigint;
}

/** Codec of `pb.FileActionMkDir`. */
export const FileActionMkDir: MessageType<FileActionMkDir> = message("pb.FileActionMkDir", () => [
  { no: 1, name: "path", type: "string" },
  { no: 2, name: "mode", type: "int32" },
  { no: 3, name: "makeParents", type: "bool" },
  { no: 4, name: "owner", type: () => ChownOpt },
  { no: 5, name: "timestamp", type: "int64" },
]);

/** `pb.FileActionSymlink` */
export interface FileActionSymlink {
  /** Field 1, `oldpath`: string. */
  oldpath: string;
  /** Field 2, `newpath`: string. */
  newpath: string;
  /** Field 3, `owner`: ChownOpt. */
  owner?: ChownOpt | undefined;
  /** Field 4, `timestamp`: int64. */
  timestamp: bigint;
}

/** Codec of `pb.FileActionSymlink`. */
export const FileActionSymlink: MessageType<FileActionSymlink> = message("pb.FileActionSymlink", () => [
  { no: 1, name: "oldpath", type: "string" },
  { no: 2, name: "newpath", type: "string" },
  { no: 3, name: "owner", type: () => ChownOpt },
  { no: 4, name: "timestamp", type: "int64" },
]);

/** `pb.FileActionRm` */
export interface FileActionRm {
  /** Field 1, `path`: string. */
  path: string;
  /** Field 2, `allowNotFound`: bool. */
  allowNotFound: boolean;
  /** Field 3, `allowWildcard`: bool. */
  allowWildcard: boolean;
}

/** Codec of `pb.FileActionRm`. */
export const FileActionRm: MessageType<FileActionRm> = message("pb.FileActionRm", () => [
  { no: 1, name: "path", type: "string" },
  { no: 2, name: "allowNotFound", type: "bool" },
  { no: 3, name: "allowWildcard", type: "bool" },
]);

/** `pb.ChownOpt` */
export interface ChownOpt {
  /** Field 1, `user`: UserOpt. */
  user?: UserOpt | undefined;
  /** Field 2, `group`: UserOpt. */
  group?: UserOpt | undefined;
}

/** Codec of `pb.ChownOpt`. */
export const ChownOpt: MessageType<ChownOpt> = message("pb.ChownOpt", () => [
  { no: 1, name: "user", type: () => UserOpt },
  { no: 2, name: "group", type: () => UserOpt },
]);

/** `pb.UserOpt` */
export interface UserOpt {
  /** Field 1, `byName`: NamedUserOpt. */
  byName?: NamedUserOpt | undefined;
  /** Field 2, `byID`: uint32. */
  byID: number;
}

/** Codec of `pb.UserOpt`. */
export const UserOpt: MessageType<UserOpt> = message("pb.UserOpt", () => [
  { no: 1, name: "byName", type: () => NamedUserOpt },
  { no: 2, name: "byID", type: "uint32" },
]);

/** `pb.NamedUserOpt` */
export interface NamedUserOpt {
  /** Field 1, `name`: string. */
  name: string;
  /** Field 2, `input`: int64. */
  input: bigint;
}

/** Codec of `pb.NamedUserOpt`. */
export const NamedUserOpt: MessageType<NamedUserOpt> = message("pb.NamedUserOpt", () => [
  { no: 1, name: "name", type: "string" },
  { no: 2, name: "input", type: "int64" },
]);

/** `pb.BuildOp` */
export interface BuildOp {
  /** Field 1, `builder`: int64. */
  builder: bigint;
  /** Field 2, `inputs`: map<string, BuildInput>. */
  inputs: Map<string, BuildInput>;
  /** Field 3, `def`: Definition. */
  def?: Definition | undefined;
  /** Field 4, `attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `pb.BuildOp`. */
export const BuildOp: MessageType<BuildOp> = message("pb.BuildOp", () => [
  { no: 1, name: "builder", type: "int64" },
  { no: 2, name: "inputs", type: () => BuildInput, mapKey: "string" },
  { no: 3, name: "def", type: () => Definition },
  { no: 4, name: "attrs", type: "string", mapKey: "string" },
]);

/** `pb.BuildInput` */
export interface BuildInput {
  /** Field 1, `input`: int64. */
  input: bigint;
}

/** Codec of `pb.BuildInput`. */
export const BuildInput: MessageType<BuildInput> = message("pb.BuildInput", () => [
  { no: 1, name: "input", type: "int64" },
]);

/** `pb.MergeOp` */
export interface MergeOp {
  /** Field 1, `inputs`: repeated MergeInput. */
  inputs: MergeInput[];
}

/** Codec of `pb.MergeOp`. */
export const MergeOp: MessageType<MergeOp> = message("pb.MergeOp", () => [
  { no: 1, name: "inputs", type: () => MergeInput, repeated: true },
]);

/** `pb.MergeInput` */
export interface MergeInput {
  /** Field 1, `input`: int64. */
  input: bigint;
}

/** Codec of `pb.MergeInput`. */
export const MergeInput: MessageType<MergeInput> = message("pb.MergeInput", () => [
  { no: 1, name: "input", type: "int64" },
]);

/** `pb.DiffOp` */
export interface DiffOp {
  /** Field 1, `lower`: LowerDiffInput. */
  lower?: LowerDiffInput | undefined;
  /** Field 2, `upper`: UpperDiffInput. */
  upper?: UpperDiffInput | undefined;
}

/** Codec of `pb.DiffOp`. */
export const DiffOp: MessageType<DiffOp> = message("pb.DiffOp", () => [
  { no: 1, name: "lower", type: () => LowerDiffInput },
  { no: 2, name: "upper", type: () => UpperDiffInput },
]);

/** `pb.LowerDiffInput` */
export interface LowerDiffInput {
  /** Field 1, `input`: int64. */
  input: bigint;
}

/** Codec of `pb.LowerDiffInput`. */
export const LowerDiffInput: MessageType<LowerDiffInput> = message("pb.LowerDiffInput", () => [
  { no: 1, name: "input", type: "int64" },
]);

/** `pb.UpperDiffInput` */
export interface UpperDiffInput {
  /** Field 1, `input`: int64. */
  input: bigint;
}

/** Codec of `pb.UpperDiffInput`. */
export const UpperDiffInput: MessageType<UpperDiffInput> = message("pb.UpperDiffInput", () => [
  { no: 1, name: "input", type: "int64" },
]);

/** `pb.PassthroughOp` */
export interface PassthroughOp {
  /** Field 1, `id`: string. */
  id: string;
  /** Field 2, `outputs`: repeated int64. */
  outputs: bigint[];
}

/** Codec of `pb.PassthroughOp`. */
export const PassthroughOp: MessageType<PassthroughOp> = message("pb.PassthroughOp", () => [
  { no: 1, name: "id", type: "string" },
  { no: 2, name: "outputs", type: "int64", repeated: true },
]);
