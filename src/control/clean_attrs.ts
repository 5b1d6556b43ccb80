/** What of a build's attributes may be shown: a daemon keeps them all, and those of caches hold keys. */

/** Of caches only what names them: other attributes may be keys. */
export function cleanAttrs(attrs: ReadonlyMap<string, string>): Map<string, string> {
  const imports = attrs.get("cache-imports");
  return imports === undefined
    ? new Map(attrs)
    : new Map([...attrs, ["cache-imports", cleanImports(imports)]]);
}

function cleanImports(text: string): string {
  try {
    const imports = JSON.parse(text) as Array<{ Type: string; Attrs?: Record<string, string> }>;
    return JSON.stringify(imports.map(({ Type, Attrs = {} }) => ({
      Type,
      Attrs: Object.fromEntries(
        Object.entries(Attrs).filter(([key]) => key === "ref" || key === "scope").sort(),
      ),
    })));
  } catch (error) {
    // Not the JSON that it should be: nothing of it is known to be harmless.
    if (error instanceof SyntaxError || error instanceof TypeError) return "";
    throw error;
  }
}
