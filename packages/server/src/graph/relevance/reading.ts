import type { Policy } from '@omen-iam/policy'
import { allGifts, giftsIn, identityPatterns, tagsIn, type WantedGifts } from '../request/session-gifts.ts'
import type { PolicySets } from '../request/variant.ts'
import { valueIn } from '../world/lists.ts'
import { comparedTag, comparedTags, type TagPair } from '../world/tag-pairs.ts'
import { type WantedNames, wantedNames } from '../world/wanted-names.ts'
import type { Document, Principal, World } from '../world/world.ts'
import { type ActorClasses, readsPrincipalTags } from './actor-class.ts'
import { policiesOf, tellingPoliciesOf } from './policies-of.ts'

/** The things that a policy may read. Where none does, it makes no difference to a search. */
const patterns = {
  /** The instance profile of an instance. */
  profiles: /ec2:InstanceProfile/i,
  /** The function or the instance that code runs in. */
  sources: /lambda:SourceFunctionArn|ec2:SourceInstanceARN/i,
  /** The name of a session: in the id of the caller, or in the ARN of a session. */
  userIds: /aws:userid|:assumed-role\//i,
  /** The name that a new session is to get. */
  sessionNames: /sts:RoleSessionName/i,
  /** MFA or the age of a session: if no policy reads them, all credentials of a user are alike. */
  sessions: /MultiFactorAuth|TokenIssueTime/i,
  /** The name of a session or what its code runs in, so that one of a service may differ. */
  services:
    /SourceInstanceArn|SourceFunctionArn|RoleDelivery|Ec2InstanceSource|userid|:assumed-role\/|RoleSessionName|SourceIdentity/i,
  boundaries: /iam:PermissionsBoundary/i,
  mfa: /MultiFactorAuth/i,
  tags: /(?:Principal|Resource)Tag/i,
  comparedTags: comparedTag,
  denials: /"Deny"/,
} as const

/** The name of what a policy may read. */
export type Read = keyof typeof patterns

/** The facts about an account. */
interface Account {
  readonly world: World
  readonly classes: ActorClasses
  readonly policySets: PolicySets
}

/** The names that policies of an account, and of others about its callers, read: tags, sessions, new things. */
export class Reading {
  readonly #world: World
  readonly #classes: ActorClasses
  readonly #policySets: PolicySets
  /** The statements of other accounts' policies about callers. */
  readonly #foreign: readonly Policy[]
  /** The accounts in view. */
  readonly #worlds: readonly World[]

  /** After a change: no less than before it, and what its documents read. */
  constructor(
    { world, classes, policySets }: Account,
    { foreign, worlds }: { readonly foreign: readonly Policy[]; readonly worlds: readonly World[] },
    before?: Reading,
    documents: readonly Document[] = [],
  ) {
    this.#world = world
    this.#classes = classes
    this.#policySets = policySets
    this.#foreign = foreign
    this.#worlds = worlds
    if (before !== undefined) this.#keep(before, documents)
  }

  #keep(before: Reading, documents: readonly Document[]): void {
    const isNew = (what: Read): boolean => documents.some(({ policy }) => patterns[what].test(policy.text))
    for (const [what, was] of before.#reads) this.#reads.set(what, was || isNew(what))
    if (!isNew('boundaries')) this.#boundariesAsked = before.#boundariesAsked
    if (documents.some(({ policy }) => policy.kind === 'trust')) return
    this.#asked = before.#asked
    this.#identities = before.#identities
    // Existing resources may have other tags than before.
    if (this.#reads.get('comparedTags') !== true) this.#wanted = before.#wanted
  }

  readonly #reads = new Map<Read, boolean>()

  /** Whether a policy reads something. */
  reads(what: Read): boolean {
    return valueIn(this.#reads, what, () => this.#all().some(({ text }) => patterns[what].test(text)))
  }

  /** Whether a policy reads something that none read before a change, as far as that was asked. */
  readsMoreThan(before: Reading): boolean {
    return [...before.#reads].some(([what, was]) => !was && this.reads(what))
  }

  #wanted = new Map<number, WantedGifts>()
  #plain: WantedGifts | undefined

  /** The conditions of policies on the sessions of a role, or on a user: tags, a source identity, a name. */
  wantedOfSessions(principal: Principal): WantedGifts {
    const key = this.#classes.of(principal)
    return valueIn(this.#wanted, key, () => {
      const { identity, boundary = [] } = this.#policySets.variant(principal, [])
      const scps = (this.#world.organization.scps ?? []).flat()
      this.#asked ??= giftsIn(this.#telling().filter(({ kind }) => kind !== 'identity' && kind !== 'scp'))
      const own = giftsIn([...identity, ...boundary, ...scps].map(({ policy }) => policy))
      // Most roles ask for nothing themselves.
      if (own.gifts.length > 0) return allGifts(own, this.#asked, this.comparedTags)
      this.#plain ??= allGifts(own, this.#asked, this.comparedTags)
      return this.#plain
    })
  }

  /** The tags that are tried on a principal: those that conditions name, and those with which it fits what exists. */
  callerTags(principal: Principal): readonly TagPair[] {
    const { ofCallers } = this.#classes.tags
    if (this.comparedTags.length === 0) return ofCallers
    const { identity, boundary = [] } = this.#policySets.variant(principal, [])
    const scps = (this.#world.organization.scps ?? []).flat()
    const reads = [...identity, ...boundary, ...scps].some(({ policy }) => readsPrincipalTags(policy))
    return reads ? [...ofCallers, ...this.comparedTags] : ofCallers
  }

  /** The tags of a caller with which it fits something that exists. */
  get comparedTags(): readonly TagPair[] {
    this.#comparedTags ??= this.reads('comparedTags') ? this.#findComparedTags() : []
    return this.#comparedTags
  }

  #findComparedTags(): readonly TagPair[] {
    const others = this.#worlds.filter((other) => other !== this.#world)
    return comparedTags(this.#telling(), [this.#world, ...others])
  }

  #comparedTags: readonly TagPair[] | undefined

  /** The tags that policies ask for of a session which gets them from another one. */
  get tagsWanted(): ReturnType<typeof tagsIn> {
    this.#tagsWanted ??= tagsIn(this.#telling())
    return this.#tagsWanted
  }

  #tagsWanted: ReturnType<typeof tagsIn> | undefined
  #asked: WantedGifts | undefined
  #identities: readonly string[] | undefined

  /** The patterns that trust policies ask a source identity to match. */
  get identities(): readonly string[] {
    this.#identities ??= identityPatterns(this.#telling().filter(({ kind }) => kind === 'trust'))
    return this.#identities
  }

  /** The policies that may be about a caller of this account, and name a tag, a caller, a session or a source identity. */
  #telling(): readonly Policy[] {
    const own = tellingPoliciesOf(this.#world)
    return this.#foreign.length === 0 ? own : [...own, ...this.#foreign]
  }

  #all(): readonly Policy[] {
    return [...policiesOf(this.#world), ...this.#foreign]
  }

  readonly #namesWanted = new Map<'user' | 'role', WantedNames>()

  /** The names that conditions ask of new users or roles. */
  namesWanted(kind: 'user' | 'role'): WantedNames {
    return valueIn(this.#namesWanted, kind, () => wantedNames(this.#telling(), this.#world, kind))
  }

  /** The patterns of boundaries that conditions name: one of them may be what a call needs. */
  get boundariesAsked(): readonly string[] {
    this.#boundariesAsked ??= readBoundaries(this.#telling())
    return this.#boundariesAsked
  }

  #boundariesAsked: readonly string[] | undefined
}

function readBoundaries(policies: readonly Policy[]): readonly string[] {
  const found = new Set<string>()
  for (const { statements } of policies)
    for (const { condition } of statements)
      for (const { key, operator, values } of condition) {
        if (!/^iam:PermissionsBoundary$/i.test(key)) continue
        // Whether there is one: any will do.
        if (/^null$/i.test(operator)) found.add('*:policy/AdministratorAccess')
        else for (const { value } of values) found.add(value.replace(/\$\{[^}]*\}/g, '*'))
      }
  return [...found]
}
