/** An image's archive on its way into an engine's store: POST /images/load, while the archive is still being made. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { EngineError } from "../errors.ts";
import { apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { engineMessages } from "./json_stream.ts";
import { asStep, type OnStatus, type Step } from "./step_log.ts";
import { refusal, showTransfer } from "./transfer.ts";

/**
 * A stream that loads what is written to it. Nothing is sent before the first write; closing waits until the engine has the
 * image. Writing and closing reject with an `EngineError` if the engine refuses it.
 */
export function loadStream(engine: Engine, onStatus: OnStatus): WritableStream<Uint8Array> {
  let load: Load | undefined;
  return new WritableStream<Uint8Array>({
    write: (chunk) => (load ??= new Load(engine, onStatus)).write(chunk),
    close: () => (load ??= new Load(engine, onStatus)).finish(),
    abort: (reason) => load?.abort(reason),
  });
}

class Load {
  readonly #archive = new PassThrough({ highWaterMark: 1 << 20 });
  readonly #stop = new AbortController();
  /** Settles when the engine is done with the archive. */
  readonly #answer: Promise<void>;
  #failed: { error: unknown } | undefined;

  constructor(engine: Engine, onStatus: OnStatus) {
    // Torn down together with the request, which tells why.
    this.#archive.on("error", () => {});
    const name = `loading into the Docker engine at ${engine.address}`;
    this.#answer = asStep(name, onStatus, (step) => this.#run(engine, step));
    this.#answer.catch((error) => {
      this.#failed = { error };
      this.#archive.destroy();
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed.error;
    if (this.#archive.write(chunk)) return;
    const drained = once(this.#archive, "drain");
    // It never comes when the archive is torn down.
    drained.catch(() => {});
    await Promise.race([drained, this.#answer]);
  }

  async finish(): Promise<void> {
    this.#archive.end();
    await this.#answer;
  }

  async abort(reason: unknown): Promise<void> {
    this.#stop.abort(reason);
    this.#archive.destroy();
    // Why it failed is known to who aborts.
    await this.#answer.catch(() => {});
  }

  async #run(engine: Engine, step: Step): Promise<void> {
    const api = await engine.api();
    try {
      const stream = await api.loadImage(this.#archive, { abortSignal: this.#stop.signal });
      for await (const message of engineMessages(stream)) {
        const error = refusal(engine, "load the image", message);
        if (error !== undefined) throw error;
        if (!showTransfer(step, message) && message.stream !== undefined) step.log(message.stream);
      }
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      if (error instanceof EngineError) throw error;
      throw new EngineError(
        "ENGINE_REFUSED",
        `The Docker engine at ${engine.address} did not load the image: ${apiMessage(error)}`,
        error,
      );
    }
  }
}
