/** What an expression consists of, once parsed. */

/** `source` is JavaScript's own, for the `u` flag: of one code point, or of an assertion. */
export type Node =
  | { readonly kind: "set"; readonly source: string }
  | { readonly kind: "assertion"; readonly source: string }
  /** `max` may be `Infinity`. */
  | { readonly kind: "repeat"; readonly of: Node; readonly min: number; readonly max: number }
  | { readonly kind: "sequence"; readonly of: readonly Node[] }
  | { readonly kind: "alternatives"; readonly of: readonly Node[] };

/** The expression is not valid in Go. */
export class InvalidExpression extends Error {}
