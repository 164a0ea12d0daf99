import { styleText } from 'node:util'
import { print, safeTexts } from '../output.ts'
import { columnsOf, widthOf } from '../width.ts'
import type { Language } from '../words/language.ts'
import { layerNamed, type ReasonWords, reasonWords } from '../words/reason.ts'
import { titled } from '../words/title.ts'
import { type AskedView, type DecisionView, statementNamed } from './view.ts'

/** A question of a table, with its answer. */
export interface Answered {
  readonly action: string
  readonly resource: string
  readonly answer: DecisionView
}

/**
 * The answers for people: a line for each with what decided, which gets a line of its own if the width is too small.
 */
export function writeVerdicts(
  given: readonly Answered[],
  stream: NodeJS.WriteStream,
  language: Language,
): void {
  const t = reasonWords[language]
  const rows = titled(safeTexts(given), language).map(({ action, resource, answer }) => ({
    allowed: answer.allowed,
    action,
    resource,
    because: becauseOf(answer, t),
  }))
  const longest = (of: (row: (typeof rows)[number]) => string) =>
    Math.max(...rows.map((row) => columnsOf(of(row))))
  const [actions, resources, becauses] = [
    longest(({ action }) => action),
    longest(({ resource }) => resource),
    longest(({ because }) => because),
  ]
  const isWide = 2 + actions + 2 + resources + 2 + becauses <= widthOf(stream)
  for (const { allowed, action, resource, because } of rows) {
    const mark = styleText(allowed ? 'green' : 'red', allowed ? '✓' : '✗', { stream })
    const reason = styleText('dim', because, { stream })
    const line = `${mark} ${action.padEnd(actions)}  ${isWide ? resource.padEnd(resources) : resource}`
    print(isWide ? `${line}  ${reason}\n` : `${line}\n    ${reason}\n`, stream)
  }
  const allowed = rows.filter((row) => row.allowed).length
  print(`${t.count(allowed, rows.length)}\n`, stream)
}

/** The deciding facts, in a few words. */
export function becauseOf({ asked, allowed }: DecisionView, t: ReasonWords): string {
  const last = asked.at(-1)
  if (last === undefined) return ''
  const { outcome, because, action, layers } = last
  if (allowed) return because === 'exempt' ? t.needsNone : (decidedBy(last, 'Allow', t) ?? t.by(because))
  if (outcome === 'explicitDeny') return t.deniedBy(decidedBy(last, 'Deny', t) ?? because)
  const name = layerNamed(because, action, t)
  const isThere = layers.some(({ layer, policies }) => layer === because && policies.length > 0)
  return isThere ? t.nothingIn(name) : t.noneAllows(name)
}

function decidedBy(
  { layers, because }: AskedView,
  effect: 'Allow' | 'Deny',
  t: ReasonWords,
): string | undefined {
  const of = effect === 'Deny' ? layers.filter(({ layer }) => layer === because) : layers
  for (const { policies } of of) {
    for (const { title, statements } of policies) {
      const statement = statements.find((each) => each.matched && each.effect === effect)
      if (statement !== undefined) return t.place(title, statementNamed(statement, t))
    }
  }
  return undefined
}
