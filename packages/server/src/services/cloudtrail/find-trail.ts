import type { Call } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type Account, type Trail, trailArn, trailKey, trails } from '../../directory/index.ts'
import { unknownTrail } from './faults.ts'
import { parseTrailReference } from './trail-name.ts'

/** A trail with the account whose it is: of an organization's, the management account. */
export interface FoundTrail {
  readonly trail: Trail
  readonly owner: Account
}

/** The trails that an account sees, wherever their home: its own, and its organization's. */
export function visibleTrails(call: Call): readonly FoundTrail[] {
  const own = [...call.account.table(trails).values()].map((trail) => ({ trail, owner: call.account }))
  const management = call.account.settings.managementAccount
  const above =
    management === undefined || management === call.account.id
      ? undefined
      : call.house.directory.loaded(management)
  const shared =
    above === undefined ? [] : [...above.table(trails).values()].filter((each) => each.organization)
  return [...own, ...shared.map((trail) => ({ trail, owner: above! }))].filter(
    ({ trail }) => trail.deletedAt === undefined,
  )
}

/** A trail to look at: its home region may be another where it covers this one (behaviour CTR-3). */
export function getTrail(text: string, call: Call): FoundTrail {
  const { name, homeRegion, account } = parseTrailReference(text)
  const named = visibleTrails(call).filter(({ trail }) => trail.name === name)
  const found = named.find(({ trail, owner }) =>
    homeRegion === undefined
      ? trail.homeRegion === call.region || trail.multiRegion
      : trail.homeRegion === homeRegion && owner.id === account,
  )
  if (found === undefined) throw unknownTrail(arnOf(text, call), call.account.id)
  return found
}

/** A trail to change: only at home, and only by its own account (behaviour CTR-3). */
export function ownTrail(text: string, call: Call): Trail {
  const { name, homeRegion = call.region } = parseTrailReference(text)
  const trail = call.account.table(trails).find(trailKey(homeRegion, name))
  if (
    trail === undefined ||
    trail.deletedAt !== undefined ||
    arnOf(text, call) !== trailArn(call.account.id, trail)
  )
    throw unknownTrail(arnOf(text, call), call.account.id)
  if (trail.homeRegion !== call.region) {
    const where = `The trail ${trail.name} can only be changed in its home region ${trail.homeRegion}.`
    throw fault('InvalidHomeRegionException', where, 400)
  }
  return trail
}

/** The ARN that a text means, whether or not such a trail is there: what permission is asked on. */
export function arnOf(text: string, call: Call): string {
  if (text.startsWith('arn:')) return text
  return trailArn(call.account.id, { homeRegion: call.region, name: text })
}
