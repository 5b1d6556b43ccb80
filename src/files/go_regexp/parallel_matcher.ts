/** Matching in time proportional to the text: all ways through the expression are followed side by side. */
import type { Node } from "./node.ts";

/** One instruction. All but a character's go on without reading anything. */
type Instruction =
  | { readonly op: "character"; readonly test: RegExp }
  | { readonly op: "assertion"; readonly test: RegExp }
  /** Goes on at the next instruction and at `to`. */
  | { readonly op: "split"; to: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "match" };

/** A parsed expression, ready to test. */
export class ParallelMatcher {
  readonly #program: Instruction[] = [];

  constructor(node: Node) {
    this.#emit(node);
    this.#program.push({ op: "match" });
  }

  /** Whether the expression matches anywhere in `text`. */
  test(text: string): boolean {
    let at = 0;
    let active = new Set<number>();
    this.#enter(0, text, at, active);
    for (const character of text) {
      if (active.has(this.#program.length - 1)) return true;
      at += character.length;
      const next = new Set<number>();
      for (const index of active) {
        const instruction = this.#program[index]!;
        const reads = instruction.op === "character" && testAt(instruction.test, character, 0);
        if (reads) this.#enter(index + 1, text, at, next);
      }
      this.#enter(0, text, at, next);
      active = next;
    }
    return active.has(this.#program.length - 1);
  }

  /** Adds all instructions that can be reached from `start` without reading. */
  #enter(start: number, text: string, at: number, into: Set<number>): void {
    const pending = [start];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (into.has(index)) continue;
      into.add(index);
      const instruction = this.#program[index]!;
      if (instruction.op === "jump") pending.push(instruction.to);
      else if (instruction.op === "split") pending.push(instruction.to, index + 1);
      else if (instruction.op === "assertion" && testAt(instruction.test, text, at)) {
        pending.push(index + 1);
      }
    }
  }

  #emit(node: Node): void {
    switch (node.kind) {
      case "set":
        this.#program.push({ op: "character", test: new RegExp(node.source, "uy") });
        break;
      case "assertion":
        this.#program.push({ op: "assertion", test: new RegExp(node.source, "uy") });
        break;
      case "sequence":
        for (const child of node.of) this.#emit(child);
        break;
      case "alternatives":
        this.#emitAlternatives(node.of);
        break;
      case "repeat":
        this.#emitRepeat(node.of, node.min, node.max);
    }
  }

  #emitAlternatives(nodes: readonly Node[]): void {
    const ends: { to: number }[] = [];
    for (const [i, node] of nodes.entries()) {
      const split = i < nodes.length - 1 ? this.#branch("split") : undefined;
      this.#emit(node);
      if (split === undefined) continue;
      ends.push(this.#branch("jump"));
      split.to = this.#program.length;
    }
    for (const end of ends) end.to = this.#program.length;
  }

  #emitRepeat(node: Node, min: number, max: number): void {
    for (let i = 0; i < min; i++) this.#emit(node);
    const skips: { to: number }[] = [];
    for (let i = min; i < max; i++) {
      const start = this.#program.length;
      skips.push(this.#branch("split"));
      this.#emit(node);
      if (max === Infinity) {
        this.#branch("jump").to = start;
        break;
      }
    }
    for (const skip of skips) skip.to = this.#program.length;
  }

  /** Adds an instruction whose target is not known yet. */
  #branch(op: "split" | "jump"): { to: number } {
    const instruction = { op, to: -1 };
    this.#program.push(instruction);
    return instruction;
  }
}

function testAt(test: RegExp, text: string, at: number): boolean {
  test.lastIndex = at;
  return test.test(text);
}
