/** Failed connections to a Docker engine, in words of their own: the advice for BuildKit's daemons would mislead. */
import { ConnectionError, type ConnectionErrorCode } from "../errors.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import type { EngineAddress } from "./engine_address.ts";

const NEXT_STEP: Readonly<Partial<Record<ConnectionErrorCode, string>>> = {
  CONNECTION_REFUSED: "nothing listens there. Start Docker, or correct the address",
  CONNECTION_LOST: "the connection broke. Look at the engine's log: it may have been stopped",
  CONNECT_TIMEOUT: "no answer in time. Check that Docker runs and that nothing drops the packets",
  HOST_NOT_FOUND: "the host name is not known. Check it, and that both share a network",
  NOT_ENGINE: "what answers there is not a Docker engine. Check the port",
  PERMISSION_DENIED:
    "access was denied. Be a member of the group that owns the socket, usually docker",
  SOCKET_NOT_FOUND:
    "there is no such socket. Start Docker, or mount its socket into this container",
  TLS_FAILED:
    "the TLS handshake failed. Check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or the context",
  TLS_REQUIRED: "the engine expects TLS. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH",
  UNREACHABLE: "it can't be reached",
};

/** The error for an engine, its message naming the address, who named that, and what to do next. */
export function engineError(
  code: ConnectionErrorCode,
  { address: { text }, from }: Pick<EngineAddress, "address" | "from">,
  cause?: unknown,
): ConnectionError {
  const detail = cause instanceof Error ? ` (${cause.message})` : "";
  const message = `Cannot reach the Docker engine at ${text}, from ${from}: ${
    NEXT_STEP[code] ?? code
  }${detail}`;
  return new ConnectionError(code, text, message, cause);
}

/** The same for an error that was met on the way to the engine. */
export function engineFailure(
  at: Pick<EngineAddress, "address" | "from">,
  error: unknown,
): ConnectionError {
  if (error instanceof ConnectionError && error.code === "PERMISSION_MISSING") return error;
  if (error instanceof ConnectionError) return engineError(error.code, at, error.cause);
  return engineError(isLate(error) ? "CONNECT_TIMEOUT" : "NOT_ENGINE", at, error);
}

/** Whether the engine has not answered in time. */
function isLate(error: unknown): boolean {
  if (error instanceof RpcError) return error.status === StatusCode.DEADLINE_EXCEEDED;
  return error instanceof DOMException && error.name === "TimeoutError";
}
