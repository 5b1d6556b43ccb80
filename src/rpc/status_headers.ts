/** How a gRPC call's status stands in HTTP/2 headers or trailers ("gRPC over HTTP2", Responses). */
import { ProtocolError } from "../errors.ts";
import { builtin } from "../runtime/builtin.ts";
import type { Any } from "../gen/any.ts";
import { Status } from "../gen/status.ts";
import type { Metadata } from "./metadata.ts";
import { RpcError, StatusCode } from "./status.ts";
import { decodeStatusMessage } from "./status_message.ts";

const BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: StatusCode.INTERNAL,
  401: StatusCode.UNAUTHENTICATED,
  403: StatusCode.PERMISSION_DENIED,
  404: StatusCode.UNIMPLEMENTED,
  429: StatusCode.UNAVAILABLE,
  502: StatusCode.UNAVAILABLE,
  503: StatusCode.UNAVAILABLE,
  504: StatusCode.UNAVAILABLE,
};

/** The status that these headers or trailers bring: "ok", an error, or undefined if the call goes on. */
export function statusOf(headers: Metadata): RpcError | "ok" | undefined {
  const code = headers.get("grpc-status");
  if (code === undefined) return httpFailure(headers);
  if (code === "0") return "ok";
  const message = decodeStatusMessage(headers.get("grpc-message") ?? "");
  const details = decodeDetails(headers.get("grpc-status-details-bin"));
  return new RpcError(Number(code), message, { details });
}

function httpFailure(headers: Metadata): RpcError | undefined {
  const status = Number(headers.get(":status") ?? 200);
  const type = headers.get("content-type");
  if (status === 200 && (type === undefined || type.startsWith("application/grpc"))) {
    return undefined;
  }
  const code = status === 200 ? StatusCode.UNKNOWN : BY_HTTP_STATUS[status] ?? StatusCode.UNKNOWN;
  return new RpcError(code, `the answer is not gRPC: HTTP status ${status}, ${type ?? "no type"}`);
}

/** Base64 without padding; both must be accepted. */
function decodeDetails(value: string | undefined): readonly Any[] {
  if (value === undefined) return [];
  try {
    return Status.decode(builtin("buffer").Buffer.from(value, "base64")).details;
  } catch (error) {
    // The status counts also where its details can't be read.
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}
