import { RpcError, StatusCode } from "../rpc/status.ts";

/** Whether a server answered that does not know the call: UNKNOWN stands for answers that are not gRPC at all. */
export function isForeign(error: unknown): boolean {
  return error instanceof RpcError && error.details.length === 0 &&
    (error.status === StatusCode.UNIMPLEMENTED || error.status === StatusCode.UNKNOWN);
}
