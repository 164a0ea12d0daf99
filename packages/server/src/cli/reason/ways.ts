import { folded, foldedJson } from '../folded.ts'
import { shownArgument } from '../output.ts'
import { shortName } from '../short-name.ts'
import { layerNamed, type ReasonWords } from '../words/reason.ts'
import { type EditView, type KeyChangeView, type OpensView, statementNamed, type WayView } from './view.ts'

type WayWords = ReasonWords['ways']

/** How many fixes of a kind are shown. */
const most: Readonly<Record<WayView['kind'], number>> = { call: 2, role: 3, widen: 2, guardrail: 2 }

/** The question, as far as the words of a fix depend on it. */
export interface WayOf {
  readonly action: string
  readonly resource: string
  readonly caller: string
}

/** The fixes for a denial, the best first; guardrails come last and are named. */
export function waysLines(
  ways: readonly WayView[],
  of: WayOf,
  indent: string,
  words: ReasonWords,
): readonly string[] {
  const t = words.ways
  if (ways.length === 0) return [`${indent}${t.none}`]
  const shown = ways.filter(
    (way, i) => ways.slice(0, i).filter(({ kind }) => kind === way.kind).length < most[way.kind],
  )
  const rest = ways.length - shown.length
  const lines = shown.flatMap((way, i) => {
    const [first = '', ...more] = wayLines(way, of, `${indent}   `, words)
    return [`${indent}${i + 1}. ${first.trimStart()}`, ...more]
  })
  const head = `${indent}${shown.length === 1 ? t.one : t.several}`
  return [head, ...lines, ...(rest > 0 ? [`${indent}${t.rest(rest)}`] : [])]
}

function wayLines(way: WayView, of: WayOf, indent: string, words: ReasonWords): readonly string[] {
  const t = words.ways
  switch (way.kind) {
    case 'call':
      return way.changes.flatMap((change, i) =>
        folded([i === 0 ? t.changeCall : t.and, ...spoken(change, of, t)], indent),
      )
    case 'role':
      return folded([t.putOn, `omen exec ${shownArgument(commandRole(way.role, of.caller))} -- …`], indent)
    case 'widen':
      return [
        ...editsLines(way.edits, startOf(way.edits, t), of.action, indent, words),
        ...opensLines(way, indent, t),
      ]
    case 'guardrail': {
      const start = t.weaken(way.guardrails.map(t.guardrail).join(', '))
      return [...editsLines(way.edits, start, of.action, indent, words), ...opensLines(way, indent, t)]
    }
  }
}

/** The paths that edits open beside the call. */
function opensLines(
  { opens }: { readonly opens?: OpensView },
  indent: string,
  t: WayWords,
): readonly string[] {
  switch (opens) {
    case 'administrator':
      return folded(t.opens(), indent)
    case 'unknown':
      return folded(t.mayOpen(), indent)
    default:
      return []
  }
}

/** A session policy is given with the call that makes the session. */
function startOf(edits: readonly EditView[], t: WayWords): string {
  return edits.every(({ layer }) => layer === 'session') ? t.widerSession : t.allow
}

/** A role of the caller's account by its name, one of another by its ARN. */
function commandRole(arn: string, caller: string): string {
  return arn.split(':')[4] === caller.split(':')[4] ? shortName(arn) : arn
}

/** The caller's alternative, and the option of the AWS CLI for it. */
function spoken(
  { part, key, operator, wanted, value, seen }: KeyChangeView,
  of: WayOf,
  t: WayWords,
): readonly string[] {
  const isAssumed = /^sts:AssumeRole/i.test(of.action)
  const text = [value ?? []].flat().join(',')
  const others = isExact(operator) ? wanted.filter((each) => each !== text && !each.includes('${')) : []
  const or =
    others.length === 0 ? '' : t.or(`${others.slice(0, 3).join(', ')}${others.length > 3 ? ' …' : ''}`)
  const name = key.slice(key.indexOf('/') + 1)
  if (value === null) return part === 'tag' ? [t.noTag(name)] : [t.noKey(key)]
  switch (part) {
    case 'mfa':
      if (isAssumed) return [t.mfa, `omen assume ${shownArgument(shortName(of.resource))} --mfa CODE`]
      return of.caller.includes(':assumed-role/')
        ? [t.mfaRole, `omen assume ${shownArgument(of.caller.split('/')[1] ?? '')} --mfa CODE`]
        : [t.mfaFirst, 'aws sts get-session-token --serial-number … --token-code …']
    case 'externalId':
      return [t.externalId, `--external-id ${text}${or}`]
    case 'tag':
      return [t.tag(name), `--tags Key=${name},Value=${text}${or}`]
    case 'tagKeys':
      return [t.onlyTags(wanted.join(', '))]
    case 'region':
      return [t.region, `--region ${text}${or}`]
    case 'session':
      return t.freshSession()
    case 'https':
      return t.https()
    case 'network':
      return [t.network(wanted.slice(0, 3)), `(${key})`]
    case 'time':
      return [t.time, `${operator} ${key} ${t.either(wanted)}`]
    case 'sessionName':
      return [t.sessionName, `--role-session-name ${text}${or}`]
    case 'sourceIdentity':
      return [t.sourceIdentity, `--source-identity ${text}${or}`]
    case 'boundary':
      return [t.boundary, `--permissions-boundary ${text}`]
    default:
      return [
        `${t.makeWith(key, text)}${or}`,
        ...(seen === null ? [] : [t.insteadOf([seen].flat().join(', '))]),
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
  words: ReasonWords,
): readonly string[] {
  return edits.flatMap((edit, i) => editLines(edit, i === 0 ? start : words.ways.and, action, indent, words))
}

function editLines(
  edit: EditView,
  start: string,
  action: string,
  indent: string,
  words: ReasonWords,
): readonly string[] {
  const where = whereOf(edit, action, words)
  if (edit.type !== 'addStatement') return folded([start, ...wordsOf(edit, where, words.ways)], indent)
  return [
    ...folded([start, ...words.ways.addTo(where)], indent),
    ...foldedJson(edit.statement, `${indent}    `),
  ]
}

function wordsOf(edit: EditView, where: string, t: WayWords): readonly string[] {
  const element = edit.element ?? ''
  switch (edit.type) {
    case 'addAction':
      return t.add(edit.action ?? '', element, where)
    case 'addResource':
      return t.add(edit.resource ?? '', element, where)
    case 'addPrincipal':
      return t.add(`${edit.principal?.type} ${edit.principal?.value}`, element, where)
    case 'addConditionValue':
      return t.add(JSON.stringify(edit.value), `${edit.operator} ${edit.key}`, where)
    case 'removeCondition':
      return t.remove(`${edit.operator} ${edit.key}`, where)
    case 'removeValue':
      return t.removeFrom(edit.value ?? '', element, where)
    case 'removeStatement':
      return t.removeStatement(where)
    default:
      return [t.edit(edit.type, where)]
  }
}

function whereOf(edit: EditView, action: string, words: ReasonWords): string {
  const { layer, title } = edit
  const place = statementNamed(edit, words)
  // the only one of its layer is named by it
  const name = ['session', 'resource', 'endpoint'].includes(layer)
    ? words.ways.layer(layerNamed(layer, action, words))
    : title
  const role = layer === 'boundary' ? words.ways.asBoundary : ''
  return place === '' ? `${name}${role}` : words.place(`${name}${role}`, place)
}
