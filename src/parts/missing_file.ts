/** Says that there is nothing at a path; shells leave `~` as it is where it does not begin a word. */
export function missingFile(path: string): string {
  return `there is no "${path}"` + (path.startsWith("~/") ? "; ~ means nothing here" : "");
}
