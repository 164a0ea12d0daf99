import { type EffectKind, kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { policiesOf } from '../relevance/policies-of.ts'
import { isMaking } from '../relevance/search-options.ts'
import { givesPolicy, requirementsOf } from '../request/binding.ts'
import { isGranting } from '../use/change-uses.ts'
import type { Person, World } from '../world/world.ts'
import type { WorldDifference } from '../world/world-difference.ts'

/** The limits that may be lifted. */
type Limit = NonNullable<EffectKind['lifts']>

const found = new WeakMap<World, Map<Limit, boolean>>()

function hasLimit(world: World, limit: Limit): boolean {
  const known = found.get(world) ?? new Map<Limit, boolean>()
  found.set(world, known)
  let has = known.get(limit)
  if (has === undefined) {
    has = findLimit(world, limit)
    known.set(limit, has)
  }
  return has
}

/** Whether a change brings a limit that the world before it, as far as it was asked, did not have. */
export function hasMoreLimits(before: World, after: World, { people, documents }: WorldDifference): boolean {
  const known = new Map(found.get(before))
  const isNew = (limit: Limit): boolean => {
    const isBound = [...people].some(
      (arn) => (after.users.get(arn) ?? after.roles.get(arn))?.boundary !== undefined,
    )
    if (limit === 'boundary' && isBound) return true
    const pattern = patterns[limit]
    return pattern !== undefined && documents.some(({ policy }) => pattern.test(policy.text))
  }
  let hasMore = false
  for (const [limit, had] of known) {
    if (had || !isNew(limit)) continue
    known.set(limit, true)
    hasMore = true
  }
  found.set(after, known)
  return hasMore
}

/** The patterns by which the text of a policy shows such a limit. */
const patterns: Readonly<Partial<Record<Limit, RegExp>>> = {
  deny: /"Deny"/,
  tag: /(?:Principal|Resource)Tag/i,
  mfa: /MultiFactorAuth/i,
  // A condition may ask for a boundary.
  boundary: /iam:PermissionsBoundary/i,
}

function findLimit(world: World, limit: Limit): boolean {
  if (limit === 'boundary' && hasBoundary(world)) return true
  if (limit === 'scp') return world.organization.scps !== undefined
  return policiesOf(world).some(({ text }) => patterns[limit]?.test(text) === true)
}

function hasBoundary({ users, roles }: World): boolean {
  const isBound = ({ boundary }: Person): boolean => boundary !== undefined
  return [...users.values(), ...roles.values()].some(isBound)
}

/** Whether a technique leads on, for any goal: it makes a principal, adds permissions, or lifts a limit of others. */
export function leadsByItself(world: World, technique: Technique, grants: Granted): boolean {
  const { effect, ways } = technique
  // A principal that is made without a policy is let in where anybody is: then everyone counts anyway.
  const isGiven = ways.some(({ needs }) => needs.some(givesPolicy) && needs.every(isGranted(grants)))
  if ((isMaking(technique) && isGiven) || effect === 'becomesRoot') return true
  return isGranting(technique) || liftsOthers(world, technique, grants)
}

/** Whether what several principals do by a technique may lead on, for any goal. */
export function leadsTogether(world: World, technique: Technique): boolean {
  const limit = kindOfEffect(technique.effect).lifts
  return isMaking(technique) || isGranting(technique) || (limit !== undefined && hasLimit(world, limit))
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
function liftsOthers(world: World, technique: Technique, grants: Granted): boolean {
  const limit = kindOfEffect(technique.effect).lifts
  if (limit === undefined || !hasLimit(world, limit)) return false
  const all = requirementsOf(technique)
  const named = all.filter(({ on }) => on.is === 'target' || on.is === 'policy' || on.is === 'group')
  // A pattern that ends in the name of the caller is about itself alone: it has no start here.
  return (named.length === 0 ? all : named).some(isGranted(grants))
}
