import type { Policy } from '@omen-iam/policy'
import {
  kindOfEffect,
  type Technique,
  type TechniqueNeed,
  type TechniqueTable,
  techniqueTable,
} from '../../authorization/catalogue/index.ts'
import { lastPiece, perObject } from '../../base/index.ts'
import { comparesNames, furtherNeedsOf } from '../proof/fact-block.ts'
import type { Prover } from '../proof/prove.ts'
import { type Bound, namedParts, type Reads, type RecordName, records } from '../proof/records.ts'
import type { Actor } from '../request/actor.ts'
import { requirementsOf } from '../request/binding.ts'
import { type Binding, boundKeys, regionOf } from '../request/request-keys.ts'
import { setIn, valueIn } from '../world/lists.ts'
import { resourcePolicyIn } from '../world/neighbours.ts'
import type { Principal, Resource } from '../world/world.ts'
import { readsPrincipalTags } from './actor-class.ts'
import { sayingOfRead } from './saying.ts'
import { countsTrust } from './search-options.ts'
import type { Shared } from './shared.ts'

/** The requests of a technique's row that name the things it is bound to. */
interface Asks {
  /** The calls by which the trust policy of the target lets one in, if it counts. */
  readonly trusting: readonly string[]
  /** Whether the trust policy of the target counts. */
  readonly trust: boolean
  /** Whether the names of existing resources are in other requests as well. */
  readonly byName: boolean
  /** Whether every request is about the target, so that what names it is all that counts of the actor's policies. */
  readonly isOfTarget: boolean
  readonly ofWorkload: readonly string[]
  /** By the type of an existing resource. */
  readonly ofResource: ReadonlyMap<string, ReadonlySet<string>>
  /** The actions of services that have keys for what exists and is not named. */
  readonly bound: readonly string[]
}

const boundServices = perObject(
  (table: TechniqueTable): ReadonlySet<string> =>
    new Set([...boundKeys(table)].map((key) => key.slice(0, key.indexOf(':')))),
)

const asked = new WeakMap<Technique, Asks>()

function asksOf(technique: Technique, table: TechniqueTable): Asks {
  return valueIn(asked, technique, () => readAsks(technique, table))
}

function readAsks(technique: Technique, table: TechniqueTable): Asks {
  const { effect, facts, ways } = technique
  const allFacts = [...facts, ...ways.flatMap((way) => way.facts)]
  const needs = [...requirementsOf(technique), ...furtherNeedsOf(table, allFacts)]
  const isTrust = kindOfEffect(effect).isByTrust === true
  return {
    trusting: isTrust ? trustCalls : [],
    ofWorkload: [...new Set(needs.flatMap(({ action, on }) => (on.is === 'workload' ? action : [])))],
    trust: countsTrust(technique),
    byName:
      allFacts.some((fact) => comparesNames(table, fact)) ||
      needs.some(
        ({ with: keys, on }) =>
          keys !== undefined || (on.is !== 'workload' && on.is !== 'resource' && on.is !== 'target'),
      ),
    isOfTarget:
      isTrust &&
      allFacts.every((fact) => fact === 'notServiceLinked') &&
      needs.every(({ on }) => on.is === 'target'),
    ofResource: resourceActions(needs),
    bound: [...new Set(needs.map(({ action }) => action))].filter((action) =>
      boundServices(table).has(action.slice(0, action.indexOf(':'))),
    ),
  }
}

/** The calls that a trust policy may allow. */
const trustCalls = [
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithSAML',
]

function resourceActions(needs: readonly TechniqueNeed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { action, on } of needs) if (on.is === 'resource') setIn(found, on.type).add(action)
  return found
}

/** The principal in question, with the account of the question and the prover. */
interface Asking {
  readonly shared: Shared
  readonly prover: Prover
  readonly technique: Technique
  readonly actor: Actor
}

/**
 * The name of a question: those of equal names have equal answers. Undefined if the question is not like another one. It is
 * made of who asks, of what is bound as far as every question looks at it, and of what the proofs of the technique have read:
 * a proof that reads more makes all names longer.
 */
export function signatureOf(question: Asking, binding: Binding): () => string | undefined {
  let version: number | undefined
  let key: string | undefined
  return () => {
    const reads = question.shared.readsOf(question.technique)
    if (version !== reads.version) {
      version = reads.version
      key = nameOf(question, binding, reads)
    }
    return key
  }
}

function nameOf(
  { shared, prover, technique, actor }: Asking,
  binding: Binding,
  reads: Reads,
): string | undefined {
  const { target, provider, workload, resources, context, more, moreKey, only } = binding
  if ((more !== undefined && moreKey === undefined) || binding.ahead !== undefined) return undefined
  // An outsider is asked of few roles, each by its own trust policy.
  if (actor.variant.outside !== undefined || reads.isAlone) return undefined
  const asks = asksOf(technique, shared.table)
  const saying = ({ variant }: Actor): string | number =>
    asks.isOfTarget ? '' : sayingOfRead(variant, technique, shared.table, reads, 'unnamed')
  let key = `${reads.version} ${shared.callerKey(actor)} ${saying(actor)}\n${technique.id}\n${moreKey ?? ''}${only ?? ''}`
  for (const [action, helper] of actor.helpers ?? [])
    key += `\n${action} ${shared.callerKey(helper)} ${saying(helper)}`
  for (const [part, { arn }] of namedParts(binding)) {
    const calls = new Set([
      ...(part === 'target' ? asks.trusting : []),
      ...(reads.statements.get(part) ?? []),
    ])
    key += `\n${part} ${[...calls].map((action) => shared.mask(actor, action, arn)).join('/')}`
  }
  if (target !== undefined) {
    key += `\t${targetKey(shared, reads, target)}`
    if (target.arn === actor.variant.principal.arn) key += `\tself ${shared.tagKey(actor.variant.ownTags)}`
    if (target.type === 'role' && asks.trust) {
      key += `\t${shared.trustKey(target)}`
      if (target.trust !== undefined && readsPrincipalTags(target.trust.policy))
        key += ` ${shared.classes.tagsOf(actor.variant)}`
    }
    if (reads.asksTarget) key += `\t${shared.classes.of(target)}`
    if (readsBoundKeys(actor.variant, asks)) key += `\n${target.arn}`
  }
  if (provider !== undefined) key += `\n${provider}`
  if (binding.isRoleUnknown === true) key += '\nperhaps'
  if (workload !== undefined) key += `\n${resourceSignature(shared, actor, technique, workload)}`
  for (const resource of resources?.values() ?? [])
    key += `\n${resourceSignature(shared, actor, technique, resource)}`
  const bound = { questions: shared.questions, actor, technique, binding, controls: prover.controls }
  for (const name of reads.records) key += `\n${recordKey(shared, name, bound)}`
  return context === undefined ? key : `${key}\n${JSON.stringify(context)}`
}

/** The value that is read under a name, as a text. */
function recordKey(shared: Shared, name: RecordName, bound: Bound): string {
  // Which profiles a role has counts only if a policy names one.
  if (name === 'profiles' && !shared.reading.reads('profiles'))
    return String(records.profiles(bound).length > 0)
  if (name !== 'clusterRole') return `${JSON.stringify(records[name](bound))}`
  const role = records.clusterRole(bound)
  return `${role?.arn} ${role && shared.classes.of(role)}`
}

/** Whether a statement about a technique's requests reads a key that holds an ARN which they do not name. */
function readsBoundKeys({ policies }: Actor['variant'], { bound }: Asks): boolean {
  if (bound.length === 0) return false
  const { identity, boundary, scp = [] } = policies
  return bound.some((action) =>
    [identity, boundary, ...scp].some((layer) =>
      layer
        ?.candidates(action)
        .all.some(({ statement }) => namesBoundKey(statement) || readsTagOfCluster(action, statement)),
    ),
  )
}

type Statement = Policy['statements'][number]

/** Whether a statement names such a key, in a condition or as a variable. */
const namesBoundKey = perObject(({ condition, resource }: Statement): boolean => {
  const text = JSON.stringify([condition, resource]).toLowerCase()
  return [...boundKeys(techniqueTable())].some((key) => text.includes(key))
})

/** Whether a statement reads tags, and the action is asked about the cluster of what is named as well. [PSR-17] */
function readsTagOfCluster(action: string, { condition }: Statement): boolean {
  return action.startsWith('ecs:') && condition.some(({ key }) => /:ResourceTag\//i.test(key))
}

/** The facts about an existing resource that count for a technique: resources of equal signatures are alike. */
export function resourceSignature(
  shared: Shared,
  actor: Actor,
  technique: Technique,
  resource: Resource,
): string {
  const asks = asksOf(technique, shared.table)
  if (asks.byName || readsBoundKeys(actor.variant, asks)) return resource.arn
  const actions = [...asks.ofWorkload, ...(asks.ofResource.get(resource.type) ?? [])]
  const masks = actions.map((action) => shared.mask(actor, action, resource.arn)).join('/')
  return `${masks}\t${workloadKey(shared, resource)}`
}

/** The facts about a target that count for every technique: its type, its tags, and its boundary if a call has a key for it. */
function targetKey(shared: Shared, reads: Reads, target: Principal): string {
  const { table } = shared
  const { type, account, boundary, tags } = target
  const key = `${type} ${account}\t${shared.tagKey(tags)}`
  for (const action of reads.statements.get('target') ?? [])
    if (table.actions[action]?.keys.includes('iam:PermissionsBoundary')) return `${key}\t${boundary ?? ''}`
  return key
}

/** The type, region, tags and facts of a resource, without its name. */
function workloadKey(shared: Shared, { type, arn, tags, facts }: Resource): string {
  const policy = resourcePolicyIn(shared, arn)?.policy.text
  const { instanceProfile, ...others } = facts
  const profile = shared.reading.reads('profiles')
    ? instanceProfile
    : instanceProfile !== undefined && instanceProfile !== null
  const name = lastPiece(arn)
  const known = tags === undefined ? null : shared.tagKey(tags)
  const text = JSON.stringify([type, regionOf(arn).Region ?? '', known, profile, others, policy])
  return name === '' ? text : text.replaceAll(name, '~')
}
