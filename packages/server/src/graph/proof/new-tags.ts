import type { TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { type Actor, callerFor } from '../request/actor.ts'
import { type NewTags, namesOfTags, tagCallOf } from '../request/new-tag-keys.ts'
import { textFor } from '../world/pattern.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { conditionsOf } from './conditions-of.ts'
import { type FactOption, none } from './fact-option.ts'

/** The most keys of tags, values of a key, and sets of tags that are tried. */
const most = { keys: 6, values: 4, sets: 16 }

/**
 * Ways to make something without tags, or with tags if conditions of later requests ask for them. Conditions about the call
 * that makes it may ask for further ones. With those that it is to have in any case, if there are some.
 */
export function taggedWays(
  actor: Actor,
  needs: readonly TechniqueNeed[],
  given: NewTags | undefined,
): readonly FactOption[] {
  const making = needs.find(({ action, on }) => on.is === 'new' && tagCallOf(action) !== undefined)
  const tag = making === undefined ? undefined : tagCallOf(making.action)
  if (making === undefined || tag === undefined) return [none]
  const places = given === undefined ? (['making', 'tagging'] as const) : [given.with]
  const option = (tags: NewTags['tags']): readonly FactOption[] =>
    places.map((place) => ({
      facts: [{ fact: 'tags', says: 'tagged', of: { tags: namesOfTags(tags) }, known: 'details' }],
      needs: [{ action: tag, on: { is: 'new' } }],
      newTags: { tags, with: place },
    }))
  const sets = setsAsked(actor, needs, making, tag)
  return [
    ...(given === undefined ? [none] : option(given.tags)),
    ...sets.flatMap((tags) => option({ ...tags, ...given?.tags })),
  ]
}

/** The sets of tags that conditions of later requests ask for. */
function setsAsked(
  actor: Actor,
  needs: readonly TechniqueNeed[],
  making: TechniqueNeed,
  tag: string,
): readonly NewTags['tags'][] {
  const later = needs.flatMap((need) => (need.on.is === 'new' && need !== making ? need.action : []))
  const asked = valuesIn(actor, later, /^(?:aws|[a-z0-9-]+):ResourceTag\/(.+)$/i)
  if (asked.size === 0) return []
  const all = new Map(asked)
  for (const [key, values] of valuesIn(actor, [making.action, tag], /^aws:RequestTag\/(.+)$/i))
    all.set(key, new Set([...(all.get(key) ?? []), ...values]))
  let sets: Readonly<Record<string, string>>[] = [{}]
  for (const [key, values] of [...all].slice(0, most.keys))
    sets = sets
      .flatMap((set) => [...values].slice(0, most.values).map((value) => ({ ...set, [key]: value })))
      .slice(0, most.sets)
  return sets
}

/** The keys of tags that conditions about some actions name, each with texts that their values match. */
function valuesIn(
  actor: Actor,
  actions: readonly string[],
  pattern: RegExp,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const action of actions) {
    const { variant } = callerFor(actor, action)
    for (const { key, values } of conditionsOf(actor, action)) {
      const tag = pattern.exec(key)?.[1]
      if (tag === undefined || !isWritableTag(tag)) continue
      const texts = found.get(tag) ?? new Set()
      for (const { value } of values) texts.add(fitting(value, variant))
      found.set(tag, texts)
    }
  }
  return found
}

/** A text that a value of a condition matches; of a variable what it holds. */
function fitting(value: string, { tags, principal }: Actor['variant']): string {
  const text = value.replace(/\$\{aws:(?:PrincipalTag\/([^}]+)|(username))\}/gi, (_, key?: string) =>
    key === undefined ? principal.name : (tags[key] ?? ''),
  )
  return textFor(text)
}
