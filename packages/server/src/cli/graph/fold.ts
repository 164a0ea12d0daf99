/** A row of a table of principals. */
export interface Row {
  readonly principal: string
  /** The other cells. Rows with equal ones are alike. */
  readonly cells: readonly string[]
}

/** So many rows that are alike are one. */
const least = 3

/**
 * Rows that are alike as one, if their names differ only after their last hyphen or in their last digits:
 * `role/app-* (17)`. It takes the place of the first of them.
 */
export function foldRows(rows: readonly Row[]): readonly Row[] {
  const groups = Map.groupBy(rows, ({ principal, cells }) => JSON.stringify([stemOf(principal), cells]))
  const written = new Set<readonly Row[]>()
  return rows.flatMap((row) => {
    const group = groups.get(JSON.stringify([stemOf(row.principal), row.cells])) ?? [row]
    if (group.length < least) return [row]
    if (written.has(group)) return []
    written.add(group)
    return [{ principal: `${stemOf(row.principal)} (${group.length})`, cells: row.cells }]
  })
}

/** The name with `*` in place of its last part. A name of one part has none. */
function stemOf(name: string): string {
  const start = name.lastIndexOf('/') + 1
  const own = name.slice(start)
  const digits = own.replace(/\d{1,64}$/, '')
  const end = Math.max(digits.lastIndexOf('-'), digits.lastIndexOf('_'), digits.lastIndexOf('.'))
  if (digits !== own && digits !== '') return `${name.slice(0, start)}${digits}*`
  return end < 1 ? name : `${name.slice(0, start)}${digits.slice(0, end + 1)}*`
}
