import { kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { isFull } from '../proof/quota-room.ts'
import { hasDeny, type Principal, type World } from '../world/world.ts'

/** The changes that the principals of a class may make to themselves. */
export interface SelfChanges {
  readonly policies: boolean
  readonly mfa: boolean
}

/** The changes that principals may make to themselves by these techniques. */
export function selfChanges(usable: readonly Technique[]): SelfChanges {
  return {
    policies: usable.some(({ effect }) => kindOfEffect(effect).countsPolicies === true),
    mfa: usable.some(({ effect }) => effect === 'enrollsMfa'),
  }
}

/** The most MFA devices of a user. */
const mostDevices = 8

/** The difference between principals that allow the same, if they change themselves. */
export function selfKey(world: World, { policies, mfa }: SelfChanges, principal: Principal): string {
  const places = policies ? placesOf(world, principal) : ''
  if (!mfa || principal.type !== 'user') return places
  return `${places}\t${(world.inventory.mfaDevices?.get(principal.name) ?? 0) >= mostDevices}`
}

const known = new WeakMap<Principal, { readonly world: World; readonly text: string }>()

/** Where the Denys of a principal are, and what it is in or has if there is hardly room for more. */
function placesOf(world: World, principal: Principal): string {
  const found = known.get(principal)
  if (found?.world === world) return found.text
  const groups = principal.type === 'user' ? principal.groups : []
  const isDenying = (arn: string): boolean =>
    [...(world.policies.get(arn)?.versions.values() ?? [])].some(({ policy }) => hasDeny(policy.text))
  const isShut = (name: string): boolean => {
    const group = world.groups.get(name)
    return (
      group !== undefined &&
      (group.inline.some(({ policy }) => hasDeny(policy.text)) || group.attached.some(isDenying))
    )
  }
  const inline = principal.inline.filter(({ policy }) => hasDeny(policy.text)).length
  const attached = isFull(principal.attached) ? principal.attached : principal.attached.filter(isDenying)
  const joined = isFull(groups) ? groups : groups.filter(isShut)
  const isPlain = inline + attached.length + joined.length === 0
  const text = isPlain ? '' : `\t${inline} ${attached.join()} ${joined.join()}`
  known.set(principal, { world, text })
  return text
}
