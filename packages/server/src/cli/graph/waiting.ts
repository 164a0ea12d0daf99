import type { FactView } from '../../graph/index.ts'
import { print, safe } from '../output.ts'
import type { Line } from './lines.ts'

/** Facts that are missing, and how many rows each set of them decides. */
export interface Waiting {
  /** The rows that are undecided because of missing facts. */
  readonly rows: number
  /**
   * The most decisive fact first: each with the number of rows that wait for no other fact once it and those before it
   * are known.
   */
  readonly facts: readonly { readonly fact: FactView; readonly decided: number }[]
}

/** The most facts that are named. */
const mostFacts = 5

/** The facts that the undecided rows of a list wait for: those first that decide most rows together with those before them. */
export function waitingOf(lines: readonly Line[]): Waiting {
  const open = lines.flatMap((line) => {
    const facts = missingIn(line)
    return line.verdict === 'undecided' && facts.size > 0 ? [facts] : []
  })
  const rows = open.length
  const facts: { readonly fact: FactView; readonly decided: number }[] = []
  let left = open
  while (left.length > 0 && facts.length < mostFacts) {
    const counts = new Map<string, { readonly fact: FactView; count: number }>()
    for (const each of left)
      for (const [name, fact] of each) {
        const known = counts.get(name)
        if (known === undefined) counts.set(name, { fact, count: 1 / each.size })
        else known.count += 1 / each.size
      }
    const [best] = [...counts].sort(([, one], [, other]) => other.count - one.count)
    if (best === undefined) break
    const [name, { fact }] = best
    for (const each of left) each.delete(name)
    facts.push({ fact, decided: left.filter(({ size }) => size === 0).length })
    left = left.filter(({ size }) => size > 0)
  }
  return { rows, facts }
}

/** The facts that a row waits for, by what is said of them. */
function missingIn({ path, facts = [] }: Line): Map<string, FactView> {
  const ofSteps = (path?.steps ?? []).flatMap((step) => step.facts.filter(({ known }) => known === 'unknown'))
  return new Map([...facts, ...ofSteps].map((fact) => [fact.value, fact]))
}

/** A missing fact in words, and how it is read. [GRD-725] */
export function factText(fact: FactView, count = ''): string {
  const how = fact.isUnreadable === true ? unreadable : fact.readBy && safe(fact.readBy)
  return `${safe(fact.value)}${count}${how === undefined ? '' : `: ${how}`}`
}

/** How a missing fact is read, as a line of its own; none if it is known, or nothing is known of it. */
export function readingLine({ readBy, isUnreadable }: FactView): readonly string[] {
  if (isUnreadable === true) return [unreadable]
  return readBy === undefined ? [] : [`read by: ${safe(readBy)}`]
}

const unreadable = 'no call reads it'

/** Says after a list for which facts its undecided rows wait, and how they are read. */
export function printWaiting(lines: readonly Line[]): void {
  const { rows, facts } = waitingOf(lines)
  if (rows === 0) return
  const decided = facts.reduce((sum, each) => sum + each.decided, 0)
  const count = facts.length === 1 ? 'one fact decides' : `${facts.length} facts decide`
  print(`\n${count} ${decided} of ${rows} undecided ${rows === 1 ? 'row' : 'rows'}:\n`)
  for (const { fact, decided: more } of facts) {
    print(`  ${factText(fact, ` (${more} ${more === 1 ? 'row' : 'rows'})`)}\n`)
  }
}
