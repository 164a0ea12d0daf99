import { type Call, family, prepared } from '../../authorization/index.ts'
import { Failures, perObject } from '../../base/index.ts'
import { pageOf } from '../../center/index.ts'
import {
  type Directory,
  type IdentityPool,
  identityPools,
  loginKey,
  type PoolIdentity,
  poolIdentities,
  poolLogins,
  poolQuotas,
} from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { conflict, notAuthorized, tooMany } from './faults.ts'
import { newPoolId } from './ids.ts'
import { linked, loginsOf } from './links.ts'
import { type Login, provenLogins } from './logins.ts'
import { byId, getIdentity, getPool, onPool, poolArn } from './pool.ts'

/** Guests that an address may become within a minute, on this node. */
const guestsMost = 60
const guestsOf = perObject((_house: Directory) => new Failures(60_000, 10_000))

/** The identities that a pool knows. */
export const identities = family<CognitoIdentity.Operations>()({
  GetId: prepared({
    ...byId,
    prepare: (input: CognitoIdentity.GetIdInput, call: Call) =>
      provenLogins(input.Logins, getPool(input.IdentityPoolId, call), call),
    run(input: CognitoIdentity.GetIdInput, call: Call, logins: readonly Login[]) {
      const pool = getPool(input.IdentityPoolId, call)
      if (logins.length === 0) return { IdentityId: newGuest(pool, call) }
      return { IdentityId: identityOf(logins, pool, call).id }
    },
    event: ({ IdentityPoolId, Logins }: CognitoIdentity.GetIdInput) => ({
      requestParameters: { identityPoolId: IdentityPoolId, ...(Logins && { logins: hidden(Logins) }) },
    }),
  }),
  DescribeIdentity: {
    context: ({ IdentityId }, call) => poolKey(IdentityId, call),
    run: ({ IdentityId }, call) => viewOf(getIdentity(IdentityId, call).identity),
  },
  ListIdentities: onPool((input: CognitoIdentity.ListIdentitiesInput, { id }, { account }) => {
    const identitiesOfPool = [...account.table(poolIdentities).values()].filter(({ pool }) => pool === id)
    const { items, NextToken } = pageOf(identitiesOfPool, (each) => each.id, input)
    return { IdentityPoolId: id, Identities: items.map(viewOf), NextToken }
  }),
  DeleteIdentities: {
    context: ({ IdentityIdsToDelete: [first] }, call) => poolKey(first ?? '', call),
    run({ IdentityIdsToDelete: ids }, { account }) {
      const table = account.table(poolIdentities)
      const unknown = ids.filter((id) => table.find(id) === undefined)
      for (const id of ids) {
        const identity = table.find(id)
        if (identity === undefined) continue
        table.delete(id)
        const provider = account.table(identityPools).find(identity.pool)?.developerProvider
        for (const login of loginsOf(identity, provider))
          account.table(poolLogins).delete(loginKey({ pool: identity.pool, ...login }))
      }
      return {
        UnprocessedIdentityIds: unknown.map((IdentityId) => ({
          IdentityId,
          ErrorCode: 'AccessDenied' as const,
        })),
      }
    },
  },
})

function poolKey(id: string, { account }: Call) {
  const pool = account.table(poolIdentities).find(id)?.pool
  return { 'cognito-identity:IdentityPoolArn': pool === undefined ? undefined : poolArn(account, pool) }
}

/** @throws Fault if the pool takes no guests, or an address makes too many (behaviour COG-5) */
function newGuest(pool: IdentityPool, call: Call): string {
  const { origin, now, deps } = call
  const guests = guestsOf(deps.directory)
  if (!pool.letsGuests) throw notAuthorized('Unauthenticated access is not supported for this identity pool.')
  if (guests.of(origin.sourceIp, now) >= guestsMost)
    throw tooMany('Too many identities were made from this address.')
  guests.add(origin.sourceIp, now)
  return newIdentity({}, pool, call).id
}

/**
 * Returns the identity of a login: the one that it is linked to, made if there is none. Further logins are linked to it.
 * @param into the identity that they are linked to, if they have none @throws Fault ResourceConflictException if they belong
 * to several
 */
export function identityOf(
  logins: readonly Pick<Login, 'provider' | 'subject'>[],
  pool: IdentityPool,
  call: Call,
  into?: PoolIdentity,
): PoolIdentity {
  const { account } = call
  const owners = new Set(into === undefined ? [] : [into.id])
  for (const login of logins) {
    const owner = account.table(poolLogins).find(loginKey({ pool: pool.id, ...login }))
    if (owner !== undefined) owners.add(owner.identity)
  }
  if (owners.size > 1) throw conflict('A login is already linked to another identity.')
  const [owner] = owners
  const before = owner === undefined ? undefined : account.table(poolIdentities).find(owner)
  return linked(before ?? newIdentity({}, pool, call), logins, pool, call)
}

function newIdentity(logins: PoolIdentity['logins'], pool: IdentityPool, call: Call): PoolIdentity {
  const { account, now, deps } = call
  const table = account.table(poolIdentities)
  if (table.size >= poolQuotas.identities) throw tooMany('The account has too many identities.')
  const region = pool.id.split(':', 1)[0]!
  const id = newPoolId(region, account.id, deps.random)
  const identity = { id, pool: pool.id, logins, createdAt: now, modifiedAt: now }
  table.put(identity)
  return identity
}

export function hidden(logins: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(logins).map((name) => [name, 'HIDDEN_DUE_TO_SECURITY_REASONS']))
}

function viewOf({ id, logins, createdAt, modifiedAt }: PoolIdentity) {
  return {
    IdentityId: id,
    Logins: Object.keys(logins),
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
  }
}
