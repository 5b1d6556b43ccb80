/** Whether an error's text says that the vertex was stopped rather than that it failed. */
export function isCanceled(error: string): boolean {
  return error.endsWith("context canceled");
}
