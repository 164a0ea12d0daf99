import type { PrincipalEntry } from '../document/policy.ts'
import type { Principal } from '../evaluate/principal.ts'
import { splitArn } from '../match/arn.ts'
import { accountNamed } from './elements.ts'

const ACCOUNT = '123456789012'

/** Callers whom an entry of a Principal names; without one, a user like any other. */
export function somebody(entry: PrincipalEntry | undefined): readonly Principal[] {
  if (entry === undefined) return [userOf(ACCOUNT)]
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
      return [{ ...userOf(ACCOUNT), canonicalId: value }]
    case 'AWS':
      return inAccount(value)
  }
}

type User = Extract<Principal, { readonly type: 'user' }>

function userOf(account: string, partition = 'aws', name = 'example'): User {
  return { type: 'user', arn: `arn:${partition}:iam::${account}:user/${name}`, account }
}

function inAccount(value: string): readonly Principal[] {
  if (value === '*') return [userOf(ACCOUNT), { type: 'anonymous' }]
  const account = accountNamed(value)
  if (account !== undefined) return [userOf(account.id, account.partition)]
  const arn = splitArn(value)
  if (arn === undefined) {
    const session = sessionOf(ACCOUNT, 'example', 'example')
    return value.startsWith('AROA') ? [{ ...session, roleId: value }] : [{ ...userOf(ACCOUNT), id: value }]
  }
  const [kind = '', ...path] = arn.resource.split('/')
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
  } as const
}
