/** The part of Go's text/template that `--format` is used with. */
import { FIELDS, goJson, type Json } from "./go_json.ts";
import { safeLine } from "../../progress/safe_text.ts";
import { UsageError } from "../usage_error.ts";

/** A template, ready to be used. */
export type Template = (value: Json) => string;

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly words: readonly string[] }
  | {
    readonly kind: "range" | "if";
    readonly words: readonly string[];
    readonly body: readonly Node[];
    readonly otherwise: readonly Node[];
  };

const ACTION_REGEXP = /\{\{(- )?\s*([^]*?)\s*( -)?\}\}/g;
const WORD_REGEXP = /"(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|]+/g;

/**
 * Takes a template: fields (`.ID`, `.Record.Ref`, in any case), `json`, `len`, texts, `range`, `if`, `else`, `end`; `json` alone
 * stands for `{{json .}}`. Throws a `UsageError` for anything else.
 */
export function parseTemplate(format: string): Template {
  const actions = tokens(format === "json" ? "{{json .}}" : format);
  const nodes = parseNodes(actions, format);
  if (actions.length > 0) throw wrong(format, `{{${actions[0]!.text}}} has nothing to end`);
  return (value) => render(nodes, value);
}

interface Token {
  readonly action: boolean;
  readonly text: string;
}

function tokens(format: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  let trim = false;
  for (const match of format.matchAll(ACTION_REGEXP)) {
    const text = format.slice(at, match.index);
    found.push({ action: false, text: trimmed(text, trim, match[1] !== undefined) });
    found.push({ action: true, text: match[2]! });
    trim = match[3] !== undefined;
    at = match.index + match[0].length;
  }
  found.push({ action: false, text: trimmed(format.slice(at), trim, false) });
  return found;
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const left = start ? text.trimStart() : text;
  return end ? left.trimEnd() : left;
}

/** Takes nodes from the front, up to an `else` or `end` that it leaves. */
function parseNodes(rest: Token[], format: string): Node[] {
  const nodes: Node[] = [];
  while (rest.length > 0) {
    const { action, text } = rest[0]!;
    if (action && (text === "end" || text === "else")) break;
    rest.shift();
    if (!action) {
      nodes.push({ kind: "text", text });
      continue;
    }
    if (text.startsWith("/*")) continue;
    const [first, ...words] = text.match(WORD_REGEXP) ?? [];
    if (first === "range" || first === "if") nodes.push(parseBlock(first, words, rest, format));
    else nodes.push({ kind: "print", words: checked([first ?? "", ...words], format) });
  }
  return nodes;
}

function parseBlock(
  kind: "range" | "if",
  words: readonly string[],
  rest: Token[],
  format: string,
): Node {
  const body = parseNodes(rest, format);
  const hasElse = rest[0]?.text === "else";
  if (hasElse) rest.shift();
  const otherwise = hasElse ? parseNodes(rest, format) : [];
  if (rest.shift()?.text !== "end") throw wrong(format, `{{${kind}}} has no {{end}}`);
  return { kind, words: checked(words, format), body, otherwise };
}

const KNOWN_REGEXP = /^(\.|(\.[A-Za-z_]\w*)+|json|len|not|\||".*"|`[^]*`)$/s;

function checked(words: readonly string[], format: string): readonly string[] {
  const unknown = words.find((word) => !KNOWN_REGEXP.test(word));
  if (unknown === undefined && words.length > 0) return words;
  throw wrong(format, unknown === undefined ? "{{}} is empty" : `"${unknown}" is not known here`);
}

function wrong(format: string, problem: string): UsageError {
  return new UsageError(
    `--format "${format}": ${problem}`,
    "Templates may have fields, json, len, range, if; for more take --format json and a tool for JSON",
  );
}

function render(nodes: readonly Node[], value: Json): string {
  return nodes.map((node) => {
    if (node.kind === "text") return node.text;
    const found = evaluate(node.words, value);
    if (node.kind === "print") return safe(shown(found));
    if (node.kind === "if") return render(isTrue(found) ? node.body : node.otherwise, value);
    const items = Array.isArray(found) ? found : Object.values(found as object ?? {});
    if (items.length === 0) return render(node.otherwise, value);
    return items.map((item) => render(node.body, item)).join("");
  }).join("");
}

/** `f x | g` is `g (f x)`. */
function evaluate(words: readonly string[], value: Json): Json {
  const at = words.lastIndexOf("|");
  if (at >= 0) return call(words[at + 1]!, evaluate(words.slice(0, at), value));
  const [first, second] = words as [string, string | undefined];
  return second === undefined ? operand(first, value) : call(first, operand(second, value));
}

function call(name: string, value: Json): Json {
  if (name === "json") return goJson(value);
  if (name === "not") return !isTrue(value);
  if (name === "len") return lengthOf(value);
  throw new UsageError(`--format: "${name}" is not a function`);
}

function lengthOf(value: Json): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return Object.keys(value as object ?? {}).length;
}

function operand(word: string, value: Json): Json {
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith("`")) return word.slice(1, -1);
  return word.split(".").filter((name) => name !== "").reduce(field, value);
}

/** Go's fields and their names in JSON differ in case alone. */
function field(value: Json, name: string): Json {
  if (typeof value !== "object" || value === null) return undefined;
  const { [FIELDS]: more = {} } = value as { [FIELDS]?: Record<string, Json> };
  const entries = [...Object.entries(more), ...Object.entries(value)];
  const same = (key: string) => key.replaceAll("_", "").toLowerCase() === name.toLowerCase();
  return (entries.find(([key]) => key === name) ?? entries.find(([key]) => same(key)))?.[1];
}

function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Without what could steer a terminal: values come from builds. */
function safe(text: string): string {
  return text.split("\n").map((line) => safeLine(line, false)).join("\n");
}

/** As Go prints it. */
function shown(value: Json): string {
  if (value === undefined || value === null) return "<no value>";
  if (Array.isArray(value)) return `[${value.map(shown).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  return `map[${Object.entries(value).map(([key, item]) => `${key}:${shown(item)}`).join(" ")}]`;
}
