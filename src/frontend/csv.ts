/** One line of CSV, as the frontend's list attributes are read by Go's encoding/csv. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => needsQuotes(field) ? `"${field.replaceAll('"', '""')}"` : field)
    .join(",");
}

function needsQuotes(field: string): boolean {
  return field === "" || /[",\r\n]|^\s/.test(field);
}
