/** The one place where errors of the runtime's sockets become errors a person can act on. */
import { ConnectionError, type ConnectionErrorCode } from "../errors.ts";
import { isNotCapable, missingForHost, missingGrant, runWith } from "../runtime/refusal.ts";
import type { Address } from "./address.ts";

const SIDECAR =
  "If a BuildKit sidecar should be there, check that it runs, that BUILDKIT_HOST names it, and that both share a network " +
  "(with docker:dind: the sidecar's name and port, usually tcp://buildkit:1234)";

const NEXT_STEP: Readonly<Record<ConnectionErrorCode, string>> = {
  COMMAND_FAILED: "the program that should relay the connection failed",
  COMMAND_NOT_FOUND: "the program that should relay the connection is not on PATH",
  CONNECTION_REFUSED: `nothing listens there. ${SIDECAR}`,
  CONNECTION_LOST:
    "look at the daemon's log: it may have been stopped or killed, or be out of memory",
  CONNECTION_STALLED:
    "nothing came from it any more, not even the calls that it makes every five seconds. It may be frozen or overloaded, or " +
    "the network to it may be cut. Look at the daemon and build again",
  CONNECT_TIMEOUT: `no answer in time. ${SIDECAR}; a firewall may also drop the packets`,
  CONTAINER_NOT_FOUND: "the Docker engine has no such container. List them with docker ps --all",
  CONTAINER_STOPPED: "the container does not run. Look at its log, and start it",
  HOST_NOT_FOUND: `the host name is not known. ${SIDECAR}`,
  NOT_BUILDKIT:
    "what answers there does not speak BuildKit's protocol. Check the port; a Docker engine needs a different address",
  NOT_ENGINE: "what answers there is not a Docker engine",
  PERMISSION_DENIED: "access was denied. Check the socket's owner and group",
  PERMISSION_MISSING: "Deno's permissions do not allow it",
  SOCKET_NOT_FOUND:
    "there is no such socket. Start buildkitd, mount its socket into this container, or set BUILDKIT_HOST",
  TLS_FAILED: "the TLS handshake failed. Check the CA, the client certificate and the server name",
  TLS_REQUIRED:
    "the daemon expects TLS. Give a CA and, if it asks for one, a client certificate (--tlscacert, --tlscert, --tlskey)",
  UNREACHABLE: `the host can't be reached. ${SIDECAR}`,
};

const BY_ERRNO: Readonly<Record<string, ConnectionErrorCode>> = {
  ECONNREFUSED: "CONNECTION_REFUSED",
  ECONNRESET: "CONNECTION_LOST",
  EPIPE: "CONNECTION_LOST",
  ENOENT: "SOCKET_NOT_FOUND",
  ENOTFOUND: "HOST_NOT_FOUND",
  EAI_AGAIN: "HOST_NOT_FOUND",
  EAI_NONAME: "HOST_NOT_FOUND",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  EHOSTUNREACH: "UNREACHABLE",
  ENETUNREACH: "UNREACHABLE",
  ENETDOWN: "UNREACHABLE",
};

/** An error with this code, its message naming the address and what to check next. */
export function connectionError(
  code: ConnectionErrorCode,
  address: Pick<Address, "text">,
  cause?: unknown,
): ConnectionError {
  const detail = cause instanceof Error ? ` (${cause.message})` : "";
  const broke = code === "CONNECTION_LOST" || code === "CONNECTION_STALLED";
  const what = broke ? "Lost the connection to" : "Cannot connect to";
  const message = `${what} ${address.text}: ${NEXT_STEP[code]}${detail}`;
  return new ConnectionError(code, address.text, message, cause);
}

/** Explains an error that a socket raised while it was being connected. */
export function connectionFailure(address: Address, error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const grant = missingFor(address, error);
  if (grant !== undefined) {
    const message = `Cannot connect to ${address.text}: ${runWith(grant)}`;
    return new ConnectionError("PERMISSION_MISSING", address.text, message, error);
  }
  return connectionError(classify(error), address, error);
}

/** The flags that connecting takes, if Deno's permissions are why it failed. */
function missingFor(address: Address, error: unknown): string | undefined {
  if (address.scheme === "unix") {
    const { path } = address;
    if (!isNotCapable(error)) return undefined;
    return `--allow-net=unix:${path} --allow-read=${path} --allow-write=${path}`;
  }
  // Of a name that may not be looked up it says that in the words of the system.
  const isRefused = isNotCapable(error) || (error as { code?: string }).code === "EPERM";
  return isRefused ? missingForHost(address.host, address.port) ?? missingGrant(error) : undefined;
}

function classify(error: unknown): ConnectionErrorCode {
  const { code, message } = error as { code?: string; message?: string };
  const known = code === undefined ? undefined : BY_ERRNO[code];
  if (known !== undefined) return known;
  const text = `${code ?? ""} ${message ?? ""}`;
  if (/timed? ?out/i.test(text)) return "CONNECT_TIMEOUT";
  if (/lookup|getaddrinfo|resolve/i.test(text)) return "HOST_NOT_FOUND";
  return "UNREACHABLE";
}
