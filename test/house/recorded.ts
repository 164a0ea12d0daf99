import { filesLike, readText } from './files.ts'

/** What a file of recorded rows has: docs/recordings/*.jsonl. */
export interface RecordedFile {
  readonly path: string
  readonly rows: readonly {
    readonly id: string
    readonly class: string
    readonly differs?: string
  }[]
}

export const recordedFiles: readonly RecordedFile[] = filesLike('docs/recordings/*.jsonl').map((path) => ({
  path,
  rows: readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line)),
}))

/** The table of docs/recordings/README.md: rows and classes of each file, and the rows in which Omen differs. */
export function recordedTable(): string {
  const lines = recordedFiles.map(({ path, rows }) => {
    const name = path.replace('docs/recordings/', '')
    const classes = new Set(rows.map((row) => row.class)).size
    return `| [${name}](${name}) | ${rows.length} | ${classes} | ${differing(rows)} |`
  })
  const all = recordedFiles.flatMap(({ rows }) => rows)
  return [
    '| file | answers | classes | Omen differs |',
    '| --- | --- | --- | --- |',
    ...lines,
    `| all | ${all.length} | | ${differing(all)} |`,
  ].join('\n')
}

function differing(rows: RecordedFile['rows']): number {
  return rows.filter(({ differs }) => differs !== undefined).length
}
