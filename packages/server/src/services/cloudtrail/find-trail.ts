import type { AccessRequest, Call, ContextKeys } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type Account, type Trail, trailArn, trailKey, trails } from '../../directory/index.ts'
import { unknownTrail } from './faults.ts'
import { parseTrailReference } from './trail-name.ts'

/** A trail with its owner's account; for an organization's trail, the management account. */
export interface FoundTrail {
  readonly trail: Trail
  readonly owner: Account
}

/** Returns the trails that an account sees, in any region: its own, and its organization's. */
export function visibleTrails(call: Call): readonly FoundTrail[] {
  const trailsOfAccount = [...call.account.table(trails).values()].map((trail) => ({
    trail,
    owner: call.account,
  }))
  const management = call.account.settings.managementAccount
  const above =
    management === undefined || management === call.account.id
      ? undefined
      : call.deps.directory.loaded(management)
  const shared =
    above === undefined ? [] : [...above.table(trails).values()].filter((each) => each.organization)
  return [...trailsOfAccount, ...shared.map((trail) => ({ trail, owner: above! }))].filter(
    ({ trail }) => trail.deletedAt === undefined,
  )
}

/**
 * Returns a trail to read. A name is looked up in its home region and account; an ARN finds a trail in every account
 * that it covers (behaviour CTR-3).
 */
export function getTrail(text: string, call: Call): FoundTrail {
  const { name, homeRegion = call.region, account = call.account.id } = parseTrailReference(text)
  const match = visibleTrails(call).find(
    ({ trail, owner }) => trail.name === name && trail.homeRegion === homeRegion && owner.id === account,
  )
  if (match === undefined) throw unknownTrail(parseTrailReference(text).name, call.account.id)
  return match
}

/** Returns a trail of the account's own, in any home region. */
export function findOwnTrail(text: string, call: Call): Trail | undefined {
  const { name, homeRegion = call.region } = parseTrailReference(text)
  const trail = call.account.table(trails).find(trailKey(homeRegion, name))
  const isIt = trail !== undefined && arnOf(text, call) === trailArn(call.account, trail)
  return isIt && trail.deletedAt === undefined ? trail : undefined
}

/** Returns a trail to change: only in its home region, and only by its own account (behaviour CTR-3). */
export function ownTrail(text: string, call: Call): Trail {
  const trail = findOwnTrail(text, call)
  if (trail === undefined) throw unknownTrail(parseTrailReference(text).name, call.account.id)
  if (trail.homeRegion !== call.region) {
    const where = `The trail ${trail.name} can only be changed in its home region ${trail.homeRegion}.`
    throw fault('InvalidHomeRegionException', where, 400)
  }
  return trail
}

/** Returns the ARN that a text means, whether or not such a trail exists. */
function arnOf(text: string, call: Call): string {
  if (text.startsWith('arn:')) return text
  return trailArn(call.account, { homeRegion: call.region, name: text })
}

/**
 * Returns the question of a call on trails, by names or ARNs. It is asked in the caller's own account, even if
 * another account owns the trail: members see their organization's (behaviour CTR-15).
 */
export function onTrails(
  texts: readonly string[],
  call: Call,
  context?: ContextKeys,
): readonly AccessRequest[] {
  const action = `cloudtrail:${call.operation.name}`
  const resources = texts.length === 0 ? ['*'] : texts.map((text) => arnOf(text, call))
  return resources.map((resource) => ({
    action,
    resource,
    resourceAccount: call.account.id,
    ...(context && { context }),
  }))
}
