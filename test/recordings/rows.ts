import { before, describe, it } from 'node:test'
import { behaviours } from '../house/behaviours.ts'
import { readText } from '../house/files.ts'

/** One recorded answer of AWS: a line of docs/recordings/*.jsonl. What else it has depends on its file. */
export interface Row {
  /** Unique in its file; names the row of the source. */
  readonly id: string
  /** The rule of AWS that it proves. Sentences of docs/behaviour cite it. */
  readonly class: string
  /** Why Omen gives another answer: the row is doubtful, or outside what Omen serves. */
  readonly differs?: string
}

/** The rows of a file of docs/recordings, in the order of its lines. */
export function recordedRows<R extends Row>(file: string): readonly R[] {
  return readText(`docs/recordings/${file}`)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as R)
}

/**
 * Asks Omen every row of a file, in order, and compares: one test a class, whose failure names the rows and the
 * sentences that rest on them.
 *
 * @param ask returns how Omen's answer differs, or undefined where it agrees.
 */
export function replay<R extends Row>(
  file: string,
  ask: (row: R) => string | undefined | Promise<string | undefined>,
): void {
  const rows = recordedRows<R>(file)
  describe(`docs/recordings/${file}`, () => {
    const answers = new Map<string, string | undefined>()
    before(async () => {
      for (const row of rows) answers.set(row.id, await ask(row))
    })
    for (const [name, members] of Map.groupBy(rows, (row) => row.class))
      it(`${name} (${citing(name).join(', ')})`, () => {
        const breaches = members.flatMap((row) => breach(row, answers.get(row.id)))
        if (breaches.length > 0)
          throw new Error(`${breaches.length} of ${members.length} rows:\n${breaches.join('\n')}`)
      })
  })
}

function breach({ id, differs }: Row, difference: string | undefined): readonly string[] {
  if (differs === undefined) return difference === undefined ? [] : [`${id}: ${difference}`]
  return difference === undefined ? [`${id} agrees now: take its "differs" away`] : []
}

/** The sentences of docs/behaviour that rest on a class. */
function citing(name: string): readonly string[] {
  return behaviours
    .filter(({ links }) => links.some(({ label }) => label === `recording: ${name}`))
    .map(({ id }) => id)
}
