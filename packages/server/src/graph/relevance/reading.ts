import type { Policy } from '@omen-iam/policy'
import type { Wardrobe } from '../request/person.ts'
import { allGifts, giftsIn, identityPatterns, tagsIn, type WantedGifts } from '../request/session-gifts.ts'
import { comparedTag, comparedTags, type TagPair } from '../world/tag-pairs.ts'
import { type WantedNames, wantedNames } from '../world/wanted-names.ts'
import type { Document, Person, World } from '../world/world.ts'
import { type ActorClasses, readsPrincipalTags } from './actor-class.ts'
import { policiesOf, tellingPoliciesOf } from './policies-of.ts'

const profileKey = /ec2:InstanceProfile/i
const sessionNameKey = /aws:userid|:assumed-role\//i
const sourceKey = /lambda:SourceFunctionArn|ec2:SourceInstanceARN/i
const namingKey = /sts:RoleSessionName/i
const boundaryKey = /iam:PermissionsBoundary/i
const sessionKey = /MultiFactorAuth|TokenIssueTime/i
const serviceKey =
  /SourceInstanceArn|SourceFunctionArn|RoleDelivery|Ec2InstanceSource|userid|:assumed-role\/|RoleSessionName|SourceIdentity/i

/** The facts about an account. */
interface Account {
  readonly world: World
  readonly classes: ActorClasses
  readonly wardrobe: Wardrobe
}

/** The names that policies of an account, and of others about its callers, read: tags, sessions, new things. */
export class Reading {
  readonly #world: World
  readonly #classes: ActorClasses
  readonly #wardrobe: Wardrobe
  /** The statements of other accounts' policies about callers. */
  readonly #foreign: readonly Policy[]
  /** The accounts in view. */
  readonly #worlds: readonly World[]

  /** After a change: no less than before it, and what its documents read. */
  constructor(
    { world, classes, wardrobe }: Account,
    { foreign, worlds }: { readonly foreign: readonly Policy[]; readonly worlds: readonly World[] },
    before?: Reading,
    documents: readonly Document[] = [],
  ) {
    this.#world = world
    this.#classes = classes
    this.#wardrobe = wardrobe
    this.#foreign = foreign
    this.#worlds = worlds
    if (before !== undefined) this.#keep(before, documents)
  }

  #keep(before: Reading, documents: readonly Document[]): void {
    const kept = (was: boolean | undefined, pattern: RegExp): boolean | undefined =>
      was === false && documents.some(({ policy }) => pattern.test(policy.text)) ? true : was
    this.#readsProfiles = kept(before.#readsProfiles, profileKey)
    this.#readsSources = kept(before.#readsSources, sourceKey)
    if (!documents.some(({ policy }) => boundaryKey.test(policy.text)))
      this.#boundariesAsked = before.#boundariesAsked
    this.#readsUserIds = kept(before.#readsUserIds, sessionNameKey)
    this.#readsSessions = kept(before.#readsSessions, sessionKey)
    this.#readsServices = kept(before.#readsServices, serviceKey)
    this.#limitsSessionNames = kept(before.#limitsSessionNames, namingKey)
    if (documents.some(({ policy }) => policy.kind === 'trust')) return
    this.#asked = before.#asked
    this.#identities = before.#identities
    this.#comparesTags = kept(before.#comparesTags, comparedTag)
    // Existing resources may have other tags than before.
    if (this.#comparesTags !== true) this.#wanted = before.#wanted
  }

  #wanted = new Map<number, WantedGifts>()
  #plain: WantedGifts | undefined

  /** The conditions of policies on the sessions of a role, or on a user: tags, a source identity, a name. */
  wantedOfSessions(person: Person): WantedGifts {
    const key = this.#classes.of(person)
    let wanted = this.#wanted.get(key)
    if (wanted === undefined) {
      const { identity, boundary = [] } = this.#wardrobe.variant(person, [])
      const scps = (this.#world.organization.scps ?? []).flat()
      this.#asked ??= giftsIn(this.#telling().filter(({ kind }) => kind !== 'identity' && kind !== 'scp'))
      const own = giftsIn([...identity, ...boundary, ...scps].map(({ policy }) => policy))
      // Most roles ask for nothing themselves.
      const isPlain = own.gifts.length === 0
      wanted = isPlain && this.#plain ? this.#plain : allGifts(own, this.#asked, this.comparedTags)
      if (isPlain) this.#plain = wanted
      this.#wanted.set(key, wanted)
    }
    return wanted
  }

  /** The tags that are tried on a principal: those that conditions name, and those with which it fits what exists. */
  callerTags(person: Person): readonly TagPair[] {
    const { ofCallers } = this.#classes.tags
    if (this.comparedTags.length === 0) return ofCallers
    const { identity, boundary = [] } = this.#wardrobe.variant(person, [])
    const scps = (this.#world.organization.scps ?? []).flat()
    const reads = [...identity, ...boundary, ...scps].some(({ policy }) => readsPrincipalTags(policy))
    return reads ? [...ofCallers, ...this.comparedTags] : ofCallers
  }

  /** The tags of a caller with which it fits something that exists. */
  get comparedTags(): readonly TagPair[] {
    this.#comparesTags ??= this.#telling().some(({ text }) => comparedTag.test(text))
    this.#comparedTags ??= this.#comparesTags ? comparedTags(this.#telling(), this.#worldsFromOwn()) : []
    return this.#comparedTags
  }

  /** Its own account first. */
  #worldsFromOwn(): readonly World[] {
    return [this.#world, ...this.#worlds.filter((other) => other !== this.#world)]
  }

  #comparesTags: boolean | undefined

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
    this.#identities ??= identityPatterns(this.#trusts())
    return this.#identities
  }

  /** The policies that may be about a caller of this account, and name a tag, a caller, a session or a source identity. */
  #telling(): readonly Policy[] {
    const own = tellingPoliciesOf(this.#world)
    return this.#foreign.length === 0 ? own : [...own, ...this.#foreign]
  }

  /** The trust policies among them, of every account. */
  #trusts(): readonly Policy[] {
    return this.#telling().filter(({ kind }) => kind === 'trust')
  }

  readonly #namesWanted = new Map<'user' | 'role', WantedNames>()

  /** The names that conditions ask of new users or roles. */
  namesWanted(kind: 'user' | 'role'): WantedNames {
    let names = this.#namesWanted.get(kind)
    if (names === undefined) {
      names = wantedNames(this.#telling(), this.#world, kind)
      this.#namesWanted.set(kind, names)
    }
    return names
  }

  /** The patterns of boundaries that conditions name: one of them may be what a call needs. */
  get boundariesAsked(): readonly string[] {
    this.#boundariesAsked ??= readBoundaries(this.#telling())
    return this.#boundariesAsked
  }

  #boundariesAsked: readonly string[] | undefined

  /** Whether a policy depends on the name of a session: on the id of the caller, or on the ARN of a session. */
  get readsUserIds(): boolean {
    this.#readsUserIds ??= this.#telling().some(({ text }) => sessionNameKey.test(text))
    return this.#readsUserIds
  }

  #readsUserIds: boolean | undefined

  /** Whether a policy has a condition on the function or the instance that code runs in. */
  get readsSources(): boolean {
    this.#readsSources ??= tellingPoliciesOf(this.#world).some(({ text }) => sourceKey.test(text))
    return this.#readsSources
  }

  #readsSources: boolean | undefined

  /** Whether a policy limits the names that sessions get. */
  get limitsSessionNames(): boolean {
    this.#limitsSessionNames ??= this.#telling().some(({ text }) => namingKey.test(text))
    return this.#limitsSessionNames
  }

  #limitsSessionNames: boolean | undefined

  /** Whether a policy has a condition on MFA or on the age of a session: if none has, all credentials of a user are alike. */
  get readsSessions(): boolean {
    this.#readsSessions ??= policiesOf(this.#world).some(({ text }) => sessionKey.test(text))
    return this.#readsSessions
  }

  #readsSessions: boolean | undefined

  /** Whether a policy has a condition on the name of a session or on what its code runs in, so that one of a service may differ. */
  get readsServices(): boolean {
    this.#readsServices ??= policiesOf(this.#world).some(({ text }) => serviceKey.test(text))
    return this.#readsServices
  }

  #readsServices: boolean | undefined

  #readsProfiles: boolean | undefined

  /** Whether a policy has a condition on the instance profile of an instance. */
  get readsProfiles(): boolean {
    this.#readsProfiles ??= tellingPoliciesOf(this.#world).some(({ text }) => profileKey.test(text))
    return this.#readsProfiles
  }
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
