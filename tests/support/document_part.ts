/** Parts of documents that programs write, each between two marks. */

/** What stands before a part and after it. */
export interface Marks {
  readonly begin: string;
  readonly end: string;
}

/** The part of a document between the marks. Throws if it has none. */
export function partOf(document: string, marks: Marks): string {
  const [from, to] = places(document, marks);
  return document.slice(from, to).trim();
}

/** The document with another part there. Throws if it has no place for it. */
export function withPart(document: string, marks: Marks, part: string): string {
  const [from, to] = places(document, marks);
  return `${document.slice(0, from)}\n\n${part}\n\n${document.slice(to)}`;
}

/** The lines of a part that is a table, without its head and the blanks that align them. */
export function rowsOf(part: string): string[] {
  return part.split("\n").slice(2).map((line) => line.replace(/ +/g, " "));
}

function places(document: string, { begin, end }: Marks): [from: number, to: number] {
  const at = document.indexOf(begin);
  const to = document.indexOf(end, at);
  if (at < 0 || to < 0) throw new Error(`The document has no ${begin} and ${end}`);
  return [at + begin.length, to];
}
