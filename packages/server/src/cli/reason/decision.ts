import { styleText } from 'node:util'
import { folded } from '../folded.ts'
import { print, safeTexts } from '../output.ts'
import { widthOf } from '../width.ts'
import { gatesOf } from './gates.ts'
import { becauseOf } from './verdict-table.ts'
import type { BehindView, DecisionView } from './view.ts'
import { layerNamed, statementNamed } from './view.ts'
import { waysLines } from './ways.ts'

/** The most actions allowed before the denied one that get a line each. */
const mostAllowed = 4

/** What the policies say at present of a past call. */
export interface NowView extends Pick<DecisionView, 'asked' | 'allowed'> {
  /** The caller, or its account, exists no more. */
  readonly gone?: boolean
}

/** The decision for people: the verdict, the gates in order with what decided in each, and the fixes. */
export function writeDecision(
  given: DecisionView,
  stream: NodeJS.WriteStream,
  now?: NowView,
  { folded = false }: { readonly folded?: boolean } = {},
): void {
  const view = safeTexts(given)
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })
  const write = (text: string) => print(`${text}\n`, stream)
  const asked = view.asked.at(-1)
  if (asked === undefined) return
  const shown = view.allowed ? view.asked : [asked]
  const about = [view.id, view.time, view.operation && `${view.service}:${view.operation}`].filter(Boolean)
  for (const [index, each] of shown.entries()) {
    const allowed = each.outcome === 'allowed'
    const head = allowed ? paint('green', '✓ allowed') : paint('red', '✗ DENIED')
    write(`${head}  ${each.action}  ${each.resource}`)
    const caller = each.caller ?? view.caller
    if (index === 0 || caller !== shown[index - 1]?.caller) write(`  as ${caller}`)
    if (index === 0 && about.length > 0) write(paint('dim', `  ${about.join('  ')}`))
    if (index === 0 && view.letThrough) write('  but let through, for the mode is audit')
    if (index === 0 && now !== undefined)
      for (const line of nowLines(safeTexts(now))) write(paint('green', line))
    if (index === 0 && !view.allowed) for (const line of beforeOf(view)) write(paint('dim', line))
    for (const { text, style } of gatesOf({ ...each, caller }, widthOf(stream)))
      write(style ? paint(style, text) : text)
    if (each.assumed !== undefined) write(`  assumed: ${each.assumed.join(', ')} (docs/behaviour)`)
  }
  if (view.allowed || now?.allowed) return
  for (const line of behindOf(view)) write(line)
  const of = { ...asked, caller: asked.caller ?? view.caller }
  if (folded) write('  The ways out are left out: omen why --ways')
  else for (const line of waysLines(view.ways ?? [], of, '  ')) write(line)
}

/** What has changed since a denial: nothing, if the call would be denied still. */
function nowLines(now: NowView): readonly string[] {
  if (now.gone) return ['  the caller is gone since']
  return now.allowed ? folded(['✓ now allowed:', becauseOf({ ...now, caller: '' })], '  ') : []
}

/** What was allowed before the denial: not in question, but part of the call. */
function beforeOf({ asked, caller }: DecisionView): readonly string[] {
  const before = Map.groupBy(asked.slice(0, -1), (each) => `${each.action} ${each.caller ?? ''}`)
  const rest = before.size - mostAllowed
  const lines = [...before.values()].slice(0, mostAllowed).flatMap((group) => {
    const [one] = group
    if (one === undefined) return []
    const on = group.length === 1 ? `on ${one.resource}` : `on ${group.length} resources`
    const by = one.caller === undefined || one.caller === caller ? [] : [`as ${one.caller}`]
    return folded(
      [`(${one.action}`, on, 'is allowed', ...by].map((text, i, all) =>
        i < all.length - 1 ? text : `${text})`,
      ),
      '  ',
    )
  })
  return [...lines, ...(rest > 0 ? [`  (and ${rest} more that are allowed)`] : [])]
}

/** The next denial of the call, and why. */
function behindOf({ behind = [], beyond = 0 }: DecisionView): readonly string[] {
  const denied = behind.filter(({ outcome }) => outcome !== 'allowed')
  const lines = denied.flatMap((one) =>
    folded([`Behind it, denied too: ${one.action}  ${one.resource}`, `(${reasonOf(one)})`], '  '),
  )
  return beyond === 0 ? lines : [...lines, `  and ${beyond} questions more, which are not looked at`]
}

function reasonOf({ outcome, layer = '', by, action }: BehindView): string {
  if (outcome === 'explicitDeny' && by !== undefined) return `denied by ${by.title}, ${statementNamed(by)}`
  return `nothing in the ${layerNamed(layer, action)} allows it`
}
