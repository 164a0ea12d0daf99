import type { Asked, Statement } from '@omen-iam/policy'
import type { Technique, TechniqueTaggers } from '../../authorization/catalogue/index.ts'
import type { Shared } from '../relevance/shared.ts'
import { fittingTag } from '../relevance/tags-read.ts'
import { type Actor, callerFor } from '../request/actor.ts'
import { requirementsOf } from '../request/binding.ts'
import { withTags } from '../request/carried.ts'
import { keysOfTags, sureKeys } from '../request/keys-of-tags.ts'
import type { Binding } from '../request/request-keys.ts'
import { hasAllow, statementsAbout } from '../request/statements.ts'
import type { CallerKeys } from '../request/variant.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { ofPolicies, taggersIn } from '../world/taggers.ts'
import { type SureTags, serviceOfArn } from '../world/world.ts'
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
 * away need not be who writes others. Of a resource whose tags no file has, these are the tags that are sure. [GRD-435, GRD-560, GRD-750]
 */
export function* taggedBindings(question: TagQuestion): Generator<Retagged> {
  const { actor, binding, others, fresh } = question
  const principals = [actor, ...others]
  for (const [resource, replaced] of taggable(binding)) {
    const writes = principals.flatMap((each) => writesOf(question, each, resource))
    const removals = principals.flatMap((each) => removalsOf(question.shared, each, resource))
    let count = 0
    for (const edits of [
      ...writes.map((each) => [each]),
      ...removals.map((each) => [each]),
      ...pairsOf(removals, writes),
    ]) {
      if (fresh !== undefined && !edits.some((edit) => edit.by === fresh)) continue
      if (++count > most) break
      const tagged = edits.reduce((before, edit) => edit.after(before), resource)
      const asked = (caller: Actor): readonly Asked[] => {
        let now = resource
        return edits.map((edit) => {
          const by = callerFor(caller, edit.action)
          const each = edit.asked(now, by)
          now = edit.after(now)
          return each
        })
      }
      yield {
        actor: withHelpers(actor, edits),
        binding: {
          ...binding,
          ...replaced(tagged),
          moreKey: `${binding.moreKey} ${edits.map(({ name }) => name).join()}`,
          ahead: asked,
        },
      }
    }
  }
}

type Tags = Readonly<Record<string, string>>

/** A resource that has tags. */
interface Tagged {
  readonly arn: string
  /** Undefined if no file has them. */
  readonly tags?: Tags | undefined
  readonly sureTags?: SureTags
}

/** A change of the tags of a resource. */
interface Edit {
  readonly by: Actor
  readonly name: string
  /** The action of its request. */
  readonly action: string
  readonly after: (resource: Tagged) => Tagged
  readonly asked: (resource: Tagged, by: Actor) => Asked
}

/** The resources of a binding whose tags may be changed, and what the binding has in place of each. */
function* taggable({
  workload,
  resources,
  policy,
}: Binding): Generator<readonly [Tagged, (tagged: Tagged) => Partial<Binding>]> {
  if (workload !== undefined) yield [workload, (tagged) => ({ workload: { ...workload, ...tagged } })]
  for (const [type, resource] of resources ?? [])
    yield [
      resource,
      (tagged) => ({ resources: new Map([...(resources ?? []), [type, { ...resource, ...tagged }]]) }),
    ]
  if (policy?.isCustomerManaged === true) yield [policy, (tagged) => ({ policy: { ...policy, ...tagged } })]
}

/** A resource with other tags; undefined: without one. */
function changed<Resource extends Tagged>(resource: Resource, changes: SureTags): Resource {
  if (resource.tags === undefined)
    return { ...resource, sureTags: withTags(resource.sureTags ?? {}, changes) }
  const all = withTags<string | undefined>(resource.tags, changes)
  const tags = Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
  return { ...resource, tags: Object.fromEntries(tags) }
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
function writesOf(question: TagQuestion, by: Actor, resource: Tagged): readonly Edit[] {
  const { shared } = question
  const found: Edit[] = []
  for (const action of taggersOf(shared, resource)?.write ?? []) {
    if (!shared.allows(by, action, resource.arn)) continue
    for (const set of [...singlesOf(question, resource), ...tagSetsOf(question)])
      for (const also of companionsOf(shared, by, action, Object.keys(set)[0] ?? '')) {
        const written = { ...also, ...set }
        found.push({
          by,
          name: `${action} ${JSON.stringify(written)}`,
          action,
          after: (before) => changed(before, written),
          asked: (now, caller) => tagging(shared, caller, action, now, written),
        })
      }
  }
  return found
}

function taggersOf({ table }: Shared, { arn }: Tagged): TechniqueTaggers | undefined {
  const service = serviceOfArn(arn)
  return service === 'iam' ? ofPolicies : table.taggers[service]
}

/** One tag each: a value that a condition names, and another one instead of the value that is there, if that may refuse. [GRD-732] */
function singlesOf({ shared, actor }: TagQuestion, { tags }: Tagged): readonly Tags[] {
  const { resource, refusing } = shared.classes.tags
  const found = new Map<string, Tags>()
  for (const [key, pattern] of resource) {
    if (!isWritableTag(key)) continue
    const now = tags?.[key]
    const named = tagValue(shared, actor, pattern)
    const mayRefuse = (tags !== undefined && now === named) || refusing.has(key.toLowerCase())
    const isOver = mayRefuse && (tags === undefined || now !== undefined)
    for (const value of [named === now ? undefined : named, isOver ? otherTag : undefined])
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
    for (const statement of statementsAbout(actor.variant.policies, action)) {
      const set: Record<string, string> = {}
      for (const condition of statement.condition) {
        const tag = /^[a-z0-9-]+:ResourceTag\/(.+)$/i.exec(condition.key)?.[1]
        const pattern = askedFor(condition, statement.effect === 'Deny')
        if (tag === undefined || pattern === undefined || !isWritableTag(tag)) continue
        const text = tagValue(shared, actor, fittingTag(pattern))
        if (text !== undefined) set[tag] = text
      }
      all = { ...set, ...all }
      sets.set(JSON.stringify(set), set)
    }
  sets.set(JSON.stringify(all), all)
  return [...sets.values()].filter((set) => Object.keys(set).length > 1)
}

/** A pattern of a value of a tag with which a condition does not refuse; undefined if only a tag that is absent does not. */
function askedFor({ operator, values }: Statement['condition'][number], isDeny: boolean): string | undefined {
  const [first] = values
  if (/^null$/i.test(operator)) return (first?.value === 'false') === isDeny ? undefined : 'omen'
  return /not/i.test(operator) === isDeny ? first?.value : otherTag
}

/** Tags that policies read and that an actor may take from a resource: each of them, and all. */
function removalsOf(shared: Shared, by: Actor, resource: Tagged): readonly Edit[] {
  const { resourceKeys } = shared.classes.tags
  const read = new Set([...resourceKeys].map((key) => key.toLowerCase()))
  const known = resource.tags === undefined ? [...resourceKeys] : Object.keys(resource.tags)
  const keys = known.filter((key) => isWritableTag(key) && read.has(key.toLowerCase()))
  const found: Edit[] = []
  for (const action of taggersOf(shared, resource)?.remove ?? []) {
    if (!shared.allows(by, action, resource.arn)) continue
    for (const gone of [...keys.map((key) => [key]), ...(keys.length > 1 ? [keys] : [])])
      found.push({
        by,
        name: `${action} ${gone.join()}`,
        action,
        after: (before) => changed(before, Object.fromEntries(gone.map((key) => [key, undefined]))),
        asked: (now, caller) => tagging(shared, caller, action, now, {}, gone),
      })
  }
  return found
}

const nothing: ReadonlySet<string> = new Set()

function tagging(
  { world, questions }: Shared,
  actor: Actor,
  action: string,
  { arn, tags, sureTags }: Tagged,
  written: Tags,
  tagKeys: readonly string[] = Object.keys(written),
): Asked {
  const service = serviceOfArn(arn)
  const starts = [
    'aws:ResourceTag',
    ...(service === 'iam' ? [] : ([`${service}:ResourceTag`] as const)),
  ] as const
  const open = tags === undefined ? starts.map((start) => [`${start}/*`, { mayBeAbsent: true }] as const) : []
  const sure = starts.map((start) => sureKeys(start, tags ?? sureTags))
  const keys: Partial<CallerKeys> = {
    context: {
      ...Object.assign({}, ...sure.map(({ context }) => context)),
      'aws:RequestedRegion': arn.split(':')[3] || 'us-east-1',
      ...keysOfTags('aws:RequestTag', written),
      'aws:TagKeys': tagKeys,
    },
    open: Object.assign(Object.fromEntries(open), ...sure.map((each) => each.open)),
  }
  return {
    request: questions.request(actor, action, arn, world.account, keys),
    policies: questions.withRcps(action, actor.variant.policies),
    call: action,
  }
}
