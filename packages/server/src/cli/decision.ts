import { styleText } from 'node:util'
import { safeTexts } from './safe.ts'

/** A decision as the house's own API views it; only what the terminal shows. */
export interface DecisionView {
  readonly id?: string
  readonly time?: string
  readonly service?: string
  readonly operation?: string
  readonly caller: string
  readonly allowed: boolean
  readonly asked: readonly AskedView[]
  readonly otherRoles?: readonly string[]
}

export interface AskedView {
  readonly action: string
  readonly resource: string
  readonly outcome: 'allowed' | 'explicitDeny' | 'implicitDeny'
  readonly because: string
  readonly sentence: string
  readonly layers: readonly LayerView[]
  readonly suggestions: readonly { readonly edits: readonly EditView[] }[]
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
  readonly failed?: {
    readonly element: string
    readonly operator?: string
    readonly key?: string
    readonly wanted?: readonly string[]
    readonly seen?: unknown
  }
  readonly problem?: string
}

interface EditView {
  readonly type: string
  readonly layer: string
  readonly policy: string
  readonly sid?: string
  readonly index?: number
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
  const write = (text: string) => stream.write(`${text}\n`)
  const about = [view.id, view.time, view.operation && `${view.service}:${view.operation}`]
    .filter(Boolean)
    .join('  ')
  for (const asked of view.asked) {
    const allowed = asked.outcome === 'allowed'
    const head = allowed ? paint('green', '✓ allowed') : paint('red', '✗ DENIED')
    write(
      `${head}  ${asked.action}  ${asked.resource}  as ${view.caller}${about === '' ? '' : `  ${paint('dim', about)}`}`,
    )
    for (const layer of asked.layers) {
      write(`  ${markOf(layer)} ${nameOf(layer, asked.action).padEnd(24)} ${verdictOf(layer)}`)
      for (const line of statementsOf(layer)) write(paint('dim', `      ${line}`))
    }
    if (asked.layers.length === 0) write(`  because of ${asked.because}`)
    if (!allowed) for (const line of changesOf(asked)) write(`  ${line}`)
  }
  for (const role of view.otherRoles ?? [])
    write(`  this role, which the caller may put on, is allowed it: ${role}`)
}

function nameOf({ layer, level }: LayerView, action: string): string {
  return `${layerNamed(layer, action)}${level === undefined ? '' : ` (level ${level})`}`
}

function markOf({ verdict }: LayerView): string {
  return { allow: '✓', explicitDeny: '✗', noAllow: '–', notApplied: ' ' }[verdict]
}

function verdictOf({ verdict, policies }: LayerView): string {
  const count = policies.length === 1 ? '1 policy' : `${policies.length} policies`
  return {
    allow: `allows (${count})`,
    explicitDeny: `denies (${count})`,
    noAllow: policies.length === 0 ? 'there is none, and one must allow' : `nothing in ${count} allows it`,
    notApplied: 'does not bind this caller',
  }[verdict]
}

/** How many statements that did not match are shown of a layer; those that named the action come first. */
const shown = 4

function statementsOf({ verdict, policies }: LayerView): readonly string[] {
  const all = policies.flatMap(({ policy, statements }) =>
    statements.map((statement) => ({ policy, statement })),
  )
  const spoke = all.filter(({ statement }) => statement.matched)
  if (verdict !== 'noAllow')
    return spoke.map(({ policy, statement }) => `${placeOf(policy, statement)} ${statement.effect}`)
  // the further a statement came before it failed, the nearer it is to what was wanted
  const near = all
    .filter(({ statement }) => statement.failed !== undefined && statement.failed.element !== 'Action')
    .slice(0, shown)
  return near.map(({ policy, statement }) => `${placeOf(policy, statement)} ${failureOf(statement)}`)
}

function placeOf(policy: string, { sid, index, line, column }: StatementView): string {
  return `${policy} ${sid === undefined ? `statement ${index + 1}` : `Sid ${sid}`} :${line}:${column}`
}

function failureOf({ failed, problem }: StatementView): string {
  if (problem !== undefined) return `could not be evaluated: ${problem}`
  if (failed === undefined) return ''
  if (failed.operator === undefined) return `its ${failed.element} does not match`
  const seen = failed.seen === null ? 'no such key' : JSON.stringify(failed.seen)
  return `${failed.operator} ${failed.key} wants ${JSON.stringify(failed.wanted)}, the request has ${seen}`
}

/** The smallest change of policies that would allow what was denied, in words. */
export function changesOf({ suggestions, action }: AskedView): readonly string[] {
  const [first, ...more] = suggestions
  if (first === undefined) return ['No edit of a policy would allow it.']
  const lines = first.edits.map(
    (edit, i) => `${i === 0 ? 'Smallest change' : '           and'}: ${editOf(edit, action)}`,
  )
  return more.length === 0
    ? lines
    : [...lines, `(${more.length} other ${more.length === 1 ? 'way' : 'ways'}: --output json)`]
}

function editOf(edit: EditView, action: string): string {
  const name = layerNamed(edit.layer, action)
  const statement = edit.index === undefined ? '' : ` statement ${edit.index + 1}`
  const place = edit.sid === undefined ? statement : ` Sid ${edit.sid}`
  // the only one of its layer is named by it
  const where =
    edit.policy === edit.layer
      ? `the ${name}${place === '' ? '' : `,${place}`}`
      : `${edit.policy}${place} (${name})`
  switch (edit.type) {
    case 'addAction':
      return `add ${edit.action} to Action in ${where}`
    case 'addResource':
      return `add ${edit.resource} to Resource in ${where}`
    case 'addPrincipal':
      return `add ${edit.principal?.type} ${edit.principal?.value} to Principal in ${where}`
    case 'addConditionValue':
      return `add ${JSON.stringify(edit.value)} to ${edit.operator} ${edit.key} in ${where}`
    case 'removeCondition':
      return `remove ${edit.operator} ${edit.key} from ${where}`
    case 'removeStatement':
      return `remove the statement from ${where}`
    case 'addStatement':
      return `add ${JSON.stringify(edit.statement)} to ${where}`
    default:
      return `${edit.type} in ${where}`
  }
}
