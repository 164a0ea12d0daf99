import { styleText } from 'node:util'
import { print, safeTexts } from '../output.ts'
import { widthOf } from '../width.ts'
import { type AskedView, type DecisionView, layerNamed, statementNamed } from './view.ts'

/** A question of a table, with its answer. */
export interface Answered {
  readonly action: string
  readonly resource: string
  readonly answer: DecisionView
}

/**
 * The answers for people: a line for each with what decided, which gets a line of its own if the width is too small.
 */
export function writeVerdicts(given: readonly Answered[], stream: NodeJS.WriteStream): void {
  const rows = safeTexts(given).map(({ action, resource, answer }) => ({
    allowed: answer.allowed,
    action,
    resource,
    because: becauseOf(answer),
  }))
  const longest = (of: (row: (typeof rows)[number]) => string) =>
    Math.max(...rows.map((row) => of(row).length))
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
  print(`${allowed} of ${rows.length} allowed\n`, stream)
}

/** What decided, in a few words. */
export function becauseOf({ asked, allowed }: DecisionView): string {
  const last = asked.at(-1)
  if (last === undefined) return ''
  const { outcome, because, action, layers } = last
  if (allowed)
    return because === 'exempt' ? 'needs no permission' : (decidedBy(last, 'Allow') ?? `by ${because}`)
  if (outcome === 'explicitDeny') return `denied by ${decidedBy(last, 'Deny') ?? because}`
  const name = layerNamed(because, action)
  const isThere = layers.some(({ layer, policies }) => layer === because && policies.length > 0)
  return isThere
    ? `nothing in the ${name} allows it`
    : `there is no ${name.replace(/ies$/, 'y')} that allows it`
}

function decidedBy({ layers, because }: AskedView, effect: 'Allow' | 'Deny'): string | undefined {
  const of = effect === 'Deny' ? layers.filter(({ layer }) => layer === because) : layers
  for (const { policies } of of) {
    for (const { title, statements } of policies) {
      const found = statements.find((each) => each.matched && each.effect === effect)
      if (found !== undefined) return `${title}, ${statementNamed(found)}`
    }
  }
  return undefined
}
