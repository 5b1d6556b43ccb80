// Generated from proto/health.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `grpc.health.v1.HealthCheckRequest` */
export interface HealthCheckRequest {
  /** Field 1, `service`: string. */
  service: string;
}

/** Codec of `grpc.health.v1.HealthCheckRequest`. */
export const HealthCheckRequest: MessageType<HealthCheckRequest> = message("grpc.health.v1.HealthCheckRequest", () => [
  { no: 1, name: "service", type: "string" },
]);

/** `grpc.health.v1.ServingStatus` */
export const ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
} as const;

/** `grpc.health.v1.HealthCheckResponse` */
export interface HealthCheckResponse {
  /** Field 1, `status`: ServingStatus. */
  status: number;
}

/** Codec of `grpc.health.v1.HealthCheckResponse`. */
export const HealthCheckResponse: MessageType<HealthCheckResponse> = message("grpc.health.v1.HealthCheckResponse", () => [
  { no: 1, name: "status", type: "enum" },
]);

/** Methods of `grpc.health.v1.Health`. */
export const Health: {
  check: Method<HealthCheckRequest, HealthCheckResponse>;
} = {
  check: { path: "/grpc.health.v1.Health/Check", request: HealthCheckRequest, response: HealthCheckResponse },
};
