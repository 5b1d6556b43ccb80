import { UsageError } from "./usage_error.ts";

/**
 * The fields of one CSV line, the grammar of structured flags: a field that holds a comma or a quote is quoted, quotes in
 * it are doubled (`type=image,"name=a,b"`). Throws a `UsageError` that names `flag`.
 */
export function csvFields(flag: string, text: string): string[] {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  do {
    const match = field.exec(text);
    if (match === null) {
      throw new UsageError(
        `${flag} "${text}" has a misplaced quote`,
        'Quote a whole field, for example type=image,"name=a,b"',
      );
    }
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "") return fields;
  } while (true);
}
