import type { Dependencies } from '../../authorization/index.ts'
import { accountInArn, isoSeconds } from '../../base/index.ts'
import { type Account, accessService, centerUsers, roles, users } from '../../directory/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { whoAmI } from '../whoami.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** The routes by which any signer asks about itself, and the rotation of the keys that seal sessions. */
export function sessionRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/whoami$/,
      by: 'signer',
      async answer(_groups, _body, signer) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const person = await personOf(signer, deps)
        return { ...whoAmI(signer, deps.clock.now()), ...(person === undefined ? {} : { person }) }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/names\/(users|roles)$/,
      // for a shell that completes them: no call of IAM, and so no event
      answer: async ([what]) => ({ names: namesIn(what, await deps.directory.find(deps.firstAccount)) }),
    },
    {
      method: 'POST',
      path: /^\/_omen\/keys\/rotate$/,
      answer: async () => ({ sealsFrom: isoSeconds(await deps.keyRing.rotate(deps.clock.now())) }),
    },
  ]
}

/** The user of the directory for whom the account access manager assumed the role (behaviour SSO-192). */
async function personOf(signer: SignedCaller, { directory }: Dependencies): Promise<string | undefined> {
  const { service, serviceKeys } = signer.kind === 'role' ? signer.session : {}
  const owner = accountInArn(serviceKeys?.['identitystore:IdentityStoreArn'] ?? '')
  if (service !== accessService || owner === undefined) return undefined
  const people = await directory.findPeople(owner)
  return people.table(centerUsers).find(serviceKeys?.['identitystore:UserId'] ?? '')?.userName
}

/** The names of the account's users, or of its roles that people may put on. */
function namesIn(what: string | undefined, account: Account | undefined): readonly string[] {
  if (account === undefined) return []
  if (what === 'users') return [...account.table(users).values()].map(({ name }) => name)
  return [...account.table(roles).values()].flatMap(({ name, path }) =>
    /^\/(?:aws-service-role|aws-reserved)\//.test(path) ? [] : [name],
  )
}
