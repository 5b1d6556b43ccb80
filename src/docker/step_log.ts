/** Steps that BuildKit does not know of, told in the words of its status stream, so that every display shows them too. */
import { createHash, randomUUID } from "node:crypto";
import type { StatusResponse, Vertex, VertexStatus } from "../gen/control.ts";

/** Gets each message. */
export type OnStatus = (status: StatusResponse) => void;

/** One step under way. */
export class Step {
  readonly #onStatus: OnStatus;
  readonly #parts = new Map<string, VertexStatus>();
  #vertex: Vertex;

  /** Begins it. */
  constructor(name: string, onStatus: OnStatus) {
    const digest = `sha256:${createHash("sha256").update(randomUUID()).digest("hex")}`;
    const started = now();
    this.#onStatus = onStatus;
    this.#vertex = { digest, name, inputs: [], cached: false, started, error: "" };
    this.#tell();
  }

  /** Tells some of its output. */
  log(text: string): void {
    const { digest: vertex } = this.#vertex;
    const msg = new TextEncoder().encode(text);
    this.#send({ logs: [{ vertex, timestamp: now(), stream: 1n, msg }] });
  }

  /** Tells how far a part of it is; `done` with the last word. */
  part(id: string, current: number, options: { total?: number; done?: boolean } = {}): void {
    const before = this.#parts.get(id);
    const part: VertexStatus = {
      id,
      vertex: this.#vertex.digest,
      name: "",
      current: BigInt(current),
      total: BigInt(options.total ?? 0),
      timestamp: now(),
      started: before?.started ?? now(),
      ...(options.done && { completed: now() }),
    };
    this.#parts.set(id, part);
    this.#send({ statuses: [part] });
  }

  /** It needs not run: its result is there. */
  cached(): void {
    this.#vertex = { ...this.#vertex, cached: true };
  }

  /** Ends it, with an error's text if it failed. Parts that have not ended end with it. */
  end(error = ""): void {
    for (const [id, { current, total, completed }] of this.#parts) {
      if (completed === undefined && error === "") {
        this.part(id, Number(current), { total: Number(total), done: true });
      }
    }
    this.#vertex = { ...this.#vertex, completed: now(), error };
    this.#tell();
  }

  #tell(): void {
    this.#send({ vertexes: [this.#vertex] });
  }

  #send(part: Partial<StatusResponse>): void {
    this.#onStatus({ vertexes: [], statuses: [], logs: [], warnings: [], ...part });
  }
}

/** Does `work` as a step of its own. */
export async function asStep<T>(
  name: string,
  onStatus: OnStatus,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const step = new Step(name, onStatus);
  try {
    const result = await work(step);
    step.end();
    return result;
  } catch (error) {
    step.end(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
