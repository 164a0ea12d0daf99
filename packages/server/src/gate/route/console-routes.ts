import type { Dependencies } from '../../authorization/index.ts'
import { Fault } from '../../base/index.ts'
import { findRoleNamed, users } from '../../directory/index.ts'
import { type LinkTarget, type SignIn, type SignInLinks, SignInRefusal } from '../../services/signin/index.ts'
import { aheadOf } from '../test-clock.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'
import { adminName } from './bootstrap.ts'

/** One-time links into the console, and decisions in a person's place, for the server's owner. */
export function consoleRoutes(
  deps: Dependencies,
  signIn: () => Promise<SignIn>,
  version: string,
): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/server$/,
      by: 'signer',
      answer: () => ({
        version,
        mode: deps.mode,
        time: new Date(deps.clock.now()).toISOString(),
        ...aheadOf(deps.clock),
      }),
    },
    {
      method: 'POST',
      path: /^\/_omen\/console-links$/,
      async answer(_groups, body) {
        const as = body.as === undefined ? undefined : textIn(body, 'as')
        return { path: await consoleLink(as, deps, (await signIn()).links) }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/approvals$/,
      async answer(_groups, body, _signer, _query, _within, { origin }) {
        const deny = body.decision === 'deny'
        const as = deny ? '' : textIn(body, 'as')
        const target = deny
          ? 'deny'
          : as.startsWith('center/')
            ? { center: as.slice('center/'.length) }
            : { ...(await targetOf(as, deps)), mfa: body.mfa === true }
        try {
          return { to: await (await signIn()).approve(textIn(body, 'request', 4_096), target, origin) }
        } catch (error) {
          if (error instanceof Fault) throw new Refusal(403, error.message, error.code)
          if (error instanceof SignInRefusal) throw new Refusal(error.status, error.message, error.error)
          throw error
        }
      },
    },
  ]
}

/**
 * The path of a one-time link that signs a principal of the first account in: `root`, a user (`NAME`, `user/NAME`), or
 * the user admin who then assumes a role (`role/NAME`, or the name of a role if no user has it). The token is in the
 * fragment, which browsers never send. @throws Refusal if there is no such principal
 */
export async function consoleLink(
  as: string | undefined,
  deps: Dependencies,
  links: SignInLinks,
): Promise<string> {
  return `/_omen/signin#link=${links.create(await targetOf(as ?? adminName, deps), deps.clock.now())}`
}

async function targetOf(as: string, deps: Dependencies): Promise<LinkTarget> {
  const account = await deps.directory.find(deps.firstAccount)
  if (account === undefined) throw new Refusal(404, 'The first account is gone.')
  if (as === 'root') return { account: account.id, userId: 'root' }
  const named = (name: string) => account.table(users).findBy('name', name.toLowerCase())
  const user = as.startsWith('role/') ? undefined : named(as.slice(as.lastIndexOf('/') + 1))
  if (user !== undefined) return { account: account.id, userId: user.id }
  const role = as.startsWith('user/') ? undefined : findRoleNamed(account, as)
  const admin = named(adminName)
  if (role === undefined || admin === undefined)
    throw new Refusal(404, `There is no user and no role ${as} in account ${account.id}.`)
  return { account: account.id, userId: admin.id, role: `${role.path}${role.name}`.slice(1) }
}
