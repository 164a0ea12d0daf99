import type { styleText } from 'node:util'
import { folded } from '../folded.ts'
import { layerNamed, type ReasonWords } from '../words/reason.ts'
import { laidOut, marksOf, seenOf } from './statement.ts'
import {
  type AskedView,
  type LayerView,
  listed,
  type PolicyView,
  type StatementView,
  statementNamed,
} from './view.ts'

/** A line for the terminal, and how it is painted. */
export interface Painted {
  readonly text: string
  readonly style?: Parameters<typeof styleText>[0]
}

type Asked = AskedView & { readonly caller: string }

/** The gates in their order; in each what decided, or came nearest. */
export function gatesOf(asked: Asked, width: number, t: ReasonWords): readonly Painted[] {
  const { layers, because, action } = asked
  if (because === 'exempt') return [{ text: `  ${t.gates.exempt}` }]
  if (layers.length === 0) return [{ text: `  ${t.gates.because(because)}` }]
  const levels = Math.max(...layers.map(({ level }) => level ?? 0))
  const lines = layers
    .filter((layer) => layer.layer !== 'rcp' || layer.policies.length > 0)
    .flatMap((layer): Painted[] => {
      const head = `${markOf(layer)} ${nameOf(layer, action, levels, t)}:`
      const lines = folded([head, verdictOf(layer, asked, t), ...allowedBy(layer, t)], '  ').map((text) => ({
        text,
      }))
      return [...lines, ...statementsOf(layer, asked, width, t)]
    })
  const scoped = { text: `  ${t.gates.scopes}` }
  return asked.outOfScope ? [...lines, scoped] : lines
}

function nameOf({ layer, level }: LayerView, action: string, last: number, t: ReasonWords): string {
  const name = layerNamed(layer, action, t)
  if (level === undefined) return name
  const { root, account, unit, of } = t.gates
  return of(name, level === 0 ? root : level === last ? account : unit(level))
}

function markOf({ verdict }: LayerView): string {
  return { allow: '✓', explicitDeny: '✗', noAllow: '–', notApplied: ' ' }[verdict]
}

function verdictOf(
  { layer, verdict, policies }: LayerView,
  asked: AskedView,
  { gates }: ReasonWords,
): string {
  const written = policies.filter(({ statements }) => statements.length > 0)
  const only = written.length === 1 ? written[0]!.title : undefined
  const isNeeded = asked.outcome === 'implicitDeny' && asked.because === layer
  switch (verdict) {
    case 'allow':
      return layer === 'rcp' ? gates.nothingDenies(written.length) : gates.allowedBy
    case 'explicitDeny':
      return gates.deniedBy
    case 'notApplied':
      return gates.notApplied
    case 'noAllow':
      if (written.length > 0 && isOne.has(layer)) return gates.nothingInIt
      if (only !== undefined) return gates.nothingIn(only)
      if (written.length > 0) return gates.nothingInThese(written.length)
      if (layer === 'resource' && asked.missing) return gates.noResource
      return isNeeded ? gates.noneNeeded : gates.none
  }
}

/** A statement with the policy that it is of. */
interface Placed {
  readonly policy: PolicyView
  readonly statement: StatementView
}

/** Layers that have one policy, which their name names. */
const isOne = new Set(['resource', 'session', 'endpoint'])

/** The statements that allow it. */
function allowedBy({ layer, verdict, policies }: LayerView, t: ReasonWords): readonly string[] {
  if (verdict !== 'allow' || layer === 'rcp') return []
  const by = policies.flatMap((policy) =>
    policy.statements
      .filter(({ matched, effect }) => matched && effect === 'Allow')
      .map((statement): Placed => ({ policy, statement })),
  )
  const [first] = by
  if (first === undefined) return []
  return [placeOf(first, t), ...(by.length > 1 ? [t.gates.more(by.length - 1)] : [])]
}

/** How many statements that did not match are shown of a layer, the nearest laid out. */
const shown = 4

function statementsOf(
  { verdict, policies }: LayerView,
  asked: Asked,
  width: number,
  t: ReasonWords,
): readonly Painted[] {
  if (verdict === 'notApplied') return []
  const all = policies.flatMap((policy) =>
    policy.statements.map((statement): Placed => ({ policy, statement })),
  )
  // a Deny that looks as if it applied, and never does
  const idle = all
    .filter(({ statement }) => statement.effect === 'Deny' && statement.failed?.needsSetOperator === true)
    .slice(0, shown)
    .flatMap((one) => brief(one, t))
  if (verdict === 'allow') return idle
  if (verdict === 'explicitDeny') {
    const by = all.filter(({ statement }) => statement.matched && statement.effect === 'Deny')
    return by.flatMap((one, i) =>
      i === 0 ? whole(one, asked, width, t) : [{ text: `      ${placeOf(one, t)}` }],
    )
  }
  const near = all
    .filter(({ statement }) => statement.effect === 'Allow' && isNear(statement))
    .sort((a, b) => distance(a.statement) - distance(b.statement))
  const rest = near.length - shown
  return [
    ...idle,
    ...near.slice(0, shown).flatMap((one, i) => (i === 0 ? whole(one, asked, width, t) : brief(one, t))),
    ...(rest > 0 ? [{ text: `      ${t.gates.moreInJson(rest)}` }] : []),
  ]
}

function isNear({ failed, unknownActions }: StatementView): boolean {
  return unknownActions !== undefined || (failed !== undefined && failed.element !== 'Action')
}

/** The further a statement's evaluation came before it failed, the nearer it is. */
function distance({ failed }: StatementView): number {
  if (failed?.element === 'Condition') return 0
  return failed?.element.endsWith('Resource') ? 1 : 2
}

function placeOf({ policy, statement }: Placed, t: ReasonWords): string {
  const at = statement.failed ?? statement
  // in a document on one line a position leads nowhere
  const position = at.line > 1 ? t.gates.position(at.line, at.column) : ''
  return `${t.place(policy.title, statementNamed(statement, t))}${position}`
}

/** The statement itself, with what decided marked in it. */
function whole(one: Placed, asked: Asked, width: number, t: ReasonWords): readonly Painted[] {
  const { statement } = one
  const place = { text: `      ${placeOf(one, t)}` }
  if (statement.document === undefined) return [place, ...brief(one, t).slice(1)]
  const lines = laidOut(statement.document, marksOf(statement, asked, t), width - margin.length)
  return [
    place,
    ...lines.flatMap(({ text, marked, notes }): Painted[] => [
      { text: `${marked ? marker : margin}${text}`, style: marked ? 'bold' : 'dim' },
      ...notes.map((note): Painted => ({ text: `${margin}${deep(text)}  ^ ${note}`, style: 'yellow' })),
    ]),
  ]
}

const margin = '        '
const marker = '      ▶ '

/** The blanks before a line's text. */
function deep(text: string): string {
  return text.slice(0, text.length - text.trimStart().length)
}

/** A statement in two lines. */
function brief(one: Placed, t: ReasonWords): readonly Painted[] {
  const { statement } = one
  return [
    { text: `      ${placeOf(one, t)}` },
    ...folded(failureOf(statement, t), '        ').map((text): Painted => ({ text, style: 'dim' })),
  ]
}

function failureOf({ failed, problem }: StatementView, t: ReasonWords): readonly string[] {
  if (problem !== undefined) return [t.gates.notEvaluated, problem]
  if (failed === undefined) return []
  const { element, operator, key = '', wanted = [] } = failed
  if (operator !== undefined) {
    const why = failed.needsSetOperator ? [`(${t.listKey})`] : []
    return [t.gates.wants(`${operator} ${key}`, listed(wanted, t)), seenOf(key, failed, t), ...why]
  }
  const says = element.startsWith('Not') ? t.gates.namesIt : t.gates.doesNotMatch
  return [says(element), listed(wanted, t)]
}
