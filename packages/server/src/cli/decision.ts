import { styleText } from 'node:util'
import { folded, foldedJson } from './folded.ts'
import { print, safeTexts } from './output.ts'

/** A decision as the house's own API views it; only what the terminal shows. */
export interface DecisionView {
  readonly id?: string
  readonly time?: string
  readonly service?: string
  readonly operation?: string
  readonly caller: string
  readonly allowed: boolean
  /** Mode audit let the call through all the same. */
  readonly letThrough?: boolean
  readonly asked: readonly AskedView[]
  /** Questions behind the denied one. */
  readonly behind?: readonly Pick<AskedView, 'action' | 'resource' | 'outcome'>[]
  /** Further ones, which nobody has looked at. */
  readonly beyond?: number
  /** What would allow the whole call; null where no policy can. */
  readonly change?: ChangeView | null
  readonly otherRoles?: readonly string[]
}

export interface AskedView {
  /** Who asked this; a chain's later questions are asked by the roles that were put on. */
  readonly caller?: string
  readonly action: string
  readonly resource: string
  readonly outcome: 'allowed' | 'explicitDeny' | 'implicitDeny'
  readonly because: string
  readonly sentence: string
  /** There is no such resource. */
  readonly missing?: boolean
  /** The policies allow it, and the scopes of the session do not. */
  readonly outOfScope?: boolean
  readonly layers: readonly LayerView[]
  readonly suggestions: readonly ChangeView[]
}

interface ChangeView {
  readonly edits: readonly EditView[]
}

interface LayerView {
  readonly layer: string
  readonly level?: number
  readonly verdict: 'allow' | 'explicitDeny' | 'noAllow' | 'notApplied'
  readonly policies: readonly { readonly policy: string; readonly statements: readonly StatementView[] }[]
}

interface StatementView {
  readonly sid?: string
  readonly index: number
  readonly effect: string
  readonly line: number
  readonly column: number
  readonly matched: boolean
  /** Of a statement that applies: what it asked for and found. */
  readonly conditions?: readonly ConditionView[]
  readonly failed?: Partial<ConditionView> & {
    readonly element: string
    readonly line: number
    readonly column: number
  }
  readonly problem?: string
}

interface ConditionView {
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  /** Null where the request has no such key. */
  readonly seen: unknown
}

interface EditView {
  readonly type: string
  readonly layer: string
  readonly policy: string
  readonly sid?: string
  readonly index?: number
  /** Where a value is added: Action, NotAction … */
  readonly element?: string
  readonly action?: string
  readonly resource?: string
  readonly principal?: { readonly type: string; readonly value: string }
  readonly operator?: string
  readonly key?: string
  readonly value?: string
  readonly statement?: unknown
}

const layerNames: Readonly<Record<string, string>> = {
  identity: 'identity policies',
  resource: 'resource policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'VPC endpoint policy',
}

/** Of a role the resource's policy is its trust policy. */
function layerNamed(layer: string, action: string): string {
  if (layer === 'resource' && /^sts:(?:AssumeRole|TagSession|Set)/i.test(action)) return 'trust policy'
  return layerNames[layer] ?? layer
}

/** The decision for people: the gates in order, the statements that spoke or nearly did, the smallest change. */
export function writeDecision(given: DecisionView, stream: NodeJS.WriteStream): void {
  const view = safeTexts(given)
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })
  const write = (text: string) => print(`${text}\n`, stream)
  const about = [view.id, view.time, view.operation && `${view.service}:${view.operation}`].filter(Boolean)
  for (const [index, asked] of view.asked.entries()) {
    const allowed = asked.outcome === 'allowed'
    const head = allowed ? paint('green', '✓ allowed') : paint('red', '✗ DENIED')
    write(`${head}  ${asked.action}  ${asked.resource}`)
    const caller = asked.caller ?? view.caller
    if (index === 0 || caller !== view.asked[index - 1]?.caller) write(`  as ${caller}`)
    if (index === 0 && about.length > 0) write(paint('dim', `  ${about.join('  ')}`))
    if (index === 0 && view.letThrough) write('  but let through, for the mode is audit')
    // what was allowed before the denial is not what is asked about
    if (allowed && !view.allowed) continue
    for (const line of gatesOf(asked)) write(line.startsWith('      ') ? paint('dim', line) : line)
    if (!allowed && view.change === undefined) for (const line of changesOf(asked, '  ')) write(line)
  }
  for (const line of behindOf(view)) write(`  ${line}`)
  const denied = view.asked.at(-1)
  if (denied !== undefined && view.change !== undefined) {
    const alone = view.behind?.length === 0 ? denied.suggestions : []
    for (const line of changeLines(view.change, alone, denied.action, '  ')) write(line)
  }
  const roles = view.otherRoles ?? []
  if (roles.length > 0) write('  Or put on a role that may:')
  for (const role of roles) write(`    ${role}`)
}

/** What the call would have been denied next. */
function behindOf({ behind = [], beyond = 0 }: DecisionView): readonly string[] {
  const denied = behind
    .filter(({ outcome }) => outcome !== 'allowed')
    .map(({ action, resource }) => `Behind it, denied too: ${action}  ${resource}`)
  return beyond === 0 ? denied : [...denied, `and ${beyond} questions more, which are not looked at`]
}

function gatesOf(asked: AskedView): readonly string[] {
  const { layers, because, action } = asked
  if (because === 'exempt') return ['  everybody may: it needs no permission']
  if (layers.length === 0) return [`  because of ${because}`]
  const levels = Math.max(...layers.map(({ level }) => level ?? 0))
  const lines = layers
    .filter((layer) => layer.layer !== 'rcp' || layer.policies.length > 0)
    .flatMap((layer) => [
      `  ${markOf(layer)} ${nameOf(layer, action, levels)}: ${verdictOf(layer, asked)}`,
      ...statementsOf(layer),
    ])
  return asked.outOfScope
    ? [...lines, '  – scopes of the session: each must allow it, and one does not']
    : lines
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
  const written = policies.filter(({ statements }) => statements.length > 0).length
  const count = written === 1 ? '1 policy' : `${written} policies`
  const isNeeded = asked.outcome === 'implicitDeny' && asked.because === layer
  switch (verdict) {
    case 'allow':
      return layer === 'rcp' ? `nothing in ${count} denies it` : `allows (${count})`
    case 'explicitDeny':
      return `denies (${count})`
    case 'notApplied':
      return 'does not bind this caller'
    case 'noAllow':
      if (written > 0) return `nothing in ${count} allows it`
      if (layer === 'resource' && asked.missing) return 'there is no such resource'
      return `there is none${isNeeded ? ', and one must allow' : ''}`
  }
}

/** How many statements that did not match are shown of a layer; those that named the action come first. */
const shown = 4

function statementsOf({ verdict, policies }: LayerView): readonly string[] {
  if (verdict === 'notApplied') return []
  const all = policies.flatMap(({ policy, statements }) =>
    statements.map((statement) => ({ policy, statement })),
  )
  if (verdict !== 'noAllow') {
    const effect = verdict === 'explicitDeny' ? 'Deny' : 'Allow'
    return all
      .filter(({ statement }) => statement.matched && statement.effect === effect)
      .flatMap(({ policy, statement }) => [
        `      ${placeOf(policy, statement, statement)} ${effect}`,
        ...(effect === 'Deny' ? reasonsOf(statement).flatMap((pieces) => folded(pieces, '        ')) : []),
      ])
  }
  // the further a statement came before it failed, the nearer it is to what was wanted
  const near = all.filter(
    ({ statement: { effect, failed } }) =>
      effect === 'Allow' && failed !== undefined && failed.element !== 'Action',
  )
  const rest = near.length - shown
  return [
    ...near
      .slice(0, shown)
      .flatMap(({ policy, statement }) => [
        `      ${placeOf(policy, statement, statement.failed ?? statement)}`,
        ...folded(failureOf(statement), '        '),
      ]),
    ...(rest > 0 ? [`      and ${rest} more: --output json`] : []),
  ]
}

function placeOf(
  policy: string,
  { sid, index }: StatementView,
  { line, column }: { readonly line: number; readonly column: number },
): string {
  return `${policy} ${sid ? `Sid ${sid}` : `statement ${index + 1}`} :${line}:${column}`
}

/** Why a Deny applies: its conditions, and what the request has. */
function reasonsOf({ conditions = [], problem }: StatementView): readonly (readonly string[])[] {
  if (problem !== undefined) return [['could not be evaluated, which denies:', problem]]
  return conditions.map(({ operator, key, wanted, seen }) => [
    `as ${operator} ${key} ${listed(wanted)} holds:`,
    `the request has ${seenOf(seen)}`,
  ])
}

function failureOf({ failed, problem }: StatementView): readonly string[] {
  if (problem !== undefined) return ['could not be evaluated:', problem]
  if (failed === undefined) return []
  const { element, operator, key, wanted = [], seen } = failed
  if (operator !== undefined)
    return [`${operator} ${key} wants ${listed(wanted)},`, `the request has ${seenOf(seen)}`]
  return [`its ${element} ${element.startsWith('Not') ? 'names it' : 'does not match'}:`, listed(wanted)]
}

/** Values that a line names; of more it says how many. */
const named = 4

function listed(values: readonly string[]): string {
  const texts = values.slice(0, named).map((value) => JSON.stringify(value))
  return `${texts.join(', ')}${values.length > named ? ` and ${values.length - named} more` : ''}`
}

function seenOf(seen: unknown): string {
  return seen === null || seen === undefined ? 'no such key' : JSON.stringify(seen)
}

/** The smallest change of policies that would allow what was denied, in words. */
export function changesOf({ suggestions, action }: AskedView, indent: string): readonly string[] {
  return changeLines(suggestions[0] ?? null, suggestions, action, indent)
}

/** `ways` are those of which the change is the first. */
function changeLines(
  change: ChangeView | null,
  ways: readonly ChangeView[],
  action: string,
  indent: string,
): readonly string[] {
  if (change === null) return [`${indent}No edit of a policy would allow it.`]
  const more = ways.length - 1
  const others = `${indent}(${more} other ${more === 1 ? 'way' : 'ways'}: --output json)`
  const lines = change.edits.flatMap((edit, i) =>
    editOf(edit, i === 0 ? 'Smallest change:' : 'and:', action, indent),
  )
  return more > 0 ? [...lines, others] : lines
}

function editOf(edit: EditView, start: string, action: string, indent: string): readonly string[] {
  const where = whereOf(edit, action)
  if (edit.type !== 'addStatement') return folded([start, ...wordsOf(edit, where)], indent)
  return [...folded([start, 'add to', `${where}:`], indent), ...foldedJson(edit.statement, `${indent}    `)]
}

function wordsOf(edit: EditView, where: string): readonly string[] {
  switch (edit.type) {
    case 'addAction':
      return [`add ${edit.action}`, `to ${edit.element}`, `in ${where}`]
    case 'addResource':
      return [`add ${edit.resource}`, `to ${edit.element}`, `in ${where}`]
    case 'addPrincipal':
      return [`add ${edit.principal?.type} ${edit.principal?.value}`, `to ${edit.element}`, `in ${where}`]
    case 'addConditionValue':
      return [`add ${JSON.stringify(edit.value)}`, `to ${edit.operator} ${edit.key}`, `in ${where}`]
    case 'removeCondition':
      return [`remove ${edit.operator} ${edit.key}`, `from ${where}`]
    case 'removeValue':
      return [`remove ${edit.value}`, `from ${edit.element}`, `in ${where}`]
    case 'removeStatement':
      return ['remove the statement', `from ${where}`]
    default:
      return [`${edit.type} in ${where}`]
  }
}

function whereOf({ layer, policy, index, sid }: EditView, action: string): string {
  const name = layerNamed(layer, action)
  const place = sid ? ` Sid ${sid}` : index === undefined ? '' : ` statement ${index + 1}`
  // the only one of its layer is named by it
  return policy === layer ? `the ${name}${place === '' ? '' : `,${place}`}` : `${policy}${place} (${name})`
}
