/** The classic builder's log as steps (moby daemon/builder/dockerfile, "Step 1/5 : FROM ..."). */
import type { BuildError } from "../build_error.ts";
import type { BuildFacts } from "../diagnosis/failure.ts";
import { StepRecorder } from "../diagnosis/step_recorder.ts";
import { failedBuild } from "../failed_build.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import type { EngineMessage } from "./json_stream.ts";
import { type OnStatus, Step } from "./step_log.ts";
import { showTransfer } from "./transfer.ts";

const STEP_REGEXP = /^Step (\d+)\/(\d+) : (.*)$/s;
/** The builder's own remarks: ids of layers and containers, which say nothing to a reader. */
const REMARK_REGEXP =
  /^(?: ---> .*|Removing intermediate container [0-9a-f]+|Successfully (?:built|tagged) .*|)\n?$/;
const CACHED_REGEXP = /^ ---> Using cache/;
const BUILT_REGEXP = /^Successfully built ([0-9a-f]+)/;

/** Follows one build's log. */
export class ClassicLog {
  readonly #onStatus: OnStatus;
  readonly #facts: BuildFacts | undefined;
  readonly #steps = new StepRecorder();
  #step: Step | undefined;
  #number = 0;
  #imageId: string | undefined;

  /** `facts` are for advice if the build fails. */
  constructor(onStatus: OnStatus, facts?: BuildFacts) {
    this.#onStatus = (status) => {
      this.#steps.note(status);
      onStatus(status);
    };
    this.#facts = facts;
  }

  /** The image's id, or the beginning of it; undefined as long as there is none. */
  get imageId(): string | undefined {
    return this.#imageId;
  }

  /** Takes the next message. Throws a `BuildError` if it says that the build failed. */
  read(message: EngineMessage): void {
    const error = message.errorDetail?.message ?? message.error;
    if (error !== undefined) throw this.failure(error, message.errorDetail?.code);
    if (message.aux?.ID !== undefined) this.#imageId = message.aux.ID;
    if (message.stream !== undefined) this.#readText(message.stream);
    else if (this.#step !== undefined) showTransfer(this.#step, message);
  }

  /** The build has ended, well or with an error's text. */
  end(error = ""): void {
    this.#end(error);
  }

  /** The build has failed, as the engine puts it: ends the step under way and says it as BuildKit would. */
  failure(message: string, exitCode?: number): BuildError {
    this.#end(message);
    const details = exitCode === undefined ? [] : [{
      typeUrl: "github.com/moby/buildkit/gatewayapi.ExitMessage+json",
      value: new TextEncoder().encode(JSON.stringify({ Code: exitCode })),
    }];
    return failedBuild(new RpcError(StatusCode.UNKNOWN, message, { details }), {
      step: this.#steps.failedStep(undefined, message),
      ...(this.#facts && { facts: this.#facts }),
    });
  }

  #readText(text: string): void {
    const step = STEP_REGEXP.exec(text);
    // Output of a step that only looks like the beginning of another has not the next number.
    if (step !== null && Number(step[1]) === this.#number + 1) {
      this.#end("");
      this.#number++;
      const [, number, total, instruction] = step;
      this.#step = new Step(`[${number}/${total}] ${instruction!.trim()}`, this.#onStatus);
      return;
    }
    if (CACHED_REGEXP.test(text)) this.#step?.cached();
    this.#imageId ??= BUILT_REGEXP.exec(text)?.[1];
    if (!REMARK_REGEXP.test(text)) this.#step?.log(text);
  }

  #end(error: string): void {
    this.#step?.end(error);
    this.#step = undefined;
  }
}
