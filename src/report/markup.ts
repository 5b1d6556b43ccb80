/** Markup that is safe to put into a page: values are escaped where they are put in, and nowhere else. */

/** Markup made by {@linkcode markup}. */
export class Markup {
  readonly #markup: string;

  /** `markup` must be safe. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

type Value = Markup | string | number | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template: texts and numbers are escaped, markup and lists of it are not. Attributes must be quoted. (It is not called
 * `html`: formatters know that name, and change the white space of its templates.)
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = values.map((value, index) => strings[index]! + toMarkup(value));
  return new Markup(parts.join("") + strings.at(-1)!);
}

function toMarkup(value: Value): string {
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.join("");
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
