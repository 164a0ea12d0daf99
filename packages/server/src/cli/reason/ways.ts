import { folded, foldedJson } from '../folded.ts'
import { shortName } from '../short-name.ts'
import {
  type EditView,
  type KeyChangeView,
  layerNamed,
  type OpensView,
  statementNamed,
  type WayView,
} from './view.ts'

/** How many fixes of a kind are shown. */
const most: Readonly<Record<WayView['kind'], number>> = { call: 2, role: 3, widen: 2, guardrail: 2 }

/** The question, as far as the words of a fix depend on it. */
export interface WayOf {
  readonly action: string
  readonly resource: string
  readonly caller: string
}

/** The fixes for a denial, the best first; guardrails come last and are named. */
export function waysLines(ways: readonly WayView[], of: WayOf, indent: string): readonly string[] {
  if (ways.length === 0) return [`${indent}No edit of a policy would allow it.`]
  const shown = ways.filter(
    (way, i) => ways.slice(0, i).filter(({ kind }) => kind === way.kind).length < most[way.kind],
  )
  const rest = ways.length - shown.length
  const lines = shown.flatMap((way, i) => {
    const [first = '', ...more] = wayLines(way, of, `${indent}   `)
    return [`${indent}${i + 1}. ${first.trimStart()}`, ...more]
  })
  const head = `${indent}${shown.length === 1 ? 'The way out:' : 'Ways out, the best first:'}`
  return [head, ...lines, ...(rest > 0 ? [`${indent}(${rest} more: --output json)`] : [])]
}

function wayLines(way: WayView, of: WayOf, indent: string): readonly string[] {
  switch (way.kind) {
    case 'call':
      return way.changes.flatMap((change, i) =>
        folded([i === 0 ? 'Change the call:' : 'and', ...spoken(change, of)], indent),
      )
    case 'role':
      return folded(['Put on a role that may:', `omen exec ${commandRole(way.role, of.caller)} -- …`], indent)
    case 'widen':
      return [...editsLines(way.edits, startOf(way.edits), of.action, indent), ...opensLines(way, indent)]
    case 'guardrail': {
      const start = `Weaken a guardrail (${way.guardrails.join(', ')}):`
      return [...editsLines(way.edits, start, of.action, indent), ...opensLines(way, indent)]
    }
  }
}

/** What edits open beside the call. */
function opensLines({ opens }: { readonly opens?: OpensView }, indent: string): readonly string[] {
  switch (opens) {
    case 'administrator':
      return folded(['⚠ This opens a path to an administrator', 'for whoever has the permission.'], indent)
    case 'unknown':
      return folded(['⚠ It is not known whether this opens', 'a path to an administrator.'], indent)
    default:
      return []
  }
}

/** A session policy is given with the call that makes the session. */
function startOf(edits: readonly EditView[]): string {
  return edits.every(({ layer }) => layer === 'session')
    ? 'Make the session with a wider policy:'
    : 'Allow it:'
}

/** A role of the caller's account by its name, one of another by its ARN. */
function commandRole(arn: string, caller: string): string {
  return arn.split(':')[4] === caller.split(':')[4] ? shortName(arn) : arn
}

/** What the caller would do, and the option of the AWS CLI that does it. */
function spoken({ part, key, operator, wanted, value, seen }: KeyChangeView, of: WayOf): readonly string[] {
  const isAssumed = /^sts:AssumeRole/i.test(of.action)
  const text = [value ?? []].flat().join(',')
  const others = isExact(operator) ? wanted.filter((each) => each !== text && !each.includes('${')) : []
  const or =
    others.length === 0 ? '' : ` (or ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' …' : ''})`
  const name = key.slice(key.indexOf('/') + 1)
  if (value === null) return part === 'tag' ? [`do not send the tag ${name}`] : [`do not send ${key}`]
  switch (part) {
    case 'mfa':
      if (isAssumed) return ['give MFA:', `omen assume ${shortName(of.resource)} --mfa CODE`]
      return of.caller.includes(':assumed-role/')
        ? ['put the role on with MFA:', `omen assume ${of.caller.split('/')[1]} --mfa CODE`]
        : ['sign in with MFA first:', 'aws sts get-session-token --serial-number … --token-code …']
    case 'externalId':
      return [`send the external id:`, `--external-id ${text}${or}`]
    case 'tag':
      return [`send the tag ${name}:`, `--tags Key=${name},Value=${text}${or}`]
    case 'tagKeys':
      return [`send no tags but ${wanted.join(', ')}`]
    case 'region':
      return [`call another region:`, `--region ${text}${or}`]
    case 'session':
      return ['take a fresh session:', 'older ones are revoked']
    case 'https':
      return ['call by https,', 'or start the server with --assume-tls']
    case 'network':
      return [`call from ${wanted.slice(0, 3).join(' or ')}`, `(${key})`]
    case 'time':
      return ['call at another time:', `${operator} ${key} ${wanted.join(' or ')}`]
    case 'sessionName':
      return [`name the session:`, `--role-session-name ${text}${or}`]
    case 'sourceIdentity':
      return [`set the source identity:`, `--source-identity ${text}${or}`]
    case 'boundary':
      return ['give it the permissions boundary:', `--permissions-boundary ${text}`]
    default:
      return [
        `make it with ${key} = ${text}${or}`,
        ...(seen === null ? [] : [`instead of ${[seen].flat().join(', ')}`]),
      ]
  }
}

/** Returns whether each of the operator's values would do as well as another. */
function isExact(operator: string): boolean {
  return /^(?:ForAnyValue:)?(?:String|Arn)(?:Not)?(?:Equals|Like)/.test(operator)
}

function editsLines(
  edits: readonly EditView[],
  start: string,
  action: string,
  indent: string,
): readonly string[] {
  return edits.flatMap((edit, i) => editLines(edit, i === 0 ? start : 'and', action, indent))
}

function editLines(edit: EditView, start: string, action: string, indent: string): readonly string[] {
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

function whereOf(edit: EditView, action: string): string {
  const { layer, title } = edit
  const place = statementNamed(edit)
  // the only one of its layer is named by it
  const name = ['session', 'resource', 'endpoint'].includes(layer)
    ? `the ${layerNamed(layer, action)}`
    : title
  const role = layer === 'boundary' ? ' (permissions boundary)' : ''
  return `${name}${role}${place === '' ? '' : `, ${place}`}`
}
