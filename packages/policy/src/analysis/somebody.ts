import { contextKeys } from '../condition/keys.ts'
import { parseOperator } from '../condition/operators.ts'
import type { Policy, PrincipalEntry, Statement } from '../document/policy.ts'
import { isAccountId, splitArn } from '../match/arn.ts'
import type { ContextInput } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'
import { accountNamed } from './elements.ts'

const someAccount = '123456789012'
const maxCallers = 6

/** Callers that match an entry of a Principal; without an entry, a typical user. */
export function somebody(entry: PrincipalEntry | undefined): readonly Principal[] {
  if (entry === undefined) return [userOf(someAccount)]
  const { type, value } = entry
  switch (type) {
    case 'Service':
      return [{ type: 'service', names: [value] }]
    case 'Federated':
      return [
        value.includes(':saml-provider/')
          ? { type: 'saml', provider: value }
          : { type: 'webIdentity', provider: value },
      ]
    case 'CanonicalUser':
      return [{ ...userOf(someAccount), canonicalId: value }]
    case 'AWS':
      return inAccount(value)
  }
}

/** Callers that match conditions on the keys that follow from the principal. */
export function callersIn(statements: readonly Statement[]): readonly Principal[] {
  return statements
    .flatMap(({ condition }) => condition)
    .filter(({ operator }) => parseOperator(operator).operator?.negated === false)
    .flatMap(({ key, values }) => values.flatMap(({ value }) => callerWith(key.toLowerCase(), value)))
    .slice(0, maxCallers)
}

function callerWith(key: string, value: string): readonly Principal[] {
  if (/[*?]|\$\{/.test(value)) return []
  if (key === 'aws:principalaccount') return isAccountId(value) ? [userOf(value)] : []
  if (key === 'aws:username') return /^[\w+=,.@-]+$/.test(value) ? [userOf(someAccount, 'aws', value)] : []
  const arn = key === 'aws:principalarn' ? splitArn(value) : undefined
  if (arn === undefined || !isAccountId(arn.account)) return []
  // The root user has no identity policies.
  return arn.resource === 'root' ? [] : inAccount(value)
}

/** The keys that follow from the principal, if the policies use them. */
export function principalKeys(
  principal: Principal,
  policies: readonly Policy[],
): Readonly<Record<string, ContextInput | undefined>> {
  const known = new Map(
    Object.entries(principalContext(principal)).map(([key, value]) => [key.toLowerCase(), value]),
  )
  const asked = contextKeys(policies).filter((key) => ofPrincipal.has(key.toLowerCase()))
  return Object.fromEntries(asked.map((key) => [key, known.get(key.toLowerCase())]))
}

const ofPrincipal: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:userid',
  'aws:username',
  'aws:federatedprovider',
])

type User = Extract<Principal, { readonly type: 'user' }>

function userOf(account: string, partition = 'aws', name = 'example'): User {
  return {
    type: 'user',
    arn: `arn:${partition}:iam::${account}:user/${name}`,
    account,
    id: 'AIDAIOSFODNN7EXAMPLE',
  }
}

function inAccount(value: string): readonly Principal[] {
  if (value === '*') return [userOf(someAccount), { type: 'anonymous' }]
  const account = accountNamed(value)
  if (account !== undefined) return [userOf(account.id, account.partition)]
  const arn = splitArn(value)
  if (arn === undefined) {
    const session = sessionOf(someAccount, 'example', 'example')
    return value.startsWith('AROA')
      ? [{ ...session, roleId: value }]
      : [{ ...userOf(someAccount), id: value }]
  }
  const [kind, ...path] = arn.resource.split('/')
  const name = path.at(-1) ?? 'example'
  if (kind === 'user') return [{ type: 'user', arn: value, account: arn.account }]
  if (kind === 'role') return [{ ...sessionOf(arn.account, name, 'example'), roleArn: value }]
  if (kind === 'assumed-role') return [sessionOf(arn.account, path[0] ?? name, name)]
  return [{ type: 'federatedUser', arn: value, account: arn.account, parent: userOf(arn.account) }]
}

function sessionOf(account: string, role: string, session: string) {
  return {
    type: 'roleSession',
    sessionArn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    account,
    roleId: 'AROAIOSFODNN7EXAMPLE',
  } as const
}
