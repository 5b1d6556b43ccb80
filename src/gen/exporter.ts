// Generated from proto/exporter.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `moby.exporter.v1.FindExportersRequest` */
export interface FindExportersRequest {
  /** Field 1, `metadata`: map<string, bytes>. */
  metadata: Map<string, Uint8Array>;
  /** Field 2, `refs`: repeated string. */
  refs: string[];
}

/** Codec of `moby.exporter.v1.FindExportersRequest`. */
export const FindExportersRequest: MessageType<FindExportersRequest> = message("moby.exporter.v1.FindExportersRequest", () => [
  { no: 1, name: "metadata", type: "bytes", mapKey: "string" },
  { no: 2, name: "refs", type: "string", repeated: true },
]);

/** `moby.exporter.v1.FindExportersResponse` */
export interface FindExportersResponse {
  /** Field 1, `exporters`: repeated ExporterRequest. */
  exporters: ExporterRequest[];
}

/** Codec of `moby.exporter.v1.FindExportersResponse`. */
export const FindExportersResponse: MessageType<FindExportersResponse> = message("moby.exporter.v1.FindExportersResponse", () => [
  { no: 1, name: "exporters", type: () => ExporterRequest, repeated: true },
]);

/** `moby.exporter.v1.ExporterRequest` */
export interface ExporterRequest {
  /** Field 1, `Type`: string. */
  type: string;
  /** Field 2, `Attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `moby.exporter.v1.ExporterRequest`. */
export const ExporterRequest: MessageType<ExporterRequest> = message("moby.exporter.v1.ExporterRequest", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.exporter.v1.FinalizeExportRequest` */
export interface FinalizeExportRequest {
  /** Field 1, `exporter_response`: map<string, string>. */
  exporterResponse: Map<string, string>;
}

/** Codec of `moby.exporter.v1.FinalizeExportRequest`. */
export const FinalizeExportRequest: MessageType<FinalizeExportRequest> = message("moby.exporter.v1.FinalizeExportRequest", () => [
  { no: 1, name: "exporterResponse", type: "string", proto: "exporter_response", mapKey: "string" },
]);

/** `moby.exporter.v1.FinalizeExportResponse` */
export interface FinalizeExportResponse {
}

/** Codec of `moby.exporter.v1.FinalizeExportResponse`. */
export const FinalizeExportResponse: MessageType<FinalizeExportResponse> = message("moby.exporter.v1.FinalizeExportResponse", () => [
]);

/** Methods of `moby.exporter.v1.Exporter`. */
export const Exporter: {
  findExporters: Method<FindExportersRequest, FindExportersResponse>;
  finalizeExport: Method<FinalizeExportRequest, FinalizeExportResponse>;
} = {
  findExporters: { path: "/moby.exporter.v1.Exporter/FindExporters", request: FindExportersRequest, response: FindExportersResponse },
  finalizeExport: { path: "/moby.exporter.v1.Exporter/FinalizeExport", request: FinalizeExportRequest, response: FinalizeExportResponse },
};
