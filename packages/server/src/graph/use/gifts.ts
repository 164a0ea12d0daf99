import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import type { Shared } from '../relevance/shared.ts'
import { type Actor, callerFor } from '../request/actor.ts'
import { administratorAccess, givesPolicy, isOfServiceRoles } from '../request/binding.ts'
import type { Form } from '../request/form.ts'
import type { Binding } from '../request/request-keys.ts'
import { hasAllow } from '../request/statements.ts'
import { type Document, nameOfArn } from '../world/world.ts'

/** A gift to a new principal. */
export interface Gift {
  readonly name: string
  readonly inline: readonly Document[]
  readonly attached: readonly string[]
  readonly groups: readonly string[]
  readonly technique: Technique
  readonly binding: Binding
  /** The form in which a user is held then. */
  readonly form?: Form
  /** Whether the same is given in another way before. */
  readonly isSecond?: boolean
}

/** A gift with an access key, and with a password: what the user can do then may differ. */
export function inForms(gift: Gift): readonly Gift[] {
  const forms = (['key', 'console'] as const).flatMap((form) => {
    const action = form === 'key' ? 'iam:CreateAccessKey' : 'iam:CreateLoginProfile'
    const ways = gift.technique.ways.filter(({ needs }) => needs.some((need) => need.action === action))
    return ways.length === 0 ? [] : [{ ...gift, form, technique: { ...gift.technique, ways } }]
  })
  return forms.map((each, place) => (place === 0 ? each : { ...each, isSecond: true }))
}

/** A technique with those of its ways that an actor may have an Allow for, and that fit. */
function waysOf(
  technique: Technique,
  actor: Actor,
  fits: (needs: readonly TechniqueNeed[]) => boolean,
): Technique {
  const ways = technique.ways.filter(
    ({ needs }) => fits(needs) && needs.every(({ action }) => mayAsk(actor, action)),
  )
  return { ...technique, ways }
}

/** Whether an Allow of an actor names an action. */
export function mayAsk(actor: Actor, action: string): boolean {
  return hasAllow(callerFor(actor, action).variant.policies, action)
}

/** A new principal without any policy. */
export function plainGifts(technique: Technique, actor: Actor): readonly Gift[] {
  const plain = waysOf(technique, actor, (needs) => !needs.some(givesPolicy))
  const nothing = { inline: [], attached: [], groups: [] }
  return plain.ways.length === 0
    ? []
    : [{ ...nothing, name: '-without-policies', technique: plain, binding: {} }]
}

/** Whether a trust policy or the policy of a resource lets in whom nothing else allows anything. */
function isOpen({ neighbours }: Shared): boolean {
  for (const { index } of neighbours.all)
    if (index.anyone.length > 0 || index.resourcePolicies.allowed.isOpen) return true
  return false
}

/**
 * Everything by a policy that is written or by AdministratorAccess; else a policy or a group that exists, or nothing where
 * that is sufficient.
 */
export function giftsOf(shared: Shared, technique: Technique, actor: Actor): readonly Gift[] {
  const { world, policySets } = shared
  const best = administratorAccess(world)
  const ways = (pattern: RegExp): Technique =>
    waysOf(technique, actor, (needs) => needs.some(({ action }) => pattern.test(action)))
  const attaching = ways(/^iam:Attach(?:User|Role)Policy$/)
  const writing = ways(/^iam:Put(?:User|Role)Policy$/)
  const joining = ways(/^iam:AddUserToGroup$/)
  const plain = { inline: [], attached: [], groups: [] }
  const everything = { ...plain, inline: [policySets.everything] }
  const gifts: Gift[] = [
    { ...everything, name: '', technique: writing, binding: {} },
    { ...everything, name: '', technique: attaching, binding: { context: { 'iam:PolicyARN': best } } },
  ]
  for (const policy of attaching.ways.length === 0 ? [] : world.policies.values()) {
    const { arn } = policy
    if (arn === best || isOfServiceRoles(policy) || !shared.isPotent(policy)) continue
    gifts.push({
      ...plain,
      name: `-with-${nameOfArn(arn)}`,
      attached: [arn],
      technique: attaching,
      binding: { context: { 'iam:PolicyARN': arn } },
    })
  }
  for (const group of joining.ways.length === 0 ? [] : world.groups.values())
    gifts.push({
      ...plain,
      name: `-in-group-${group.name}`,
      groups: [group.name],
      technique: joining,
      binding: { group },
    })
  if (isOpen(shared)) gifts.push(...plainGifts(technique, actor))
  return gifts.filter((gift) => gift.technique.ways.length > 0)
}
