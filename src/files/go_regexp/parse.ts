/**
 * Parses the part of Go's expressions (RE2 syntax) that a path pattern can turn into. JavaScript differs where it hurts: code
 * points, `.`, POSIX classes, `\s`, `\Q`, names of Unicode classes, stacked repetition, and in what is an error.
 */
import { codePoint, perlClass, posixClass, range, unicodeClass } from "./classes.ts";
import { InvalidExpression, type Node } from "./node.ts";

/** Without flags `^` and `$` are the ends of the text, never of a line. */
const ASSERTIONS: ReadonlyMap<string, string> = new Map([
  ["^", "^"],
  ["$", "$"],
  ["\\A", "^"],
  ["\\z", "$"],
  ["\\b", "\\b"],
  ["\\B", "\\B"],
]);

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 0x07],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
  ["v", 0x0b],
]);

/** The only group that patternmatcher makes: any directories, or none. */
const DIRECTORIES = "(.*/)?";
const NOT_NEWLINE = "[^\\n]";
const DIRECTORIES_NODE: Node = {
  kind: "repeat",
  of: {
    kind: "sequence",
    of: [
      { kind: "repeat", of: { kind: "set", source: NOT_NEWLINE }, min: 0, max: Infinity },
      { kind: "set", source: codePoint(0x2f) },
    ],
  },
  min: 0,
  max: 1,
};

/** `{2}`, `{2,}`, `{2,3}`, without leading zeros; any other brace is literal. */
const COUNT_REGEXP = /\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/y;
const MAX_COUNT = 1000;

/** Parses a whole expression. Throws `InvalidExpression` where Go reports an error. */
export function parseGoRegExp(source: string): Node {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  #at = 0;
  /** The sequence being read; what a repetition applies to is its last node. */
  #nodes: Node[] = [];
  /** Whether what was read last is a repetition, which must not be repeated. */
  #repeated = false;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Node {
    const alternatives: Node[] = [];
    while (this.#at < this.#source.length) {
      if (this.#take("|")) {
        alternatives.push({ kind: "sequence", of: this.#nodes });
        this.#nodes = [];
        this.#repeated = false;
      } else {
        this.#repeated = this.#repetition() || this.#atom();
      }
    }
    alternatives.push({ kind: "sequence", of: this.#nodes });
    return { kind: "alternatives", of: alternatives };
  }

  /** `*` or a count, put around the last node. False if there is none. */
  #repetition(): boolean {
    const bounds = this.#take("*") ? { min: 0, max: Infinity } : this.#count();
    if (bounds === undefined) return false;
    const of = this.#nodes.pop();
    if (of === undefined || this.#repeated) throw new InvalidExpression(this.#source);
    const node: Node = { kind: "repeat", of, ...bounds };
    if (copies(node) > MAX_COUNT) throw new InvalidExpression(this.#source);
    this.#nodes.push(node);
    return true;
  }

  #count(): { min: number; max: number } | undefined {
    const found = this.#match(COUNT_REGEXP);
    if (found === undefined) return undefined;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    const invalid = min > MAX_COUNT || max < min || (max > MAX_COUNT && max !== Infinity);
    if (invalid) throw new InvalidExpression(this.#source);
    return { min, max };
  }

  /** Reads anything else. True if it is, as a whole, a repetition. */
  #atom(): boolean {
    const directories = this.#take(DIRECTORIES);
    if (directories) this.#nodes.push(DIRECTORIES_NODE);
    else if (this.#take("\\Q")) this.#quoted();
    else this.#nodes.push(this.#assertion() ?? { kind: "set", source: this.#set() });
    return directories;
  }

  #assertion(): Node | undefined {
    for (const [text, source] of ASSERTIONS) {
      if (this.#take(text)) return { kind: "assertion", source };
    }
    return undefined;
  }

  /** Everything up to `\E`, or to the end, is literal. */
  #quoted(): void {
    const found = this.#source.indexOf("\\E", this.#at);
    const end = found < 0 ? this.#source.length : found;
    while (this.#at < end) this.#nodes.push({ kind: "set", source: codePoint(this.#next()) });
    this.#take("\\E");
  }

  /** What stands for one character. */
  #set(): string {
    if (this.#take(".")) return NOT_NEWLINE;
    if (this.#take("[")) return this.#class();
    const group = this.#escapedClass();
    return group === undefined ? codePoint(this.#character()) : `[${group}]`;
  }

  /** Reads a class whose `[` was read. A `]` that comes first is literal. */
  #class(): string {
    let source = this.#take("^") ? "[^" : "[";
    for (let first = true; first || this.#peek() !== "]"; first = false) {
      source += this.#posixClass() ?? this.#escapedClass() ?? this.#range();
    }
    this.#at++;
    return `${source}]`;
  }

  #range(): string {
    const low = this.#character();
    const toHigh = this.#peek() === "-" && this.#peek(1) !== "" && this.#peek(1) !== "]";
    if (!toHigh) return codePoint(low);
    this.#at++;
    const high = this.#character();
    if (high < low) throw new InvalidExpression(this.#source);
    return range(low, high);
  }

  /** `[:alpha:]`; without the `:]` it is none. */
  #posixClass(): string | undefined {
    if (!this.#source.startsWith("[:", this.#at)) return undefined;
    const end = this.#source.indexOf(":]", this.#at + 2);
    if (end < 0) return undefined;
    const name = this.#source.slice(this.#at + 2, end);
    this.#at = end + 2;
    return posixClass(name);
  }

  /** `\d` or `\pL` and their like, as what stands within a JavaScript class. */
  #escapedClass(): string | undefined {
    if (this.#peek() !== "\\") return undefined;
    const letter = this.#peek(1);
    if (letter === "p" || letter === "P") {
      this.#at += 2;
      return unicodeClass(letter, this.#unicodeName());
    }
    const source = perlClass(letter);
    if (source !== undefined) this.#at += 2;
    return source;
  }

  /** One letter, or several in braces. */
  #unicodeName(): string {
    if (!this.#take("{")) return String.fromCodePoint(this.#next());
    const end = this.#source.indexOf("}", this.#at);
    if (end < 0) throw new InvalidExpression(this.#source);
    const name = this.#source.slice(this.#at, end);
    this.#at = end + 1;
    return name;
  }

  /** A literal or escaped character. */
  #character(): number {
    if (!this.#take("\\")) return this.#next();
    const hex = this.#match(/x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/y);
    if (hex !== undefined) return this.#checked(parseInt(hex[1] ?? hex[2]!, 16));
    // A single digit other than 0 would be a back reference, which Go has not.
    const octal = this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal !== undefined) return parseInt(octal[0], 8);
    const code = this.#next();
    const control = CONTROL_ESCAPES.get(String.fromCodePoint(code));
    if (control !== undefined) return control;
    if (code >= 0x80 || /[0-9A-Za-z]/.test(String.fromCodePoint(code))) {
      throw new InvalidExpression(this.#source);
    }
    return code;
  }

  #checked(code: number): number {
    if (code > 0x10ffff) throw new InvalidExpression(this.#source);
    return code;
  }

  #peek(ahead = 0): string {
    return this.#source.charAt(this.#at + ahead);
  }

  #next(): number {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw new InvalidExpression(this.#source);
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Reads what a sticky expression finds here. */
  #match(syntax: RegExp): RegExpExecArray | undefined {
    syntax.lastIndex = this.#at;
    const found = syntax.exec(this.#source) ?? undefined;
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}

/** How often the innermost node is there when all counts are multiplied. */
function copies(node: Node): number {
  if (node.kind !== "repeat") return 1;
  if (node.max === 0) return 0;
  const count = node.max === Infinity ? node.min : node.max;
  return Math.max(count, 1) * copies(node.of);
}
