import { styleText } from 'node:util'
import { folded } from '../folded.ts'
import { print, safeTexts } from '../output.ts'
import { widthOf } from '../width.ts'
import type { Language } from '../words/language.ts'
import { layerNamed, type ReasonWords, reasonWords } from '../words/reason.ts'
import { titled } from '../words/title.ts'
import { gatesOf } from './gates.ts'
import { becauseOf } from './verdict-table.ts'
import type { BehindView, DecisionView } from './view.ts'
import { statementNamed } from './view.ts'
import { waysLines } from './ways.ts'

/** The most actions allowed before the denied one that get a line each. */
const mostAllowed = 4

/** The present decision on a past call. */
export interface NowView extends Pick<DecisionView, 'asked' | 'allowed'> {
  /** The caller, or its account, exists no more. */
  readonly gone?: boolean
}

/** The decision for people: the verdict, the gates in order with what decided in each, and the fixes. */
export function writeDecision(
  given: DecisionView,
  stream: NodeJS.WriteStream,
  language: Language,
  now?: NowView,
  { folded = false }: { readonly folded?: boolean } = {},
): void {
  const t = reasonWords[language]
  const view = titled(safeTexts(given), language)
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })
  const write = (text: string) => print(`${text}\n`, stream)
  const asked = view.asked.at(-1)
  if (asked === undefined) return
  const shown = view.allowed ? view.asked : [asked]
  const about = [view.id, view.time, view.operation && `${view.service}:${view.operation}`].filter(Boolean)
  for (const [index, each] of shown.entries()) {
    const allowed = each.outcome === 'allowed'
    const head = allowed ? paint('green', t.allowed) : paint('red', t.denied)
    write(`${head}  ${each.action}  ${each.resource}`)
    const caller = each.caller ?? view.caller
    if (index === 0 || caller !== shown[index - 1]?.caller) write(`  ${t.as(caller)}`)
    if (index === 0 && about.length > 0) write(paint('dim', `  ${about.join('  ')}`))
    if (index === 0 && view.letThrough) write(`  ${t.letThrough}`)
    if (index === 0 && now !== undefined)
      for (const line of nowLines(titled(safeTexts(now), language), t)) write(paint('green', line))
    if (index === 0 && !view.allowed) for (const line of beforeOf(view, t)) write(paint('dim', line))
    for (const { text, style } of gatesOf({ ...each, caller }, widthOf(stream), t))
      write(style ? paint(style, text) : text)
    if (each.assumed !== undefined) write(`  ${t.assumed(each.assumed.join(', '))}`)
  }
  if (view.allowed || now?.allowed) return
  for (const line of behindOf(view, t)) write(line)
  const of = { ...asked, caller: asked.caller ?? view.caller }
  if (folded) write(`  ${t.ways.leftOut}`)
  else for (const line of waysLines(view.ways ?? [], of, '  ', t)) write(line)
}

/** The changes since a denial: none, if the call would be denied still. */
function nowLines(now: NowView, t: ReasonWords): readonly string[] {
  if (now.gone) return [`  ${t.gone}`]
  return now.allowed ? folded([t.nowAllowed, becauseOf({ ...now, caller: '' }, t)], '  ') : []
}

/** The requests that were allowed before the denial: not in question, but part of the call. */
function beforeOf({ asked, caller }: DecisionView, t: ReasonWords): readonly string[] {
  const before = Map.groupBy(asked.slice(0, -1), (each) => `${each.action} ${each.caller ?? ''}`)
  const rest = before.size - mostAllowed
  const lines = [...before.values()].slice(0, mostAllowed).flatMap((group) => {
    const [one] = group
    if (one === undefined) return []
    const by = one.caller === caller ? undefined : one.caller
    return folded(t.before(one.action, one.resource, group.length, by), '  ')
  })
  return [...lines, ...(rest > 0 ? [`  ${t.beforeMore(rest)}`] : [])]
}

/** The next denial of the call, and why. */
function behindOf({ behind = [], beyond = 0 }: DecisionView, t: ReasonWords): readonly string[] {
  const denied = behind.filter(({ outcome }) => outcome !== 'allowed')
  const lines = denied.flatMap((one) =>
    folded([t.behind(one.action, one.resource), `(${reasonOf(one, t)})`], '  '),
  )
  return beyond === 0 ? lines : [...lines, `  ${t.beyond(beyond)}`]
}

function reasonOf({ outcome, layer, by, action }: BehindView, t: ReasonWords): string {
  if (outcome === 'explicitDeny' && by !== undefined)
    return t.deniedBy(t.place(by.title, statementNamed(by, t)))
  return t.nothingIn(layerNamed(layer ?? '', action, t))
}
