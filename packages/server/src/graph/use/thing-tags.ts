import type { Asked } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Shared } from '../relevance/shared.ts'
import { fittingTag } from '../relevance/tags-read.ts'
import type { Actor } from '../request/actor.ts'
import { callerFor } from '../request/actor.ts'
import { requirementsOf } from '../request/binding.ts'
import { withTags } from '../request/carried.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import type { CallerKeys } from '../request/person.ts'
import type { Binding } from '../request/request-keys.ts'
import { hasAllow, statementsAbout } from '../request/statements.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { taggersIn } from '../world/taggers.ts'
import { serviceOfArn, type Thing } from '../world/world.ts'
import { companionsOf } from './companion-tags.ts'
import { otherTag, tagValue } from './tag-value.ts'

/** The same use with tags that were changed before it, and who makes the calls that change them. */
export interface Retagged {
  readonly binding: Binding
  /** The actor, with those who help it. */
  readonly actor: Actor
}

/** A use that may be possible once the tags of its resources are others. */
export interface TagQuestion {
  readonly shared: Shared
  readonly actor: Actor
  readonly technique: Technique
  readonly binding: Binding
  /** Others that the attacker holds, and that may change tags. */
  readonly others: readonly Actor[]
  /** One of them, if only what it makes possible is asked for. */
  readonly fresh?: Actor
}

/** The most choices of tags of one resource, and of who changes them. */
const most = 200

/**
 * The same binding with tags that were written on one of its existing resources, or taken from it, and the requests that do
 * so: for each tag that a condition names, and for those that statements about the calls ask for together. Who takes tags
 * away need not be who writes others. Nothing for resources whose tags are unknown. [GRD-435, GRD-560]
 */
export function* taggedBindings(question: TagQuestion): Generator<Retagged> {
  const { actor, binding, others, fresh } = question
  const { wearer, things } = binding
  const replaced = (thing: Thing, tagged: Thing): Partial<Binding> =>
    thing === wearer
      ? { wearer: tagged }
      : { things: new Map([...(things ?? [])].map(([type, each]) => [type, each === thing ? tagged : each])) }
  const people = [actor, ...others]
  for (const thing of [...(wearer === undefined ? [] : [wearer]), ...(things?.values() ?? [])]) {
    if (thing.tags === undefined) continue
    const writes = people.flatMap((each) => writesOf(question, each, thing))
    const removals = people.flatMap((each) => removalsOf(question.shared, each, thing))
    let count = 0
    for (const edits of [
      ...writes.map((each) => [each]),
      ...removals.map((each) => [each]),
      ...pairsOf(removals, writes),
    ]) {
      if (fresh !== undefined && !edits.some((edit) => edit.by === fresh)) continue
      if (++count > most) break
      let tags = thing.tags
      for (const edit of edits) tags = edit.after(tags)
      const tagged = { ...thing, tags }
      const { moreKey: _, ...rest } = binding
      const asked = (caller: Actor): readonly Asked[] => {
        let now = thing
        return edits.map((edit) => {
          const by = callerFor(caller, edit.action)
          const each = edit.asked(now, by)
          now = { ...now, tags: edit.after(now.tags ?? {}) }
          return each
        })
      }
      yield {
        actor: withHelpers(actor, edits),
        binding: { ...rest, ...replaced(thing, tagged), ahead: asked },
      }
    }
  }
  for (const by of people) if (fresh === undefined || by === fresh) yield* taggedPolicy(question, by)
}

type Tags = Readonly<Record<string, string>>

/** A change of the tags of a resource. */
interface Edit {
  readonly by: Actor
  /** The action of its request. */
  readonly action: string
  readonly after: (tags: Tags) => Tags
  readonly asked: (thing: Thing, by: Actor) => Asked
}

function* pairsOf(some: readonly Edit[], others: readonly Edit[]): Generator<readonly Edit[]> {
  for (const one of some) for (const other of others) yield [one, other]
}

/** An actor, with those who make the calls of edits in its place. */
function withHelpers(actor: Actor, edits: readonly Pick<Edit, 'by' | 'action'>[]): Actor {
  const helpers = edits.flatMap(({ by, action }) =>
    by === actor ? [] : [[action.toLowerCase(), by] as const],
  )
  return helpers.length === 0 ? actor : { ...actor, helpers: new Map([...(actor.helpers ?? []), ...helpers]) }
}

/** The actions that change tags of what the inventory has, in lower case; none if no policy reads tags of resources. */
export function taggingActions({ world, table, classes }: Shared): ReadonlySet<string> {
  return classes.tags.resourceKeys.size === 0 ? nothing : taggersIn(world, table)
}

/** Whether an actor may change tags of resources, as far as its Allows say. */
export function mayRetag(shared: Shared, { variant }: Actor): boolean {
  return [...taggingActions(shared)].some((action) => hasAllow(variant.policies, action))
}

/** Tags that an actor may write on a resource: each that a condition names, and those that are asked for together. */
function writesOf(question: TagQuestion, by: Actor, thing: Thing): readonly Edit[] {
  const { shared } = question
  const found: Edit[] = []
  for (const action of shared.table.taggers[serviceOfArn(thing.arn)]?.write ?? []) {
    if (!shared.allows(by, action, thing.arn)) continue
    for (const set of [...singlesOf(question, thing), ...tagSetsOf(question)])
      for (const also of companionsOf(shared, by, action, Object.keys(set)[0] ?? '')) {
        const written = { ...also, ...set }
        found.push({
          by,
          action,
          after: (tags) => withTags(tags, written),
          asked: (now, caller) => tagging(shared, caller, action, now, written),
        })
      }
  }
  return found
}

/** One tag each: a value that a condition names, and another one instead of the value that is there, if that may refuse. [GRD-732] */
function singlesOf({ shared, actor }: TagQuestion, thing: Thing): readonly Tags[] {
  const { resource, refusing } = shared.classes.tags
  const found = new Map<string, Tags>()
  for (const [key, pattern] of resource) {
    if (!isWritableTag(key)) continue
    const now = thing.tags?.[key]
    const named = tagValue(shared, actor, pattern)
    const other = now === named || refusing.has(key.toLowerCase()) ? otherTag : undefined
    for (const value of [named === now ? undefined : named, now === undefined ? undefined : other])
      if (value !== undefined) found.set(`${key}=${value}`, { [key]: value })
  }
  return [...found.values()]
}

/** Tags that one statement about the calls of a technique asks for together, and those that all of them do. */
function tagSetsOf({ shared, actor, technique }: TagQuestion): readonly Tags[] {
  const sets = new Map<string, Tags>()
  const actions = new Set(requirementsOf(technique).map(({ action }) => action))
  let all: Tags = {}
  for (const action of actions)
    for (const { condition, effect } of statementsAbout(actor.variant.policies, action)) {
      const set: Record<string, string> = {}
      for (const { operator, key, values } of condition) {
        const tag = /^[a-z0-9-]+:ResourceTag\/(.+)$/i.exec(key)?.[1]
        const pattern = values[0]?.value
        const isAsked = /not|null/i.test(operator) === (effect === 'Deny')
        if (tag === undefined || pattern === undefined || !isAsked || !isWritableTag(tag)) continue
        const text = /^null$/i.test(operator) ? 'omen' : tagValue(shared, actor, fittingTag(pattern))
        if (text !== undefined) set[tag] = text
      }
      all = { ...set, ...all }
      sets.set(JSON.stringify(set), set)
    }
  sets.set(JSON.stringify(all), all)
  return [...sets.values()].filter((set) => Object.keys(set).length > 1)
}

/** Tags that policies read and that an actor may take from a resource: each of them, and all. */
function removalsOf(shared: Shared, by: Actor, { arn, tags = {} }: Thing): readonly Edit[] {
  const read = new Set([...shared.classes.tags.resourceKeys].map((key) => key.toLowerCase()))
  const keys = Object.keys(tags).filter((key) => isWritableTag(key) && read.has(key.toLowerCase()))
  const found: Edit[] = []
  for (const action of shared.table.taggers[serviceOfArn(arn)]?.remove ?? []) {
    if (!shared.allows(by, action, arn)) continue
    for (const gone of [...keys.map((key) => [key]), ...(keys.length > 1 ? [keys] : [])])
      found.push({
        by,
        action,
        after: (now) => Object.fromEntries(Object.entries(now).filter(([key]) => !gone.includes(key))),
        asked: (now, caller) => tagging(shared, caller, action, now, {}, gone),
      })
  }
  return found
}

const nothing: ReadonlySet<string> = new Set()

/** The same for a managed policy. Nobody knows its other tags. */
function* taggedPolicy({ shared, actor, binding }: TagQuestion, by: Actor): Generator<Retagged> {
  const { policy, moreKey: _, ...rest } = binding
  const action = 'iam:TagPolicy'
  if (policy === undefined || !policy.isCustomerManaged) return
  if (!shared.allows(by, action, policy.arn)) return
  for (const [key, pattern] of shared.classes.tags.resource) {
    if (!isWritableTag(key)) continue
    const named = tagValue(shared, actor, pattern)
    if (named === undefined) continue
    for (const value of [named, otherTag])
      for (const also of companionsOf(shared, by, action, key)) {
        const written = { ...also, [key]: value }
        yield {
          actor: withHelpers(actor, [{ by, action }]),
          binding: {
            ...rest,
            policy,
            context: { ...rest.context, ...keysOfTags('aws:ResourceTag', written) },
            ahead: (caller) => [tagging(shared, callerFor(caller, action), action, policy, written)],
          },
        }
      }
  }
}

function tagging(
  { world, questions }: Shared,
  actor: Actor,
  action: string,
  { arn, tags }: { readonly arn: string; readonly tags?: Thing['tags'] },
  written: Readonly<Record<string, string>>,
  tagKeys: readonly string[] = Object.keys(written),
): Asked {
  const keys: Partial<CallerKeys> = {
    context: {
      ...keysOfTags('aws:ResourceTag', tags),
      'aws:RequestedRegion': arn.split(':')[3] || 'us-east-1',
      ...keysOfTags('aws:RequestTag', written),
      'aws:TagKeys': tagKeys,
    },
    open: tags === undefined ? { 'aws:ResourceTag/*': { mayBeAbsent: true } } : {},
  }
  return {
    request: questions.request(actor, action, arn, world.account, keys),
    policies: questions.withRcps(action, actor.variant.policies),
    call: action,
  }
}
