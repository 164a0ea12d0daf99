import { type EffectKind, kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { isMaking } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { givesPolicy, requirementsOf } from '../request/binding.ts'
import { isGranting } from '../use/change-uses.ts'
import type { Principal, World } from '../world/world.ts'

/** The limits that may be lifted. */
type Limit = NonNullable<EffectKind['lifts']>

/** Whether an account has a limit that may be lifted. */
function hasLimit({ world, reading }: Shared, limit: Limit): boolean {
  switch (limit) {
    case 'deny':
      return reading.reads('denials')
    case 'tag':
      return reading.reads('tags')
    case 'mfa':
      return reading.reads('mfa')
    case 'boundary':
      // A condition may ask for a boundary.
      return hasBoundary(world) || reading.reads('boundaries')
    case 'scp':
      return world.organization.scps !== undefined
  }
}

/** Whether a change brings a limit that the account before it, as far as it was asked, did not have. */
export function hasMoreLimits(before: Shared, after: Shared): boolean {
  return (
    after.reading.readsMoreThan(before.reading) || (hasBoundary(after.world) && !hasBoundary(before.world))
  )
}

const hasBoundary = perObject(({ users, roles }: World): boolean => {
  const isBound = ({ boundary }: Principal): boolean => boundary !== undefined
  return users.values().some(isBound) || roles.values().some(isBound)
})

/** Whether a technique leads on, for any goal: it makes a principal, adds permissions, or lifts a limit of others. */
export function leadsByItself(shared: Shared, technique: Technique, grants: Granted): boolean {
  const { effect, ways } = technique
  // A principal that is made without a policy is let in where anybody is: then everyone counts anyway.
  const isGiven = ways.some(({ needs }) => needs.some(givesPolicy) && needs.every(isGranted(grants)))
  if ((isMaking(technique) && isGiven) || effect === 'becomesRoot') return true
  return isGranting(technique) || liftsOthers(shared, technique, grants)
}

/** Whether what several principals do by a technique may lead on, for any goal. */
export function leadsTogether(shared: Shared, technique: Technique): boolean {
  const limit = kindOfEffect(technique.effect).lifts
  return isMaking(technique) || isGranting(technique) || (limit !== undefined && hasLimit(shared, limit))
}

type Granted = readonly ReadonlyMap<string, readonly string[]>[]

/** Whether an Allow names an action, on more than one that ends in the name of the caller. */
function isGranted(grants: Granted) {
  return ({ action }: { readonly action: string }): boolean =>
    grants.some((each) => (each.get(action.toLowerCase()) ?? []).length > 0)
}

/**
 * Whether a principal may lift a limit of another one: the attacker may hold that one already, so that the one that
 * lifts its limit leads on. Of itself it can lift in any case.
 */
function liftsOthers(shared: Shared, technique: Technique, grants: Granted): boolean {
  const limit = kindOfEffect(technique.effect).lifts
  if (limit === undefined || !hasLimit(shared, limit)) return false
  const all = requirementsOf(technique)
  const named = all.filter(({ on }) => on.is === 'target' || on.is === 'policy' || on.is === 'group')
  // A pattern that ends in the name of the caller is about itself alone: it has no start here.
  return (named.length === 0 ? all : named).some(isGranted(grants))
}
