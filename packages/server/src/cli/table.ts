import { print } from './output.ts'

/** One row: each cell is a list of lines. */
export type TableRow = readonly (readonly string[])[]

/** Writes a table for people: columns as wide as their longest line, a row as high as its longest cell. */
export function writeTable(
  head: readonly string[],
  rows: readonly TableRow[],
  stream: NodeJS.WritableStream,
): void {
  const widths = head.map((title, column) => {
    let widest = title.length
    for (const row of rows) for (const line of row[column] ?? []) widest = Math.max(widest, line.length)
    return widest
  })
  const write = (cells: readonly string[]) =>
    print(
      `${cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
      stream,
    )
  write(head)
  write(widths.map((width) => '─'.repeat(width)))
  for (const row of rows) {
    const height = Math.max(1, ...row.map((cell) => cell.length))
    for (let line = 0; line < height; line++) write(row.map((cell) => cell[line] ?? ''))
  }
}
