/**
 * Secrets by callback: a function gives the value when a step asks for it, and not before. It is in no image, no cache, no
 * log and in nobody's process list.
 *
 *     deno run -A examples/secrets.ts
 */
import { build } from "@moat/build";

let asked = 0;

/** Stands for a vault, a cloud's key service, a prompt. The signal fires when the build is over. */
async function fromVault(signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  asked++;
  return await Promise.resolve("s3cret");
}

const dockerfile = `
  FROM alpine
  RUN --mount=type=secret,id=token,env=TOKEN,required=true \\
    printf %s "$TOKEN" | sha256sum | cut -c 1-8 > /proof
  FROM scratch
  COPY --from=0 /proof /
`;

const options = { dockerfile, secrets: { token: fromVault } };
const first = await build({ ...options, noCache: true, output: "image" });
console.log(`built ${first.digest}, asked ${asked} time`);

// The step is in the cache now. No step asks, so nobody is asked.
const second = await build({ ...options, output: "image" });
console.log(`built ${second.digest}, asked ${asked} time`);
