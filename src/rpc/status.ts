/** gRPC status codes and the error that carries one. */
import type { Any } from "../gen/any.ts";
import { MoatError } from "../errors.ts";

/** The canonical gRPC status codes. */
export const StatusCode = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The name of a status code, for messages. */
export function statusName(code: number): string {
  return Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? `code ${code}`;
}

/** A call that ended with a status other than OK, in either direction. */
export class RpcError extends MoatError {
  override readonly code = "RPC_FAILED";
  /** One of {@linkcode StatusCode}. */
  readonly status: number;
  readonly #details: readonly Any[];

  constructor(
    status: number,
    message: string,
    options: { cause?: unknown; details?: readonly Any[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.#details = options.details ?? [];
  }

  /** The details of a google.rpc.Status, undecoded. */
  get details(): readonly Any[] {
    return this.#details;
  }
}
