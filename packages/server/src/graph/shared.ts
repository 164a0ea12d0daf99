import type { Technique, TechniqueTable } from '../authorization/catalogue/index.ts'
import { ActorClasses, policiesOf } from './actor-class.ts'
import { type Administrator, administratorOf } from './administrator.ts'
import { headsOf, type Match, matchOf } from './candidates.ts'
import { type Variant, Wardrobe } from './person.ts'
import type { Finding } from './prove.ts'
import { Questions } from './question.ts'
import type { Actor } from './trust-question.ts'
import { WorldIndex } from './world-index.ts'
import type { ManagedPolicy, Person, Role, World } from './world.ts'

/** The most findings that are kept. */
const mostFindings = 400_000

/** What the searches of a graph have in common: look-ups, classes, compiled principals, and what was found. */
export class Shared {
  readonly world: World
  readonly table: TechniqueTable
  readonly index: WorldIndex
  readonly classes: ActorClasses
  readonly wardrobe: Wardrobe
  readonly questions: Questions
  readonly #findings = new Map<string, Finding | 'none'>()
  readonly #crowns = new Map<string, Administrator>()
  readonly #usable = new Map<string, readonly Technique[]>()
  readonly #variants = new WeakMap<Variant, number>()
  readonly #persons = new WeakMap<Person, string>()
  #numbers = 0

  constructor(world: World, table: TechniqueTable, more: readonly string[] = []) {
    this.world = world
    this.table = table
    this.index = new WorldIndex(world)
    this.classes = new ActorClasses(world, table, more)
    this.wardrobe = new Wardrobe(world)
    this.questions = new Questions(world, table, this.index)
  }

  /** The name under which what an actor may do is kept: that of its class, if nothing of it is changed. */
  actorKey({ variant, form }: Actor): string {
    if (variant.changes.length === 0) return `${this.classes.of(variant.person)} ${form}`
    let number = this.#variants.get(variant)
    if (number === undefined) {
      number = ++this.#numbers
      this.#variants.set(variant, number)
    }
    return `changed ${number} ${form}`
  }

  /** The starts of what an actor may do an action on. */
  heads({ variant }: Actor, action: string): readonly string[] {
    return headsOf(this.world, variant, action)
  }

  /** Which statements of an actor about an action name a resource. */
  match({ variant }: Actor, action: string, arn: string): Match {
    return matchOf(this.world, variant, this.questions.rcps, action, arn)
  }

  /** What is kept under a name, or found now. */
  found(key: string, find: () => Finding): Finding {
    const known = this.#findings.get(key)
    if (known !== undefined) return known === 'none' ? undefined : known
    const finding = find()
    if (this.#findings.size >= mostFindings) this.#findings.clear()
    this.#findings.set(key, finding ?? 'none')
    return finding
  }

  /** Whether an actor is an administrator. */
  crown(actor: Actor): Administrator {
    const key = this.actorKey(actor)
    let found = this.#crowns.get(key)
    if (found === undefined) {
      found = administratorOf(this.world, actor)
      this.#crowns.set(key, found)
    }
    return found
  }

  /** The techniques of which an actor has an Allow for every need. */
  usable(actor: Actor, techniques: readonly Technique[], name: string): readonly Technique[] {
    const key = `${name} ${this.actorKey(actor)}`
    let found = this.#usable.get(key)
    if (found === undefined) {
      found = techniques.filter((technique) => mayUse(technique, actor.variant))
      if (actor.variant.changes.length > 0) return found
      this.#usable.set(key, found)
    }
    return found
  }

  /** What of a target counts besides its ARN: facts, tags that policies read, its boundary. */
  personKey(person: Person): string {
    let key = this.#persons.get(person)
    if (key === undefined) {
      key = this.#personKey(person)
      this.#persons.set(person, key)
    }
    return key
  }

  #personKey(person: Person): string {
    const { accessKeys, loginProfiles, mfaDevices } = this.world.inventory
    const { type, name, account, attached, boundary } = person
    const own =
      type === 'user'
        ? [
            (accessKeys?.get(name) ?? 0) >= 2,
            loginProfiles?.has(name) ?? false,
            Math.min(mfaDevices?.get(name) ?? 0, 8),
            person.groups.length,
          ]
        : [person.isServiceLinked, person.isIdentityCenter, person.profiles.length > 0]
    return [type, account, ...own, attached.length, boundary ?? '', this.classes.tagsOf(person)].join('\t')
  }

  #readsProfiles: boolean | undefined

  /** Whether a policy has a condition on the instance profile of an instance. */
  get readsProfiles(): boolean {
    this.#readsProfiles ??= [...policiesOf(this.world)].some(({ text }) => /ec2:InstanceProfile/i.test(text))
    return this.#readsProfiles
  }

  /** Whether a policy, in the version that is in effect, allows an action of a technique. */
  isPotent(policy: ManagedPolicy): boolean {
    const document = policy.versions.get(policy.defaultVersion)
    return document !== undefined && this.classes.relevance.of(document).isPotent
  }

  /** A number for the trust policy of a role. */
  trustKey({ trust }: Role): number {
    return trust === undefined ? -1 : this.classes.relevance.of(trust).whole
  }
}

/** Whether the policies of an actor have an Allow for the first needs at all. */
function mayUse({ needs, ways, effect }: Technique, { policies }: Variant): boolean {
  if (effect === 'assumes') return true
  const allows = (action: string): boolean =>
    (policies.identity?.candidates(action).allow.all.length ?? 0) > 0
  if (!needs.every(({ action, ownGrant }) => ownGrant === true || allows(action))) return false
  if (ways.length === 0) return true
  return ways.some((way) => way.needs.every(({ action, ownGrant }) => ownGrant === true || allows(action)))
}
