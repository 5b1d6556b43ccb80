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
  { no: 1, name: "architecture", type: "string" },
  { no: 2, name: "os", type: "string" },
  { no: 3, name: "variant", type: "string" },
  { no: 4, name: "osVersion", type: "string" },
  { no: 5, name: "osFeatures", type: "string", repeated: true },
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
  { no: 1, name: "value", type: "bool" },
]);

/** `pb.OpMetadata` */
export interface OpMetadata {
  ignoreCache: boolean;
  description: Map<string, string>;
  exportCache?: ExportCache | undefined;
  caps: Map<string, boolean>;
  progressGroup?: ProgressGroup | undefined;
}

/** Codec of `pb.OpMetadata`. */
export const OpMetadata: MessageType<OpMetadata> = message("pb.OpMetadata", () => [
  { no: 1, name: "ignoreCache", type: "bool" },
  { no: 2, name: "description", type: "string", mapKey: "string" },
  { no: 4, name: "exportCache", type: () => ExportCache },
  { no: 5, name: "caps", type: "bool", mapKey: "string" },
  { no: 6, name: "progressGroup", type: () => ProgressGroup },
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
  { no: 3, name: "source", type: () => Source },
]);
