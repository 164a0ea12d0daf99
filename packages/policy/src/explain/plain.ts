import { accountNamed } from '../analysis/elements.ts'
import { type ParsedOperator, parseOperator } from '../condition/operators.ts'
import { limitingKinds } from '../document/kinds.ts'
import type {
  ConditionEntry,
  Effect,
  ListElement,
  PolicyKind,
  PrincipalElement,
  PrincipalEntry,
  Statement,
} from '../document/policy.ts'

/** Maximum values in a sentence. The rest is counted. */
const maxNamed = 6

/** A statement as one plain sentence. `kind` decides whom a statement without a Principal applies to. */
export function plainSentence(statement: Statement, kind: PolicyKind): string {
  const { effect, principal, action, resource, condition } = statement
  const who = principal === undefined ? bearers[kind] : spokenPrincipal(principal, effect)
  const [verb, to] =
    effect === 'Deny'
      ? ['Forbids', 'to do']
      : limitingKinds.has(kind)
        ? ['Lets', 'be allowed']
        : ['Allows', 'to do']
  const what = spokenActions(action)
  const on = resource === undefined ? '' : ` on ${spokenResources(resource)}`
  const when = condition.map(spokenCondition)
  const only = effect === 'Allow' ? ', but only if ' : ', if '
  return `${verb} ${who} ${to} ${what}${on}${when.length === 0 ? '' : only}${when.join(', and ')}.`
}

const bearers: Readonly<Record<PolicyKind, string>> = {
  identity: 'anyone with this policy',
  trust: 'anyone with this policy',
  resource: 'anyone with this policy',
  key: 'anyone with this policy',
  scp: 'everyone in the accounts below',
  rcp: 'everyone',
  session: 'this session',
  boundary: 'anyone with this boundary',
  endpoint: 'everyone who comes through the endpoint',
}

function spokenPrincipal({ negated, entries }: PrincipalElement, effect: Effect): string {
  const names = list(
    entries.map((entry) => spokenEntry(entry, effect)),
    'and',
  )
  return negated ? `everyone except ${names}` : names
}

function spokenEntry({ type, value }: PrincipalEntry, effect: Effect): string {
  if (type === 'Service') return `the service ${value}`
  if (type === 'Federated') return `users of the identity provider ${value}`
  if (type === 'CanonicalUser') return `the account with the canonical id ${value}`
  if (value === '*') return 'everyone, including anonymous callers,'
  const account = accountNamed(value)
  if (account === undefined) return value
  // An Allow delegates to the account. A Deny needs nothing more.
  return `anyone in account ${account.id}${effect === 'Allow' ? ' whose own policies allow it' : ''}`
}

function spokenActions({ negated, values }: ListElement): string {
  const texts = values.map(({ value }) => value)
  if (negated) return `everything except ${list(texts, 'and')}`
  return texts.includes('*') ? 'everything' : list(texts, 'and')
}

function spokenResources({ negated, values }: ListElement): string {
  const texts = values.map(({ value }) => value)
  if (negated) return `everything except ${list(texts, 'and')}`
  return texts.includes('*') ? 'all resources' : list(texts, 'or')
}

function spokenCondition({ operator, key, values }: ConditionEntry): string {
  const name = parseOperator(operator)
  if (name.base === 'Null') {
    const absent = values.some(({ value }) => value.toLowerCase() === 'true')
    return `the request has ${absent ? 'no' : 'a'} ${key}`
  }
  const wanted = list(
    values.map(({ value }) => JSON.stringify(value)),
    name.operator?.negated ? 'nor' : 'or',
  )
  const whose =
    name.set === undefined
      ? key
      : name.set === 'ForAllValues'
        ? `every value of ${key}`
        : `some value of ${key}`
  const optional = name.ifExists ? ' (where the request has it)' : ''
  return `${whose}${optional} ${operatorWords(name)} ${wanted}`
}

/** A name that AWS does not know cannot be evaluated: the sentence shows it as it is written. */
function operatorWords({ base, operator }: ParsedOperator): string {
  return operator?.words ?? `${base} (unknown operator)`
}

function list(texts: readonly string[], word: 'and' | 'or' | 'nor'): string {
  if (texts.length === 0) return 'nothing'
  const named =
    texts.length > maxNamed ? [...texts.slice(0, maxNamed - 1), `${texts.length - maxNamed + 1} more`] : texts
  const last = named.at(-1)
  return named.length === 1 ? `${last}` : `${named.slice(0, -1).join(', ')} ${word} ${last}`
}
