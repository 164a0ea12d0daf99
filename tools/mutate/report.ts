import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { equivalents } from './equivalent.ts'
import { everyMutant, lineOf, percent, type Result } from './mutate.ts'
import { mutatedRooms } from './rooms.ts'
import { root } from './run.ts'

/** What was found of a room, as it is kept between runs. */
interface Row {
  readonly all: number
  readonly tried: number
  readonly seed: string
  readonly killed: number
  readonly equivalent: number
  readonly survivors: readonly string[]
}

const data = join(import.meta.dirname, 'results.json')

/** Writes what was found of a room into docs/MUTATION.md, beside what was found of the others. */
export function writeReport(name: string, { all, seed, killed, equivalent, survived }: Result): void {
  const rows: Record<string, Row> = JSON.parse(readFileSync(data, 'utf8'))
  rows[name] = {
    all,
    tried: killed + equivalent.length + survived.length,
    seed,
    killed,
    equivalent: equivalent.length,
    survivors: survived.map(lineOf).sort(),
  }
  write(rows)
}

/**
 * Writes the report with the lines and the numbers of mutants that are true now, without measuring anything. A survivor
 * whose line has changed is no mutant any more, and is left out.
 */
export function renewReport(): void {
  const rows: Record<string, Row> = JSON.parse(readFileSync(data, 'utf8'))
  for (const [name, row] of Object.entries(rows)) {
    const every = everyMutant(name)
    const byId = new Map(every.map((mutant) => [mutant.id, mutant]))
    const survivors = row.survivors.flatMap((line) => {
      const [id = '', verdict] = line.split(' ')
      const mutant = byId.get(id)
      if (mutant === undefined || (verdict !== 'survived' && verdict !== 'unrun')) return []
      return [lineOf({ mutant, verdict })]
    })
    rows[name] = { ...row, all: every.length, survivors }
  }
  write(rows)
}

function write(rows: Readonly<Record<string, Row>>): void {
  writeFileSync(data, `${JSON.stringify(rows, null, 2)}\n`)
  writeFileSync(join(root, 'docs', 'MUTATION.md'), reportOf(rows))
}

function reportOf(rows: Readonly<Record<string, Row>>): string {
  const known = Object.keys(mutatedRooms).flatMap((name) => {
    const row = rows[name]
    return row === undefined ? [] : [[name, row] as const]
  })
  const table = known.map(([name, { all, tried, seed, killed, equivalent }]) => {
    const share = killed / Math.max(1, tried - equivalent)
    const { least } = mutatedRooms[name]!
    return `| ${name} | ${all} | ${tried} (seed ${seed}) | ${killed} | ${equivalent} | ${percent(share)} | ${least === undefined ? '' : percent(least)} |`
  })
  const lists = known
    .filter(([, { survivors }]) => survivors.length > 0)
    .map(([name, { survivors }]) => `### ${name}\n\n${survivors.map((line) => `- \`${line}\``).join('\n')}\n`)
  return `${readFileSync(join(import.meta.dirname, 'about.md'), 'utf8')}
## Results

A sample of each room's mutants. The share is that of the killed ones among those that are not equivalent. The numbers of mutants
and the lines are renewed as the sources change (\`--renew\`); the samples are older.

| room | mutants | tried | killed | equivalent | share | must reach |
| --- | --- | --- | --- | --- | --- | --- |
${table.join('\n')}

## Equivalent mutants

No test can notice ${Object.keys(equivalents).length} mutants: [tools/mutate/equivalent.json](../tools/mutate/equivalent.json) has each by its id, with the
reason.

## Survivors

No test notices these yet. \`unrun\` means that no test of the room runs the line.

${lists.join('\n')}`
}
