import { wildcardMatcher } from '@omen-iam/policy'
import { valueIn } from '../world/lists.ts'
import type { Person, World } from '../world/world.ts'
import { policiesOf } from './policies-of.ts'
import type { Shared } from './shared.ts'

/** The texts by which Resources of policies name users. */
interface Naming {
  readonly texts: ReadonlySet<string>
  readonly patterns: readonly ((arn: string) => boolean)[]
  /** The ARNs with a variable whose value is not the caller's own name. */
  readonly open: readonly ((arn: string) => boolean)[]
}

const known = new WeakMap<World, Naming>()

/**
 * Equal for users that could take each other's place in an account: they may do the same, everyone may do the same to
 * them, and what is known of them is the same. So one of them leads to a third principal if the other one does. Undefined
 * if that is not known of a principal.
 */
export function placeOf({ neighbours }: Shared, person: Person): string | undefined {
  const shared = neighbours.of(person.account)
  if (shared === undefined) return undefined
  const { world, classes, index } = shared
  if (person.type !== 'user' || !index.resourcePolicies.isEmpty) return undefined
  const { arn, name, groups, attached, boundary, inline, tags } = person
  const { texts, patterns, open } = namingOf(world)
  if (texts.has(arn) || open.some((matches) => matches(arn))) return undefined
  const { accessKeys, loginProfiles, mfaDevices } = world.inventory
  return [
    classes.of(person),
    arn.slice(0, -name.length),
    groups.join(),
    attached.join(),
    boundary ?? '',
    inline.length,
    shared.tagKey(tags),
    (accessKeys?.get(name) ?? 0) >= mostKeys,
    loginProfiles?.has(name) ?? false,
    mfaDevices?.get(name) ?? 0,
    patterns.map((matches) => (matches(arn) ? 1 : 0)).join(''),
  ].join('\n')
}

function namingOf(world: World): Naming {
  return valueIn(known, world, () => readNaming(world))
}

/** The most access keys of a user. */
const mostKeys = 2

const ownName = /\$\{aws:(?:username|userid)\}/gi

function readNaming(world: World): Naming {
  const texts = new Set<string>()
  const patterns = new Set<string>()
  const open = new Set<string>()
  for (const { statements } of policiesOf(world))
    for (const { resource } of statements)
      for (const { value } of resource?.values ?? []) {
        if (!/^(?:[*?].|arn:[^:]*:(?:iam|\*)|\$\{)/.test(value)) continue
        const own = value.replace(ownName, '*')
        if (own.includes('${')) open.add(own.replaceAll(/\$\{[^}]*\}/g, '*'))
        else if (/[*?]/.test(own)) patterns.add(own)
        else texts.add(own)
      }
  const matchers = (all: ReadonlySet<string>) => [...all].map((pattern) => wildcardMatcher(pattern))
  return { texts, patterns: matchers(patterns), open: matchers(open) }
}
