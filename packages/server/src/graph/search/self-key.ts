import { kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { isFull } from '../proof/quota-room.ts'
import { hasDeny, type Person, type World } from '../world/world.ts'

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
export function selfKey(world: World, { policies, mfa }: SelfChanges, person: Person): string {
  const places = policies ? placesOf(world, person) : ''
  if (!mfa || person.type !== 'user') return places
  return `${places}\t${(world.inventory.mfaDevices?.get(person.name) ?? 0) >= mostDevices}`
}

const known = new WeakMap<Person, { readonly world: World; readonly text: string }>()

/** Where the Denys of a principal are, and what it is in or has if there is hardly room for more. */
function placesOf(world: World, person: Person): string {
  const found = known.get(person)
  if (found?.world === world) return found.text
  const groups = person.type === 'user' ? person.groups : []
  const isDenying = (arn: string): boolean =>
    [...(world.policies.get(arn)?.versions.values() ?? [])].some(({ policy }) => hasDeny(policy.text))
  const isShut = (name: string): boolean => {
    const group = world.groups.get(name)
    return (
      group !== undefined &&
      (group.inline.some(({ policy }) => hasDeny(policy.text)) || group.attached.some(isDenying))
    )
  }
  const inline = person.inline.filter(({ policy }) => hasDeny(policy.text)).length
  const attached = isFull(person.attached) ? person.attached : person.attached.filter(isDenying)
  const joined = isFull(groups) ? groups : groups.filter(isShut)
  const isPlain = inline + attached.length + joined.length === 0
  const text = isPlain ? '' : `\t${inline} ${attached.join()} ${joined.join()}`
  known.set(person, { world, text })
  return text
}
