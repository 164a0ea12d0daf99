import type { TechniqueNeed, TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { Brought } from '../request/brought.ts'
import type { Actor } from '../request/trust-question.ts'
import type { FactUsed } from './fact-option.ts'

/** What the calls of a plan may bring, and the facts that it rests on. */
export interface Bringing {
  readonly brought: Brought
  readonly facts: readonly FactUsed[]
}

/** The most sets of tags that are tried. */
const most = 8

/**
 * What the calls of a plan may bring besides what they must, if conditions of the actor's policies ask for it: tags for
 * what is made, and a code signing configuration of a function. [GRD-36, IAM-52, LAM-80]
 */
export function bringings(
  table: TechniqueTable,
  actor: Actor,
  needs: readonly TechniqueNeed[],
): readonly Bringing[] {
  const found: Bringing[] = []
  const isSigned = needs.some(({ action }) => action === 'lambda:CreateFunction') && asksForSigning(actor)
  if (isSigned) found.push(signed({ brought: {}, facts: [] }))
  for (const each of taggings(table, actor, needs)) {
    found.push(each)
    if (isSigned) found.push(signed(each))
  }
  return found
}

function signed({ brought, facts }: Bringing): Bringing {
  const value = 'whether the code signing configuration refuses unsigned code is not in the files'
  return {
    brought: { ...brought, isSigned: true },
    facts: [...facts, { fact: 'unsigned', value, known: 'unknown' }],
  }
}

function asksForSigning(actor: Actor): boolean {
  return [...conditionsOf(actor, 'lambda:CreateFunction')].some(({ key }) =>
    /^lambda:CodeSigningConfigArn$/i.test(key),
  )
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
    const value = `tags that the attacker gives: ${tags.join(', ')}`
    const facts: readonly FactUsed[] = [{ fact: 'tags', value, known: 'details' }]
    yield { brought: { tags, isTagAsked: true }, facts }
    const [first] = assumed
    if (first === undefined || assumed.length < calls.length) continue
    const open = `whether ${first.action} with tags asks for ${first.tagging.action} is not documented`
    yield { brought: { tags }, facts: [...facts, { fact: 'tagging', value: open, known: 'unknown' }] }
  }
}

/** The keys of tags that conditions about an action name. */
function* tagsIn(actor: Actor, action: string): Generator<string> {
  for (const { key, values } of conditionsOf(actor, action)) {
    const tag = /^aws:RequestTag\/(.+)$/i.exec(key)?.[1]
    if (tag !== undefined) yield tag
    else if (/^aws:TagKeys$/i.test(key))
      for (const { value } of values)
        if (value !== 'true' && value !== 'false') yield value.replaceAll('*', 'omen').replaceAll('?', 'o')
  }
}

function* conditionsOf({ variant: { policies } }: Actor, action: string) {
  const { identity, boundary, scp = [] } = policies
  for (const layer of [identity, boundary, ...scp])
    for (const { statement } of layer?.candidates(action).all ?? []) yield* statement.condition
}
