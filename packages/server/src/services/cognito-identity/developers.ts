import { type Call, family, prepared } from '../../authorization/index.ts'
import { pageOf } from '../../center/index.ts'
import {
  type IdentityPool,
  loginKey,
  type PoolIdentity,
  poolIdentities,
  poolLogins,
} from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { entitled } from './entitled.ts'
import { conflict, invalid, notFound } from './faults.ts'
import { hidden } from './identities.ts'
import { hasLogin, linked, loginsOf, unlinked } from './links.ts'
import { byId, getIdentity, onPool } from './pool.ts'

/** Users of a backend: which identity they are, and which of them are the same; and logins that are taken away. */
export const developers = family<CognitoIdentity.Operations>()({
  LookupDeveloperIdentity: onPool((input: CognitoIdentity.LookupDeveloperIdentityInput, pool, call) => {
    const { IdentityId: id, DeveloperUserIdentifier: user } = input
    const provider = developerOf(pool)
    if (user !== undefined) {
      const identity = userOf(user, pool, call)
      if (id !== undefined && id !== identity.id) throw conflict('The user belongs to another identity.')
      return { IdentityId: identity.id, DeveloperUserIdentifierList: [user] }
    }
    if (id === undefined) throw invalid('IdentityId or DeveloperUserIdentifier is required.')
    const users = loginsOf(identityIn(pool, id, call), provider).filter(
      (login) => login.provider === provider,
    )
    const { items, NextToken } = pageOf(users, ({ subject }) => subject, input)
    return { IdentityId: id, DeveloperUserIdentifierList: items.map(({ subject }) => subject), NextToken }
  }),
  MergeDeveloperIdentities: onPool((input: CognitoIdentity.MergeDeveloperIdentitiesInput, pool, call) => {
    if (input.DeveloperProviderName !== developerOf(pool)) throw notDevelopers()
    const source = userOf(input.SourceUserIdentifier, pool, call)
    const destination = userOf(input.DestinationUserIdentifier, pool, call)
    if (source.id === destination.id) return { IdentityId: destination.id }
    const moved = loginsOf(source, pool.developerProvider)
    // a refusal leaves nothing behind: the call fails as a whole
    unlinked(source, moved, pool, call)
    linked(destination, moved, pool, call)
    return { IdentityId: destination.id }
  }),
  UnlinkDeveloperIdentity: onPool((input: CognitoIdentity.UnlinkDeveloperIdentityInput, pool, call) => {
    if (input.DeveloperProviderName !== developerOf(pool)) throw notDevelopers()
    const identity = identityIn(pool, input.IdentityId, call)
    const login = { provider: input.DeveloperProviderName, subject: input.DeveloperUserIdentifier }
    if (!hasLogin(identity, login, call)) throw notFound('The user is not linked to the identity.')
    unlinked(identity, [login], pool, call)
  }),
  UnlinkIdentity: prepared({
    ...byId,
    readOnly: false,
    async prepare({ IdentityId, Logins }: CognitoIdentity.UnlinkIdentityInput, call: Call) {
      const { identity, pool } = getIdentity(IdentityId, call)
      if (Object.keys(Logins).length === 0) throw invalid('Logins are required.')
      await entitled(identity, pool, Logins, call)
    },
    run({ IdentityId, LoginsToRemove }: CognitoIdentity.UnlinkIdentityInput, call: Call) {
      const { identity, pool } = getIdentity(IdentityId, call)
      const names = new Set(LoginsToRemove)
      const gone = loginsOf(identity, pool.developerProvider).filter(({ provider }) => names.has(provider))
      unlinked(identity, gone, pool, call)
    },
    event: ({ IdentityId, Logins, LoginsToRemove }: CognitoIdentity.UnlinkIdentityInput) => ({
      requestParameters: {
        identityId: IdentityId,
        logins: hidden(Logins),
        loginsToRemove: LoginsToRemove,
      },
      responseElements: null,
    }),
  }),
})

/** @throws Fault InvalidParameterException */
function developerOf({ developerProvider }: IdentityPool): string {
  if (developerProvider === undefined) throw notDevelopers()
  return developerProvider
}

function notDevelopers() {
  return invalid('The pool has no such developer provider.')
}

/** The identity of a user of the backend. @throws Fault ResourceNotFoundException */
function userOf(subject: string, pool: IdentityPool, { account }: Call): PoolIdentity {
  const key = loginKey({ pool: pool.id, provider: developerOf(pool), subject })
  const id = account.table(poolLogins).find(key)?.identity
  const identity = id === undefined ? undefined : account.table(poolIdentities).find(id)
  if (identity === undefined) throw notFound('The developer user is not known.')
  return identity
}

/** @throws Fault ResourceNotFoundException */
export function identityIn(pool: IdentityPool, id: string, call: Call): PoolIdentity {
  const identity = getIdentity(id, call)
  if (identity.pool.id !== pool.id) throw notFound(`Identity '${id}' not found.`)
  return identity.identity
}
