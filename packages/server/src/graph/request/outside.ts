import type { Policy } from '@omen-iam/policy'
import type { World } from '../world/world.ts'
import { findHolder, type Holder, holdersOf } from './lent.ts'
import { readStatedClaims, type StatedClaims } from './stated-claims.ts'

/** Something outside the accounts in view that trust policies or policies of resources name, or a service. */
export type Outsider = {
  /** As a Principal element names it: an ARN, a service, a provider, `*`. */
  readonly arn: string
} & (
  | {
      readonly is: 'account'
      readonly account: string
      /** Its principals that trust policies name by themselves, if they are meant as well. */
      readonly named?: readonly string[]
    }
  | { readonly is: 'principal'; readonly account: string }
  | { readonly is: 'anyone' }
  | {
      readonly is: 'federated'
      readonly kind: 'oidc' | 'saml' | 'identity-center'
      /** The claims that the token is known to hold; if absent, it may hold any. */
      readonly says?: StatedClaims
    }
  | { readonly is: 'service' }
  | Holder
)

/** The kind of an outsider, as answers have it. */
export type OutsiderKind = Outsider['is']

/**
 * The outsiders that the trust policies of these accounts name, the accounts that policies of their resources name, and who
 * is lent roles, each once, in the order of their names.
 */
export function outsidersOf(worlds: readonly World[]): readonly Outsider[] {
  const inView = new Set(worlds.map(({ account }) => account))
  const found = new Map<string, Outsider>()
  const read = (policy: Policy, partition: string, isTrust: boolean): void => {
    for (const [type, outsider] of outsidersNamed(policy, partition, inView))
      if ((isTrust || type === 'AWS') && !found.has(outsider.arn)) found.set(outsider.arn, outsider)
  }
  for (const { partition, roles, inventory } of worlds) {
    for (const { trust } of roles.values()) if (trust !== undefined) read(trust.policy, partition, true)
    // Of other resources, nobody comes to hold a role.
    for (const { policy, role } of inventory.resources ?? [])
      if (policy !== undefined && role !== undefined) read(policy.policy, partition, false)
  }
  const order = ['anyone', 'federated', 'account', 'principal', 'service', 'lent']
  return [...found.values(), ...holdersOf(worlds)].sort(
    (one, other) => order.indexOf(one.is) - order.indexOf(other.is) || (one.arn < other.arn ? -1 : 1),
  )
}

/** The outsiders that the Allows of a policy name, each with the type of its entry: accounts but those in view. */
export function* outsidersNamed(
  { statements }: Policy,
  partition: string,
  inView: ReadonlySet<string>,
): Generator<readonly [type: string, outsider: Outsider]> {
  for (const { effect, principal } of statements) {
    if (effect !== 'Allow' || principal === undefined || principal.negated) continue
    for (const { type, value } of principal.entries)
      for (const outsider of named(type, value, partition, inView)) yield [type, outsider]
  }
}

function named(
  type: string,
  value: string,
  partition: string,
  inView: ReadonlySet<string>,
): readonly Outsider[] {
  if (type === 'Service') return [{ is: 'service', arn: value }]
  if (type === 'Federated') return [{ is: 'federated', kind: kindOf(value), arn: value }]
  if (value === '*') return [{ is: 'anyone', arn: '*' }]
  if (type !== 'AWS') return []
  const account = /^\d{12}$/.test(value) ? value : /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(value)?.[1]
  // A unique id is that of a principal that was deleted.
  if (account === undefined || inView.has(account)) return []
  const own: Outsider = { is: 'account', account, arn: `arn:${partition}:iam::${account}:root` }
  return value === account || value === own.arn ? [own] : [own, { is: 'principal', account, arn: value }]
}

function kindOf(provider: string): 'oidc' | 'saml' | 'identity-center' {
  if (!provider.includes(':saml-provider/')) return 'oidc'
  return /:saml-provider\/AWSSSO_/.test(provider) ? 'identity-center' : 'saml'
}

/** The issuer of a provider: the host and path of an OIDC provider, the name of a SAML provider. */
export function issuerOf(provider: string): string {
  return provider.startsWith('arn:') ? provider.slice(provider.indexOf('/') + 1) : provider
}

const aliases: Readonly<Record<string, string>> = {
  github: 'token.actions.githubusercontent.com',
  google: 'accounts.google.com',
  cognito: 'cognito-identity.amazonaws.com',
  facebook: 'graph.facebook.com',
  amazon: 'www.amazon.com',
}

/**
 * The outsider of a name: its ARN, an account's number, `anyone`, `federated:` and an issuer (or `github`, `google`,
 * `cognito`), `service:` and a service.
 */
export function findOutsider(all: readonly Outsider[], name: string): Outsider | undefined {
  const exact = all.find(({ arn }) => arn === name)
  if (exact?.is === 'account') return wholeAccount(all, exact)
  if (exact !== undefined) return exact
  if (name === 'anyone') return all.find(({ is }) => is === 'anyone')
  if (/^\d{12}$/.test(name)) {
    const account = all.find((each) => each.is === 'account' && each.account === name)
    return account && wholeAccount(all, account)
  }
  const [, kind, rest = ''] = /^(federated|service):(.+)$/.exec(name) ?? []
  if (kind === 'service')
    return all.find(
      ({ is, arn }) => is === 'service' && (arn === rest || arn.startsWith(`${rest}.amazonaws.com`)),
    )
  if (kind !== 'federated') return undefined
  const issuer = aliases[rest] ?? rest
  const federated = all.filter(({ is }) => is === 'federated')
  return federated.find(({ arn }) => arn === issuer || issuerOf(arn) === issuer)
}

/**
 * One whom lists leave out: a holder of roles like another one. Also an account that no policy names, or a principal of it: it
 * comes in where everyone does.
 */
export function strangerOf(
  name: string,
  worlds: readonly World[],
  all: readonly Outsider[],
): Outsider | undefined {
  const holder = findHolder(worlds, name)
  if (holder !== undefined || !all.some(({ is }) => is === 'anyone')) return holder
  const partition = worlds[0]?.partition ?? 'aws'
  const inView = new Set(worlds.map(({ account }) => account))
  return named('AWS', name, partition, inView).at(-1)
}

/**
 * The bearer of a token that is known to say something: claims as the token has them, or attributes of an assertion. If
 * they are complete, it says nothing else.
 * @throws TypeError if the outsider bears no token, or the claims are not what a token has
 */
export function withClaims(
  outsider: Outsider,
  claims: Readonly<Record<string, unknown>>,
  isComplete: boolean,
): Outsider {
  if (outsider.is !== 'federated') throw new TypeError(`${outsider.arn} has no tokens.`)
  const issuer = issuerOf(outsider.arn)
  return { ...outsider, says: readStatedClaims(claims, issuer, outsider.kind !== 'oidc', isComplete) }
}

/** An account with all of its principals that trust policies name. */
function wholeAccount(all: readonly Outsider[], account: Outsider): Outsider {
  if (account.is !== 'account') return account
  const named = all.flatMap((each) =>
    each.is === 'principal' && each.account === account.account ? [each.arn] : [],
  )
  return { ...account, named }
}

/** An outsider in words. */
export function titleOfOutsider(outsider: Outsider): string {
  switch (outsider.is) {
    case 'anyone':
      return 'anyone with an AWS account'
    case 'account':
      return `account ${outsider.account} (not in view)`
    case 'principal':
      return `${outsider.arn} (not in view)`
    case 'service':
      return `the service ${outsider.arn}`
    case 'lent':
      return outsider.title
    case 'federated':
      return outsider.kind === 'identity-center'
        ? 'IAM Identity Center'
        : outsider.kind === 'saml'
          ? `the SAML provider ${issuerOf(outsider.arn)}`
          : `tokens of ${issuerOf(outsider.arn)}`
  }
}
