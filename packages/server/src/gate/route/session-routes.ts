import type { Dependencies } from '../../authorization/index.ts'
import { isoSeconds } from '../../base/index.ts'
import { type Account, roles, users } from '../../directory/index.ts'
import { whoAmI } from '../whoami.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** The routes by which any signer asks about itself, and the rotation of the keys that seal sessions. */
export function sessionRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/whoami$/,
      by: 'signer',
      answer(_groups, _body, signer) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        return whoAmI(signer, deps.clock.now())
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

/** The names of the account's users, or of its roles that people may put on. */
function namesIn(what: string | undefined, account: Account | undefined): readonly string[] {
  if (account === undefined) return []
  if (what === 'users') return [...account.table(users).values()].map(({ name }) => name)
  return [...account.table(roles).values()].flatMap(({ name, path }) =>
    /^\/(?:aws-service-role|aws-reserved)\//.test(path) ? [] : [name],
  )
}
