/** Questions to a frontend, which it answers instead of building ("subrequests", frontend/dockerui/requests.go). */
import { BuildError } from "../build_error.ts";
import { detailsOf } from "../diagnosis/details.ts";
import { UnsupportedError } from "../errors.ts";
import type { GatewayClient } from "./client.ts";

/** What a frontend answered. */
export interface CallAnswer {
  /** Everything it said: `result.json`, `result.txt` and others, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The answer for programs; empty if there is none. */
  readonly json: string;
  /** The answer for people; empty if there is none. */
  readonly text: string;
  /** Another number than 0 if what was asked about is not well. */
  readonly statusCode: number;
}

/** What a frontend must know; one that passes a build on to another need not. */
const CAPABILITY = "moby.buildkit.frontend.subrequests+forward";

/**
 * Asks the Dockerfile's frontend, or the one that the Dockerfile names.
 *
 * @param requestId For example `frontend.lint`.
 * @throws {UnsupportedError} if the frontend does not know the question
 * @throws {BuildError} if it could not answer
 */
export async function callFrontend(client: GatewayClient, requestId: string): Promise<CallAnswer> {
  const caps = [client.attrs["frontend.caps"], CAPABILITY].filter((item) => item !== undefined);
  const attrs = { ...client.attrs, "frontend.caps": caps.join(","), requestid: requestId };
  try {
    const { metadata } = await client.solve({ frontend: "dockerfile.v0", attrs });
    return readAnswer(metadata);
  } catch (error) {
    if (!isUnknownRequest(error)) throw error;
    throw new UnsupportedError(
      requestId,
      `The builder's frontend does not know ${requestId}. ` +
        `Begin the Dockerfile with # syntax=docker/dockerfile:1, or use ${newer(requestId)}`,
      error,
    );
  }
}

/** The first BuildKit whose own frontend knows the question. */
const SINCE: Readonly<Record<string, string>> = {
  "frontend.lint": "v0.14",
  "frontend.outline": "v0.11",
  "frontend.targets": "v0.11",
};

function newer(requestId: string): string {
  const since = Object.hasOwn(SINCE, requestId) ? SINCE[requestId] : undefined;
  return since === undefined ? "a newer BuildKit" : `BuildKit ${since} or later`;
}

function readAnswer(bytes: ReadonlyMap<string, Uint8Array>): CallAnswer {
  const decoder = new TextDecoder();
  const metadata = Object.fromEntries(Array.from(bytes, ([name, value]) => {
    return [name, decoder.decode(value)];
  }));
  return {
    metadata,
    json: metadata["result.json"] ?? "",
    text: metadata["result.txt"] ?? "",
    statusCode: Number(metadata["result.statuscode"] ?? 0) || 0,
  };
}

function isUnknownRequest(error: unknown): boolean {
  if (!(error instanceof BuildError)) return false;
  const { details, originalMessage } = error;
  // The oldest daemons' errors have no details.
  return /: unsupported request \S+$/.test(originalMessage) ||
    detailsOf(details, "subrequest").length > 0 ||
    detailsOf(details, "frontendCap").length > 0;
}
