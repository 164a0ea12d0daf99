import type { House } from '../authorization/index.ts'
import { isoSeconds } from '../base/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { whoAmI } from './whoami.ts'

/** What any signer may ask about itself, and the rotation of the keys that seal sessions. */
export function sessionRoutes(house: House): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/whoami$/,
      by: 'signer',
      answer(_groups, _body, signer) {
        if (signer === undefined) throw new Refusal(403, 'Nobody signed the request.')
        return whoAmI(signer, house.clock.now())
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/keys\/rotate$/,
      answer: async () => ({ sealsFrom: isoSeconds(await house.keyRing.rotate(house.clock.now())) }),
    },
  ]
}
