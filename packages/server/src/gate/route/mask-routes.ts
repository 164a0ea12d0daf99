import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, iamArn } from '../../base/index.ts'
import { type Account, findRoleNamed, roles } from '../../directory/index.ts'
import { genesOf, maskSvg } from '../../masks/index.ts'
import { ownerOf } from '../../session/index.ts'
import { masksOf } from '../masks.ts'
import { type AdminRoute, Refusal, Svg } from './admin-route.ts'
import { arnOfRole } from './asked-principals.ts'

/** Pixels of a mask's side that can be requested. */
const sizes = { smallest: 8, largest: 1_024, usual: 128 } as const

/** The masks of an account's roles: the features of each, and each as a drawing. */
export function maskRoutes(house: Dependencies): readonly AdminRoute[] {
  const accountFor = async (within: AccountId | undefined): Promise<Account> => {
    const account = await house.directory.find(within ?? house.firstAccount)
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
      async answer(_groups, _body, signer, _query, within) {
        const account = await accountFor(signer?.account ?? within)
        const masks = await masksOf(account, house)
        return {
          masks: [...account.table(roles).values()].map(({ id, name }) => ({ id, name, ...masks.get(id) })),
        }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/mask\/([\w+=,.@-]{1,64})\.svg$/,
      by: {
        action: 'iam:GetRole',
        resource: (_body, [name = ''], { account }) => arnOfRole(name, account, house),
      },
      async answer([name = ''], _body, signer, query, within) {
        const account = await accountFor(signer?.account ?? within)
        const role = findRoleNamed(account, name)
        const mask = role && (await masksOf(account, house)).get(role.id)
        if (role === undefined || mask === undefined) throw new Refusal(404, `There is no role ${name}.`)
        const size = Number(query.get('size') ?? sizes.usual)
        if (!(size >= sizes.smallest && size <= sizes.largest))
          throw new Refusal(400, `size must be a number from ${sizes.smallest} to ${sizes.largest}`)
        return new Svg(maskSvg(mask.family, genesOf(role.id, mask.turn), { size, title: role.name }))
      },
    },
  ]
}
