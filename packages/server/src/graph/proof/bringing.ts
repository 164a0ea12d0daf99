import type { TechniqueNeed, TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { Actor } from '../request/actor.ts'
import {
  type Brought,
  carrierOf,
  choicesOf,
  forwarding,
  networkKeys,
  runningKeys,
} from '../request/brought.ts'
import { hasAllow } from '../request/statements.ts'
import { textFor } from '../world/pattern.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { conditionsOf } from './conditions-of.ts'
import type { FactUsed } from './fact-option.ts'

/** The additions that the calls of a plan may bring, and the facts that they rest on. */
export interface Bringing {
  readonly brought: Brought
  readonly facts: readonly FactUsed[]
}

/** The most sets of tags that are tried. */
const most = 50

/**
 * The additions that the calls of a plan may bring, if conditions of the actor's policies ask for them: tags for
 * what is made, what limits what runs, and a network. [GRD-36, IAM-52, LAM-80, LAM-83, PSR-30]
 */
export function bringings(
  table: TechniqueTable,
  actor: Actor,
  needs: readonly TechniqueNeed[],
): readonly Bringing[] {
  const carrier = carrierOf(needs.map(({ action }) => action))
  const keys = new Set(
    needs.flatMap(({ action }) => {
      const running = runningKeys(action, carrier)
      return running.length === 0 ? [] : running.filter((key) => isNamed(actor, action, key))
    }),
  )
  const plain: Bringing = { brought: { carrier }, facts: [] }
  const found = runs(plain, keys)
  for (const { brought, facts } of taggings(table, actor, needs)) {
    const tagged = { brought: { ...brought, carrier }, facts }
    found.push(tagged, ...runs(tagged, keys))
  }
  const isNetworkAsked = needs.some(({ action }) =>
    networkKeys(action).some((key) => isNamed(actor, action, key)),
  )
  return isNetworkAsked ? [...found, ...[plain, ...found].map(inNetwork)] : found
}

/** The same for what is put into a network. */
function inNetwork({ brought, facts }: Bringing): Bringing {
  return {
    brought: { ...brought, isInNetwork: true },
    facts: [...facts, { fact: 'network', says: 'isIn', known: 'details' }],
  }
}

/** Whether a call may be allowed where a service makes it with the caller's credentials, and the caller may have it made. */
export function mayBeForwarded(actor: Actor, needs: readonly TechniqueNeed[]): boolean {
  const { policies } = actor.variant
  const forwards = forwarding().some((action) => hasAllow(policies, action))
  return (
    forwards &&
    needs.some(({ action }) =>
      conditionsOf(actor, action).some(({ key }) => /^aws:(?:CalledVia|ViaAWSService)/i.test(key)),
    )
  )
}

/** Other ways to have the attacker's code run, if conditions name where it comes from. */
function runs({ brought, facts }: Bringing, keys: ReadonlySet<string>): Bringing[] {
  const [key] = keys
  if (key === undefined) return []
  const others = Array.from({ length: choicesOf(brought.carrier) }, (_, choice) => choice).slice(1)
  return [
    ...others.map((choice) => ({ brought: { ...brought, choice }, facts })),
    {
      brought: { ...brought, isLimited: true },
      facts: [...facts, { fact: 'codeRuns', says: 'open', of: { key }, known: 'unknown' as const }],
    },
  ]
}

function isNamed(actor: Actor, action: string, name: string): boolean {
  return conditionsOf(actor, action).some(({ key }) => key.toLowerCase() === name.toLowerCase())
}

function* taggings(
  table: TechniqueTable,
  actor: Actor,
  needs: readonly TechniqueNeed[],
): Generator<Bringing> {
  const calls = needs.flatMap(({ action }) => {
    const tagging = table.actions[action]?.tagging
    return tagging === undefined ? [] : [{ action, tagging }]
  })
  const own = new Set<string>()
  const further = new Set<string>()
  const single: Record<string, string[]> = {}
  for (const { action, tagging } of calls) {
    for (const key of tagsIn(actor, action)) own.add(key)
    for (const key of tagging.action === undefined ? [] : tagsIn(actor, tagging.action)) further.add(key)
  }
  if (own.size === 0) return
  for (const key of own) single[key] = [key]
  const sets = new Map<string, readonly string[]>()
  for (const set of [[...own], [...new Set([...own, ...further])], ...Object.values(single)])
    if (sets.size < most) sets.set([...set].sort().join('\n'), set)
  const assumed = calls.filter(({ tagging }) => tagging.isAssumed === true)
  for (const tags of sets.values()) {
    const facts: readonly FactUsed[] = [
      { fact: 'tags', says: 'tagged', of: { tags: tags.join(', ') }, known: 'details' },
    ]
    yield { brought: { tags, isTagAsked: true }, facts }
    const [first] = assumed
    if (first === undefined || assumed.length < calls.length) continue
    const of = { call: first.action, action: first.tagging.action ?? '' }
    yield { brought: { tags }, facts: [...facts, { fact: 'tagging', says: 'open', of, known: 'unknown' }] }
  }
}

/** The keys of tags that conditions about an action name, and that a caller can write. */
function tagsIn(actor: Actor, action: string): readonly string[] {
  return [...tagsNamed(actor, action)].filter(isWritableTag)
}

function* tagsNamed(actor: Actor, action: string): Generator<string> {
  for (const { key, values } of conditionsOf(actor, action)) {
    const tag = /^aws:RequestTag\/(.+)$/i.exec(key)?.[1]
    if (tag !== undefined) yield tag
    else if (/^aws:TagKeys$/i.test(key))
      for (const { value } of values) if (value !== 'true' && value !== 'false') yield textFor(value)
  }
}
