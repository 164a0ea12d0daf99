import { type CompiledSet, compile, findWitness, type Policy } from '@omen-iam/policy'
import type { Technique, TechniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Finding } from '../proof/finding.ts'
import { type Outline, outlineOf } from '../proof/outline.ts'
import { Reads } from '../proof/records.ts'
import { type Actor, callerFor, callersOf } from '../request/actor.ts'
import { headsOf, isAllowedOn, maskOf } from '../request/candidates.ts'
import { carriedName } from '../request/carried.ts'
import type { Form } from '../request/form.ts'
import { Questions } from '../request/question.ts'
import { PolicySets } from '../request/variant.ts'
import { keptIn, valueIn } from '../world/lists.ts'
import { foreignPolicies, Neighbours, type View } from '../world/neighbours.ts'
import { unknownIn } from '../world/unknown-policies.ts'
import {
  currentOf,
  type Document,
  type Group,
  type ManagedPolicy,
  type Principal,
  type Resource,
  type Role,
  type World,
} from '../world/world.ts'
import { differenceOf, touchedBy, type WorldDifference } from '../world/world-difference.ts'
import { WorldIndex } from '../world/world-index.ts'
import { Abilities } from './abilities.ts'
import { ActorClasses } from './actor-class.ts'
import { administratorOf } from './administrator.ts'
import { alteredOf } from './altered.ts'
import type { Administrator } from './power-found.ts'
import { type Read, Reading } from './reading.ts'
import { freshAction, type Said } from './relevance.ts'
import { readsTagsOfTarget, sayingOfRead } from './saying.ts'
import { countsTrust, lowered, type SearchOptions, techniquesFor } from './search-options.ts'
import type { LeftOut } from './shortcut.ts'

export { type Outline, outlineOf } from '../proof/outline.ts'

/** The most findings, and choices of resources, that are kept. */
const most = { findings: 100_000, choices: 5_000 } as const

/** One resource of each type that a technique names. */
type Choice = ReadonlyMap<string, Resource>
/** Finds what an actor has for a technique. */
type Finder<Each> = () => readonly Each[]

const newMap = () => new Map<string, boolean>()

/** The common data of a graph's searches: look-ups, classes, compiled principals, and results. */
export class Shared {
  readonly world: World
  readonly table: TechniqueTable
  readonly index: WorldIndex
  readonly classes: ActorClasses
  readonly policySets: PolicySets
  readonly questions: Questions
  readonly abilities: Abilities
  readonly reading: Reading
  /** The accounts that are in view, this one among them. */
  readonly neighbours: Neighbours<Shared>
  /** The shortcuts that are not taken. */
  readonly leftOut: LeftOut
  /** The statements of other accounts' policies about callers. */
  readonly #foreign: readonly Policy[]
  /** The principals that the change that made this world touches; undefined if it may touch everything. */
  readonly touched: readonly Principal[] | undefined
  /** The touched principals that can do, or that one can do to, something else than before. */
  readonly altered: readonly Principal[] | undefined
  /** The difference from the world before the change; undefined if everything may differ. */
  readonly difference: WorldDifference | undefined
  #findings = new Map<string, Outline | 'none'>()
  /** The results that depend on which names exist. */
  #namings = new Map<string, Outline | 'none'>()
  #administrators = new Map<string, Administrator>()
  #reads = new Map<string, Reads>()

  constructor(
    world: World,
    table: TechniqueTable,
    more: readonly string[] = [],
    before?: Shared,
    view: View<Shared> & { readonly leftOut?: LeftOut } = { neighbours: new Neighbours(), worlds: [world] },
    foreign: readonly Document[] = [],
  ) {
    this.world = world
    this.table = table
    this.neighbours = view.neighbours
    this.leftOut = view.leftOut ?? new Set()
    this.#foreign = foreignPolicies(world, view.worlds)
    view.neighbours.add(this)
    const difference = before && differenceOf(before.world, world, foreign)
    this.difference = difference
    if (before === undefined || difference === undefined) {
      this.index = new WorldIndex(world)
      this.classes = new ActorClasses(
        world,
        table,
        more,
        undefined,
        this.#foreign,
        this.leftOut.has('classes'),
      )
      this.policySets = new PolicySets(world)
    } else {
      const touched = touchedBy(world, difference, before.index)
      this.touched = [...touched]
      this.index = new WorldIndex(world, before.index)
      const { classes } = before
      this.classes = new ActorClasses(
        world,
        table,
        more,
        { classes, difference, touched },
        this.#foreign,
        this.leftOut.has('classes'),
      )
      // A principal that was touched may be another object than before.
      const arns = new Set([...difference.principals, ...[...touched].map(({ arn }) => arn)])
      this.policySets = new PolicySets(world, before.policySets, ({ arn }) => !arns.has(arn))
      this.altered = alteredOf(before, this, this.touched, difference)
      this.#reads = before.#reads
      if (!difference.hasOtherProfiles) this.#findings = before.#findings
      if (!difference.hasOtherProfiles && !difference.hasOtherNames) this.#namings = before.#namings
      this.#administrators = before.#administrators
    }
    const read = difference === undefined ? undefined : before?.reading
    const others = { foreign: this.#foreign, worlds: view.worlds }
    this.reading = new Reading(this, others, read, difference?.documents)
    const hasOtherTrusts = difference?.documents.some(({ policy }) => policy.kind === 'trust')
    this.abilities = new Abilities(
      this,
      difference === undefined ? undefined : before?.abilities,
      hasOtherTrusts === true,
    )
    this.questions = new Questions(world, table, this.index, view.neighbours)
    if (this.leftOut.has('guess')) this.questions.answer = findWitness
  }

  /** The RCPs of the account. */
  get rcps(): CompiledSet | undefined {
    return this.questions.rcps
  }

  /** The number of questions that were not answered before. */
  asked = 0

  readonly #techniques = new Map<string, readonly Technique[]>()

  /** The techniques that a search uses. */
  techniques(options: SearchOptions): readonly Technique[] {
    const name = `${options.derived} ${options.retired}`
    return valueIn(this.#techniques, name, () => techniquesFor(this.table, options))
  }

  /** Divides the principals into classes: what every question needs. */
  prepare(): void {
    for (const principal of this.index.principals.all) this.classes.of(principal)
    this.index.prepare()
  }

  /** Whether nobody can say what a principal may do: one of its policies or groups is in no file. */
  isUnknown(principal: Principal): boolean {
    return unknownIn(this.policySets.variant(principal, []).policies).length > 0
  }

  /** The name under which what an actor may do is kept: that of its class. */
  actorKey({ variant, form }: Actor): string {
    if (variant.outside !== undefined) return `outside ${variant.principal.arn}`
    const start = variant.isStart === true ? ' start' : ''
    return `${this.classes.asking(variant)} ${this.formKey(form)}${start} ${carriedName(variant.carried)}`
  }

  /** The name of who an actor is, beside what its policies say of the actions that it is asked about. */
  callerKey({ variant, form }: Actor): string {
    const start = variant.isStart === true ? ' start' : ''
    return `${this.classes.calling(variant)} ${this.formKey(form)}${start} ${carriedName(variant.carried)}`
  }

  /** The name of forms of credentials that no policy divides. */
  formKey(form: Form): Form {
    if (form === 'service') return this.#anyReads('services') ? form : 'assumed'
    if (form === 'console' || form === 'mfa') return this.readsSessions ? form : 'key'
    return form
  }

  /** Whether a policy in view has a condition on MFA or on the age of a session. */
  get readsSessions(): boolean {
    return this.#anyReads('sessions')
  }

  /** Whether a policy in view reads something. */
  #anyReads(what: Read): boolean {
    return valueIn(this.#readInView, what, () =>
      [...this.neighbours.all].some(({ reading }) => reading.reads(what)),
    )
  }

  readonly #readInView = new Map<Read, boolean>()

  /** The starts of what an actor may do an action on. */
  heads(actor: Actor, action: string): readonly string[] {
    if (this.leftOut.has('heads')) return ['']
    return headsOf(this.world, callerFor(actor, action).variant, action)
  }

  /** Whether an Allow of an actor for an action names a resource. */
  allows(actor: Actor, action: string, arn: string): boolean {
    const { variant } = callerFor(actor, action)
    return isAllowedOn(this.world, variant, action, arn, this.classes.relevance.mark)
  }

  /** Which statements of an actor about an action name a resource. */
  mask(actor: Actor, action: string, arn: string): string {
    const { variant } = callerFor(actor, action)
    return maskOf(this.world, variant, this.questions.rcpsOf(arn), action, arn, this.classes.relevance.mark)
  }

  /** The things that the proofs of a technique have read so far. */
  readsOf({ id }: Technique): Reads {
    return valueIn(this.#reads, id, () => new Reads())
  }

  /**
   * Returns the result that is kept under a name, or makes it. It may depend on the names of users, roles and policies.
   */
  found(keyOf: () => string | undefined, find: () => Finding, dependsOnNames = false): Outline | undefined {
    const findings = dependsOnNames ? this.#namings : this.#findings
    const before = this.leftOut.has('findings') ? undefined : keyOf()
    const known = before === undefined ? undefined : findings.get(before)
    if (known !== undefined) return known === 'none' ? undefined : known
    this.asked++
    const outline = outlineOf(find())
    // The proof may have read what none before it did.
    const key = before === undefined ? undefined : keyOf()
    if (key === undefined) return outline
    if (findings.size >= most.findings) findings.clear()
    findings.set(key, outline ?? 'none')
    return outline
  }

  /** The choices of existing resources that an actor has for a technique: kept, or found now. */
  choices(actor: Actor, technique: Technique, find: Finder<Choice>): readonly Choice[] {
    return this.#keptFor(this.#choices, actor, technique, find)
  }

  readonly #choices = new Map<string, readonly Choice[]>()

  /** The roles besides the target that an actor has for a technique: kept, or found now. */
  roles(actor: Actor, technique: Technique, find: Finder<Role>): readonly Role[] {
    return this.#keptFor(this.#roles, actor, technique, find)
  }

  readonly #roles = new Map<string, readonly Role[]>()

  #keptFor<Each>(
    known: Map<string, readonly Each[]>,
    actor: Actor,
    technique: Technique,
    find: Finder<Each>,
  ): readonly Each[] {
    if (actor.helpers !== undefined || this.leftOut.has('choices')) return find()
    const key = `${technique.id} ${this.callerKey(actor)} ${sayingOfRead(actor.variant, technique, this.table, this.readsOf(technique))}`
    return keptIn(known, key, most.choices, find)
  }

  readonly #trustNames = new WeakMap<Policy['statements'], Map<string, boolean>>()

  /** Whether an Allow of a role's trust policy names an action. */
  trustNames({ trust }: Role, action: string): boolean {
    if (trust === undefined) return false
    return valueIn(valueIn(this.#trustNames, trust.policy.statements, newMap), action, () => {
      const layer = compile({ resource: { source: trust } }).resource
      return (layer?.candidates(action).allow.all.length ?? 0) > 0
    })
  }

  /** Whether an actor is an administrator. */
  administrator(actor: Actor): Administrator {
    if (!this.said(actor).grants.some((each) => each.has(lowered(freshAction)))) return { is: 'no' }
    const key = this.actorKey(actor)
    return valueIn(this.#administrators, key, () => administratorOf(this.world, actor, this.questions))
  }

  /** Returns the Allows of an actor's identity policies for the actions of techniques. */
  said({ variant }: Actor): Said {
    return this.#saidBy(variant)
  }

  readonly #saidBy = perObject(({ identity, boundary, isBoundByScps }: Actor['variant']): Said => {
    const scps = isBoundByScps ? this.world.organization.scps : undefined
    return this.classes.relevance.said(identity, { boundary, scps })
  })

  /** The same without the actions that its boundary or an SCP refuses on everything. */
  saidWithin(actor: Actor): Said {
    return this.abilities.within(actor, this.said(actor))
  }

  /** Whether the tags of a target may count for what an actor can do to it by a technique. */
  readsTagsOf(target: Principal, actor: Actor, technique: Technique): boolean {
    if (this.classes.tags.resourceKeys.size === 0) return false
    const isOfTrust = target.type === 'role' && countsTrust(technique)
    if (isOfTrust && (target.trust === undefined || /ResourceTag/i.test(target.trust.policy.text)))
      return true
    const { rcps = [] } = this.neighbours.of(target.account)?.world.organization ?? {}
    if (rcps.flat().some(({ policy }) => /ResourceTag/i.test(policy.text))) return true
    const reads = this.readsOf(technique)
    return callersOf(actor).some(({ variant }) => readsTagsOfTarget(variant, technique, this.table, reads))
  }

  /** The tags of something that policies read of resources. */
  tagKey(tags: Readonly<Record<string, string>>): string {
    let text = ''
    const { resourceKeys } = this.classes.tags
    if (resourceKeys.size === 0) return text
    for (const key of Object.keys(tags)) if (resourceKeys.has(key)) text += `${key}=${tags[key]}\t`
    return text
  }

  /** Whether a policy, in the version that is in effect, allows an action of a technique. */
  isPotent(policy: ManagedPolicy): boolean {
    const document = currentOf(policy)
    return document !== undefined && this.classes.relevance.of(document).isPotent
  }

  /** Whether a policy or a group allows a principal an action of a technique as nothing that it has does. */
  givesMore(principal: Principal, each: Group | ManagedPolicy): boolean {
    return this.classes.isMoreFor(principal, this.documentsOf(each))
  }

  /** The documents of a policy in effect, or of a group. */
  readonly documentsOf = perObject((each: Group | ManagedPolicy): readonly Document[] => {
    if ('versions' in each) return [currentOf(each) ?? []].flat()
    const policies = each.attached.flatMap((arn) => this.world.policies.get(arn) ?? [])
    return [...each.inline, ...policies.flatMap((policy) => this.documentsOf(policy))]
  })

  readonly #taken = new Map<string, boolean>()

  /** Whether an action takes resources whose ARNs have the form of this one's. */
  takes(action: string, { type, arn }: Resource): boolean {
    const key = `${action} ${type} ${arn.split('/').length}`
    return valueIn(this.#taken, key, () => this.questions.takes(action, arn))
  }

  /** A number for the trust policy of a role. */
  trustKey({ trust }: Role): number {
    return trust === undefined ? -1 : this.classes.relevance.of(trust).whole
  }
}
