/** Keeps the values of a build's secrets out of what its steps print. */
import type { StatusResponse, VertexLog } from "../../gen/control.ts";
import { builtin } from "../../runtime/builtin.ts";
import { PatternSet } from "./pattern_set.ts";
import { secretForms } from "./secret_forms.ts";
import { StreamMasker } from "./stream_masker.ts";

const NOTHING = new Uint8Array();

/** The masks of the builds that run now. */
const RUNNING = new Set<SecretMask>();

/** Outputs of steps whose last bytes are kept: it must not grow with what a daemon makes up. */
const MAX_OUTPUTS = 200;

/** One output of one step, while its last bytes are kept. */
interface Output {
  readonly masker: StreamMasker;
  /** Where those bytes are from, without them. */
  last: VertexLog;
}

/** Knows the secrets of one build, and takes its status messages in order. */
export class SecretMask {
  readonly #patterns = new PatternSet();
  /** The forms of this build's own secrets, by their values. */
  readonly #own = new Map<string, readonly Uint8Array[]>();
  readonly #outputs = new Map<string, Output>();
  readonly #peek: () => readonly Uint8Array[];
  #state: "new" | "running" | "closed" = "new";
  #peeked = false;

  /** `peek` is asked once, before the first output of a step, for what can be known although nobody has asked for it. */
  constructor(peek: () => readonly Uint8Array[] = () => []) {
    this.#peek = peek;
  }

  /** From now on this value is not shown, nor what it looks like in base64 and the like. */
  add(value: Uint8Array): void {
    this.#run();
    if (this.#state === "closed") return;
    const key = builtin("buffer").Buffer.from(value).toString("latin1");
    if (this.#own.has(key)) return;
    const forms = secretForms(value);
    this.#own.set(key, forms);
    for (const mask of RUNNING) mask.#look(forms);
  }

  /** The message without secrets in the output of steps and their errors; the end of an output may come with a later one. */
  status(status: StatusResponse): StatusResponse {
    this.#run();
    if (status.logs.length > 0) this.#peekOnce();
    if (this.#patterns.isEmpty) return status;
    const logs = status.logs.flatMap((log) => this.#log(log));
    const vertexes = status.vertexes.map((vertex) => {
      if (vertex.completed !== undefined) {
        logs.push(...this.#end(({ last }) => last.vertex === vertex.digest));
      }
      return vertex.error === "" ? vertex : { ...vertex, error: this.text(vertex.error) };
    });
    return { ...status, vertexes, logs };
  }

  /** What is left to be said after the last message, if anything. */
  rest(): StatusResponse | undefined {
    const logs = this.#end(() => true);
    return logs.length === 0 ? undefined : { vertexes: [], statuses: [], logs, warnings: [] };
  }

  /** A text without secrets. */
  text(text: string): string {
    if (this.#patterns.isEmpty) return text;
    const bytes = new TextEncoder().encode(text);
    const masker = new StreamMasker(this.#patterns);
    const [start, end] = [masker.write(bytes), masker.end()];
    if (start.length + end.length === bytes.length) return text;
    const decoder = new TextDecoder();
    return decoder.decode(start, { stream: true }) + decoder.decode(end);
  }

  /** The build is over. */
  close(): void {
    this.#state = "closed";
    RUNNING.delete(this);
  }

  /** A step that several builds share is done once, with the secrets of one of them, and all see what it prints. */
  #run(): void {
    if (this.#state !== "new") return;
    this.#state = "running";
    for (const other of RUNNING) for (const forms of other.#own.values()) this.#look(forms);
    RUNNING.add(this);
  }

  #peekOnce(): void {
    if (this.#peeked) return;
    this.#peeked = true;
    for (const value of this.#peek()) this.add(value);
  }

  #look(forms: readonly Uint8Array[]): void {
    for (const form of forms) this.#patterns.add(form);
  }

  #log(log: VertexLog): VertexLog[] {
    if (log.msg.length === 0) return [log];
    const key = `${log.stream} ${log.vertex}`;
    const masker = this.#outputs.get(key)?.masker ?? new StreamMasker(this.#patterns);
    this.#outputs.delete(key);
    const msg = masker.write(log.msg);
    const logs = msg.length === 0 ? [] : [{ ...log, msg }];
    if (!masker.keeps) return logs;
    this.#outputs.set(key, { masker, last: { ...log, msg: NOTHING } });
    if (this.#outputs.size <= MAX_OUTPUTS) return logs;
    const [oldest] = this.#outputs.values();
    return [...logs, ...this.#end((output) => output === oldest)];
  }

  /** What was kept of these outputs. */
  #end(which: (output: Output) => boolean): VertexLog[] {
    const ended = [...this.#outputs].filter(([, output]) => which(output));
    return ended.map(([key, { masker, last }]) => {
      this.#outputs.delete(key);
      return { ...last, msg: masker.end() };
    }).filter(({ msg }) => msg.length > 0);
  }
}
