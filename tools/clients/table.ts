import type { Outcome } from './cases.ts'
import type { CaseId, Client } from './clients.ts'

/** The columns after name and version. */
const columns: readonly CaseId[] = ['keys', 'role', 'configured', 'alone', 'global']

const begin = '<!-- clients -->'
const end = '<!-- end of clients -->'

/** The row of a client: what it did in each case. */
export function rowOf({ name, without }: Pick<Client, 'name' | 'without'>, outcome: Outcome): string {
  const cells = columns.map((id) =>
    outcome.arns[id] !== undefined ? '✓' : without?.[id] === undefined ? '✗' : '–',
  )
  return `| ${[name, outcome.version ?? '–', ...cells].join(' | ')} |`
}

/** A page with the row of this client in its table, in place of an older one. @throws Error if it has no table */
export function withRow(page: string, client: Pick<Client, 'name' | 'without'>, outcome: Outcome): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`)
  const lines = page.slice(from, to).trimEnd().split('\n')
  const row = rowOf(client, outcome)
  const at = lines.findIndex((line) => line.startsWith(`| ${client.name} |`))
  if (at < 0) lines.push(row)
  else lines[at] = row
  return `${page.slice(0, from)}${lines.join('\n')}\n${page.slice(to)}`
}
