import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, iamArn } from '../../base/index.ts'
import { type Account, findRoleNamed, roles } from '../../directory/index.ts'
import { genesOf, maskSvg } from '../../masks/index.ts'
import { ownerOf } from '../../session/index.ts'
import { masksOf, seesPower, shownMask } from '../masks.ts'
import { type AdminRoute, Refusal, Svg } from './admin-route.ts'
import { arnOfRole } from './asked-principals.ts'
import { rolesThatMay } from './readable-roles.ts'

/** Pixels of a mask's side that can be requested. */
const sizes = { smallest: 8, largest: 1_024, usual: 128 } as const

/** The masks of an account's roles: the features of each, and each as a drawing. */
export function maskRoutes(deps: Dependencies): readonly AdminRoute[] {
  const accountFor = async (within: AccountId | undefined): Promise<Account> => {
    const account = await deps.directory.find(within ?? deps.firstAccount)
    if (account === undefined) throw new Refusal(404, 'There is no such account here.')
    return account
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/masks$/,
      by: {
        action: 'iam:ListRoles',
        resource: (_body, _groups, signer) => iamArn(ownerOf(signer), 'role', '/', ''),
      },
      async answer(_groups, _body, signer, _query, within, { may }) {
        const account = await accountFor(signer?.account ?? within)
        const masks = await masksOf(account, deps)
        const all = [...account.table(roles).values()]
        const powerful = all.filter(({ id }) => masks.get(id)?.administrator === true)
        const seen = new Set(await rolesThatMay(seesPower, powerful, account, may))
        return {
          masks: all.map((role) => {
            const mask = masks.get(role.id)
            return { id: role.id, name: role.name, ...(mask && shownMask(mask, seen.has(role))) }
          }),
        }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/mask\/([\w+=,.@-]{1,64})\.svg$/,
      by: {
        action: 'iam:GetRole',
        resource: (_body, [name = ''], { account }) => arnOfRole(name, account, deps),
      },
      async answer([name = ''], _body, signer, query, within, { may }) {
        const account = await accountFor(signer?.account ?? within)
        const role = findRoleNamed(account, name)
        const mask = role && (await masksOf(account, deps)).get(role.id)
        if (role === undefined || mask === undefined) throw new Refusal(404, `There is no role ${name}.`)
        const arn = iamArn(account, 'role', role.path, role.name)
        const { family, turn } = shownMask(mask, mask.administrator && (await may(seesPower, arn)))
        const size = Number(query.get('size') ?? sizes.usual)
        if (!(size >= sizes.smallest && size <= sizes.largest))
          throw new Refusal(400, `size must be a number from ${sizes.smallest} to ${sizes.largest}`)
        return new Svg(maskSvg(family, genesOf(role.id, turn), { size, title: role.name }))
      },
    },
  ]
}
