import {
  type Principal as Caller,
  type CompiledSet,
  type ContextInput,
  combine,
  compile,
  type KeyDomain,
  type PolicySource,
} from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import { valueIn } from '../world/lists.ts'
import {
  currentOf,
  type Document,
  type Group,
  type Principal,
  type Role,
  type World,
} from '../world/world.ts'
import { writtenPolicy } from '../world/written-policy.ts'
import { type Carried, carriedName, nothingCarried, sessionTags, withTags } from './carried.ts'
import { type Change, changeName, tagsAfter } from './change.ts'

/** The known, chosen, open and absent keys that every request of a caller has. */
export interface CallerKeys {
  readonly context: Readonly<Record<string, ContextInput>>
  readonly chosen: Readonly<Record<string, KeyDomain>>
  readonly open: Readonly<Record<string, KeyDomain>>
}

/** A principal as the attacker can have changed it: its policies, boundary and tags. */
export interface Variant {
  readonly principal: Principal
  /** The names of the changes that it is made of, in order. */
  readonly changes: readonly string[]
  /** The changes themselves. */
  readonly applied: readonly Change[]
  readonly tags: Readonly<Record<string, string>>
  /** The tags of the user or the role itself, without those of a session. */
  readonly ownTags: Readonly<Record<string, string>>
  readonly identity: readonly Document[]
  readonly boundary: readonly Document[] | undefined
  /** The ARN of the boundary, for iam:PermissionsBoundary. */
  readonly boundaryArn: string | undefined
  readonly policies: CompiledSet
  readonly carried: Carried
  /** Whether the attacker begins with it: nobody knows the source identity of that session. */
  readonly isStart?: true
  /** Without SCPs and RCPs: to ask what these let through. */
  readonly isBoundByScps: boolean
  /** Of something that is in no account in view: how requests name it, and the roles that may let it in. */
  readonly outside?: Outside
}

/** The facts about a caller from outside the accounts that are in view. */
export interface Outside {
  readonly principal: Caller
  readonly keys: CallerKeys
  readonly roles: readonly Role[]
}

/** The most variants with changes that are kept. */
const mostChanged = 5_000

/** Compiles the variants of principals, each once. */
export class PolicySets {
  readonly #world: World
  readonly #variants = new Map<string, Variant>()
  readonly #changed = new Map<string, Variant>()
  /** A policy that allows everything. */
  readonly everything: Document = everythingOf()

  /** With the variants before a change of the world, of which those that it does not touch are kept. */
  constructor(world: World, before?: PolicySets, isSame?: (principal: Principal) => boolean) {
    this.#world = world
    if (before === undefined || isSame === undefined) return
    for (const [key, variant] of before.#variants)
      if (isSame(variant.principal)) this.#variants.set(key, variant)
  }

  /** The principal with these changes applied; those that are not about it do nothing. */
  variant(principal: Principal, changes: readonly Change[], carried: Carried = nothingCarried): Variant {
    const names = changes.map(changeName).sort()
    const key = `${principal.arn}${principal.made ?? ''}\n${carriedName(carried)}\n${names.join('\n')}`
    const known = changes.length === 0 ? this.#variants : this.#changed
    let variant = known.get(key)
    if (variant === undefined) {
      if (known.size >= mostChanged && known === this.#changed) known.clear()
      variant = this.#make(principal, changes, names, carried)
      known.set(key, variant)
    }
    return variant
  }

  /** The same as the attacker begins with it. */
  readonly start = perObject((variant: Variant): Variant => ({ ...variant, isStart: true }))

  #make(
    principal: Principal,
    changes: readonly Change[],
    names: readonly string[],
    carried: Carried,
  ): Variant {
    const versions = new Map<string, string | undefined>()
    const own = (arn: string): readonly Change[] => changes.filter((change) => change.arn === arn)
    for (const change of changes) if (change.is === 'version') versions.set(change.arn, change.version)
    const managed = (arn: string): readonly Document[] => this.#managed(arn, versions)
    const takenFrom = (arn: string): ReadonlySet<string> =>
      new Set(own(arn).flatMap((change) => (change.is === 'without' ? change.key : [])))
    const without = takenFrom(principal.arn)
    const left = new Set(own(principal.arn).flatMap((change) => (change.is === 'left' ? change.group : [])))

    const ofOwner = (owner: {
      readonly arn: string
      readonly inline: readonly Document[]
      readonly attached: readonly string[]
    }): readonly Document[] => {
      const more = own(owner.arn)
      return [
        ...owner.inline,
        ...owner.attached.flatMap(managed),
        ...more.flatMap((change) => (change.is === 'attached' ? managed(change.policy) : [])),
        ...(more.some(({ is }) => is === 'everything') ? [this.everything] : []),
      ]
    }
    const groups = principal.type === 'user' ? [...principal.groups] : []
    for (const change of own(principal.arn)) if (change.is === 'joined') groups.push(change.group)
    const all = [
      ...ofOwner(principal).filter(({ key }) => !without.has(key)),
      ...groups.flatMap((name) => {
        const group = left.has(name) ? undefined : this.#world.groups.get(name)
        if (group === undefined) return []
        const taken = takenFrom(group.arn)
        return ofOwner(group)
          .filter(({ key }) => !taken.has(key))
          .map(this.#by(group))
      }),
    ]
    // A policy that several groups have is said once.
    const identity = changes.length === 0 ? all : unique(all)
    const replaced = own(principal.arn).findLast((change) => change.is === 'boundary')
    const boundaryArn = replaced?.is === 'boundary' ? replaced.policy : principal.boundary
    const boundary = boundaryArn === undefined ? undefined : managed(boundaryArn)
    let tags = principal.tags
    for (const change of own(principal.arn)) if (change.is === 'tag') tags = tagsAfter(tags, change)
    const isBoundByScps =
      !(principal.type === 'role' && principal.isServiceLinked) && !changes.some(({ is }) => is === 'unbound')
    return {
      principal,
      changes: names,
      applied: changes,
      tags: withTags(tags, sessionTags(carried)),
      ownTags: tags,
      identity,
      boundary,
      boundaryArn,
      policies: combine(compile({ identity }), this.#limits(boundary, isBoundByScps)),
      carried,
      isBoundByScps,
    }
  }

  /** A document as one that a group gives its members: the same one for each of them. */
  readonly #by = perObject(({ arn: group }: Group) =>
    perObject((document: Document): Document => ({ ...document, source: { ...document.source, group } })),
  )

  /** The boundary and the SCPs of a principal. Those of many are the same, so each is compiled once. */
  #limits(boundary: readonly Document[] | undefined, isBoundByScps: boolean): CompiledSet {
    const { scps: scp } = this.#world.organization
    const limits = { ...(isBoundByScps ? { scp } : {}), boundary }
    if (boundary !== undefined && boundary.length !== 1) return compile(limits)
    const known = this.#compiled[isBoundByScps ? 'bound' : 'free']
    return valueIn(known, boundary?.[0] ?? this.everything, () => compile(limits))
  }

  /** By the document of the boundary. */
  readonly #compiled = {
    bound: new WeakMap<Document, CompiledSet>(),
    free: new WeakMap<Document, CompiledSet>(),
  }

  /** The document in effect of a managed policy; none if it is not known, so that it allows nothing. */
  #managed(arn: string, versions: ReadonlyMap<string, string | undefined>): readonly Document[] {
    const policy = this.#world.policies.get(arn)
    if (versions.has(arn)) {
      const version = versions.get(arn)
      if (version === undefined) return [{ ...this.everything, key: arn }]
      const document = policy?.versions.get(version)
      return document === undefined ? [] : [document]
    }
    const document = currentOf(policy)
    return document === undefined ? [] : [document]
  }
}

/** Documents without those that say the same as one before them. */
function unique(documents: readonly Document[]): readonly Document[] {
  const nameOf = ({ isUnknown, key, policy }: Document) => (isUnknown === true ? key : policy.text)
  return [...new Map(documents.toReversed().map((each) => [nameOf(each), each])).values()].reverse()
}

function everythingOf(): Document {
  const policy = writtenPolicy({ Effect: 'Allow', Action: '*', Resource: '*' }, 'identity')
  return { policy, source: { type: 'none', name: 'a policy of the attacker' }, key: 'written' }
}

/** A resource policy that allows actions to one caller: what the attacker writes. */
export function grantTo(
  callerArn: string,
  actions: readonly string[],
  kind: 'trust' | 'resource',
  type: 'AWS' | 'Service' = 'AWS',
): PolicySource {
  const allow = { Effect: 'Allow', Principal: { [type]: callerArn }, Action: actions }
  const policy = writtenPolicy(kind === 'trust' ? allow : { ...allow, Resource: '*' }, kind)
  return { policy, source: { type: 'resource', name: 'a policy of the attacker' } }
}
