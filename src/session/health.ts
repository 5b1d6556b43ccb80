/** The health service: the daemon asks every five seconds and drops the session after two misses (session/grpc.go). */
import { Health, ServingStatus } from "../gen/health.ts";
import type { Handlers } from "../rpc/call.ts";
import { unary } from "../rpc/unary.ts";

/** Answers that the session is alive. */
export function healthHandlers(): Handlers {
  return { [Health.check.path]: unary(Health.check, () => ({ status: ServingStatus.SERVING })) };
}
