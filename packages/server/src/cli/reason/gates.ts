import type { styleText } from 'node:util'
import { folded } from '../folded.ts'
import { laidOut, listKeyNote, marksOf, seenOf } from './statement.ts'
import {
  type AskedView,
  type LayerView,
  layerNamed,
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
export function gatesOf(asked: Asked, width: number): readonly Painted[] {
  const { layers, because, action } = asked
  if (because === 'exempt') return [{ text: '  everybody may: it needs no permission' }]
  if (layers.length === 0) return [{ text: `  because of ${because}` }]
  const levels = Math.max(...layers.map(({ level }) => level ?? 0))
  const lines = layers
    .filter((layer) => layer.layer !== 'rcp' || layer.policies.length > 0)
    .flatMap((layer): Painted[] => {
      const head = `${markOf(layer)} ${nameOf(layer, action, levels)}:`
      const lines = folded([head, verdictOf(layer, asked), ...allowedBy(layer)], '  ').map((text) => ({
        text,
      }))
      return [...lines, ...statementsOf(layer, asked, width)]
    })
  const scoped = { text: '  – scopes of the session: each must allow it, and one does not' }
  return asked.outOfScope ? [...lines, scoped] : lines
}

function nameOf({ layer, level }: LayerView, action: string, last: number): string {
  if (level === undefined) return layerNamed(layer, action)
  const place = level === 0 ? 'the root' : level === last ? 'the account' : `unit ${level}`
  return `${layerNamed(layer, action)} of ${place}`
}

function markOf({ verdict }: LayerView): string {
  return { allow: '✓', explicitDeny: '✗', noAllow: '–', notApplied: ' ' }[verdict]
}

function verdictOf({ layer, verdict, policies }: LayerView, asked: AskedView): string {
  const written = policies.filter(({ statements }) => statements.length > 0)
  const count = written.length === 1 ? '1 policy' : `${written.length} policies`
  const only = written.length === 1 ? written[0]!.title : undefined
  const isNeeded = asked.outcome === 'implicitDeny' && asked.because === layer
  switch (verdict) {
    case 'allow':
      return layer === 'rcp' ? `nothing in ${count} denies it` : 'allowed by'
    case 'explicitDeny':
      return 'DENIED by'
    case 'notApplied':
      return 'does not bind this caller'
    case 'noAllow':
      if (written.length > 0)
        return `nothing in ${isOne.has(layer) ? 'it' : (only ?? `these ${count}`)} allows it`
      if (layer === 'resource' && asked.missing) return 'there is no such resource'
      return `there is none${isNeeded ? ', and one must allow' : ''}`
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
function allowedBy({ layer, verdict, policies }: LayerView): readonly string[] {
  if (verdict !== 'allow' || layer === 'rcp') return []
  const by = policies.flatMap((policy) =>
    policy.statements
      .filter(({ matched, effect }) => matched && effect === 'Allow')
      .map((statement): Placed => ({ policy, statement })),
  )
  const [first] = by
  if (first === undefined) return []
  return [placeOf(first), ...(by.length > 1 ? [`and ${by.length - 1} more`] : [])]
}

/** How many statements that did not match are shown of a layer, the nearest laid out. */
const shown = 4

function statementsOf({ verdict, policies }: LayerView, asked: Asked, width: number): readonly Painted[] {
  if (verdict === 'notApplied') return []
  const all = policies.flatMap((policy) =>
    policy.statements.map((statement): Placed => ({ policy, statement })),
  )
  // a Deny that looks as if it applied, and never does
  const idle = all
    .filter(({ statement }) => statement.effect === 'Deny' && statement.failed?.needsSetOperator === true)
    .slice(0, shown)
    .flatMap(brief)
  if (verdict === 'allow') return idle
  if (verdict === 'explicitDeny') {
    const by = all.filter(({ statement }) => statement.matched && statement.effect === 'Deny')
    return by.flatMap((one, i) => (i === 0 ? whole(one, asked, width) : [{ text: `      ${placeOf(one)}` }]))
  }
  const near = all
    .filter(({ statement }) => statement.effect === 'Allow' && isNear(statement))
    .sort((a, b) => distance(a.statement) - distance(b.statement))
  const rest = near.length - shown
  return [
    ...idle,
    ...near.slice(0, shown).flatMap((one, i) => (i === 0 ? whole(one, asked, width) : brief(one))),
    ...(rest > 0 ? [{ text: `      and ${rest} more: --output json` }] : []),
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

function placeOf({ policy, statement }: Placed): string {
  const at = statement.failed ?? statement
  // in a document on one line a position leads nowhere
  const position = at.line > 1 ? ` (line ${at.line}, column ${at.column})` : ''
  return `${policy.title}, ${statementNamed(statement)}${position}`
}

/** The statement itself, with what decided marked in it. */
function whole(one: Placed, asked: Asked, width: number): readonly Painted[] {
  const { statement } = one
  const place = { text: `      ${placeOf(one)}` }
  if (statement.document === undefined) return [place, ...brief(one).slice(1)]
  const lines = laidOut(statement.document, marksOf(statement, asked), width - margin.length)
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
function brief(one: Placed): readonly Painted[] {
  const { statement } = one
  return [
    { text: `      ${placeOf(one)}` },
    ...folded(failureOf(statement), '        ').map((text): Painted => ({ text, style: 'dim' })),
  ]
}

function failureOf({ failed, problem }: StatementView): readonly string[] {
  if (problem !== undefined) return ['could not be evaluated:', problem]
  if (failed === undefined) return []
  const { element, operator, key = '', wanted = [], seen } = failed
  if (operator !== undefined) {
    const why = failed.needsSetOperator ? [`(${listKeyNote})`] : []
    return [`${operator} ${key} wants ${listed(wanted)},`, seenOf(key, seen), ...why]
  }
  return [`its ${element} ${element.startsWith('Not') ? 'names it' : 'does not match'}:`, listed(wanted)]
}
