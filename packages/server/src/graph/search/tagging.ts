import type { Policy } from '@omen-iam/policy'
import type { Finding } from '../proof/finding.ts'
import { type Outline, outlineOf } from '../relevance/shared.ts'
import { type TagsRead, tagsRead } from '../relevance/tags-read.ts'
import { heldAs } from '../request/binding.ts'
import { type Change, changeName, tagsAfter } from '../request/change.ts'
import type { Actor } from '../request/trust-question.ts'
import { type Subject, tagUses } from '../use/change-uses.ts'
import type { Changer, Deferred, Task } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { plain } from '../use/targets.ts'
import { mayRetag, taggedBindings } from '../use/thing-tags.ts'
import { useName } from '../use/use-name.ts'
import { listIn } from '../world/lists.ts'
import { comparedTag } from '../world/tag-pairs.ts'
import { accountOfArn, type Person, personOf } from '../world/world.ts'
import { actorName } from './administrators.ts'
import type { Holdings } from './holdings.ts'
import type { Sides } from './sides.ts'
import { mayUse } from './staying.ts'

type TagChange = Extract<Change, { is: 'tag' }>

/** The actions of a search on a result. */
interface Search {
  /** Does something later. */
  push(task: Task): void
  use(actor: Actor, own: OwnUse): void
  record(actor: Actor, own: OwnUse, finding: Outline, more: readonly Change[]): void
}

/** The most principals of an account that tag resources for others. */
const mostTaggers = 16

/** Uses that fail for a condition on the tags of their target, and what becomes of them once the attacker tags it. */
export class Tagging {
  readonly #sides: Sides
  readonly #holdings: Holdings
  readonly #search: Search
  /** By the ARN of the target. */
  readonly #untagged = new Map<string, Deferred[]>()
  /** Uses of principals on themselves. */
  readonly #own = new Map<Person, Deferred>()
  readonly #changers: Changer[] = []
  readonly #done = new Set<string>()
  readonly #proposed = new Set<string>()
  /** Uses of existing resources that are not proven, and who may tag such; by account. */
  readonly #ofThings = new Map<string, Deferred[]>()
  readonly #taggers = new Map<string, Actor[]>()

  constructor(sides: Sides, holdings: Holdings, search: Search) {
    this.#sides = sides
    this.#holdings = holdings
    this.#search = search
  }

  /** Adds a use that is not proven. */
  add(entry: Deferred): void {
    this.#demand(entry)
    const { target } = entry.own.use.binding
    const { shared } = this.#sides.of(entry.actor.variant.person.account)
    if (shared.classes.tags.resource.length === 0) return
    this.#addOfThings(entry)
    if (target === undefined) return
    if (target.arn === entry.actor.variant.person.arn) {
      // What is written on it is a change of the principal that acts.
      if (!this.#own.has(target)) for (const changer of this.#changers) this.#propose(changer, entry)
      this.#own.set(target, entry)
      return
    }
    const known = this.#untagged.get(target.arn)
    if (known === undefined) this.#untagged.set(target.arn, [entry])
    else known.push(entry)
    for (const changer of this.#changers) this.#propose(changer, entry)
    this.#retry(entry)
  }

  /** Adds an actor that can write tags. */
  addChanger(changer: Changer): void {
    this.#changers.push(changer)
    for (const entries of [...this.#untagged.values()])
      for (const entry of [...entries]) this.#propose(changer, entry)
    for (const entry of [...this.#own.values()]) this.#propose(changer, entry)
    for (const [person, pairs] of this.#demanded) this.#write(changer, person, [...pairs.values()])
    for (const { tagged, pairs, before } of this.#changed.values())
      this.#write(changer, tagged, pairs, before)
  }

  /** Has a target that got a tag get its own tags back: they may count in what it does. */
  #giveBack(target: Person, tagged: Person, change: TagChange, name = changeName(change)): void {
    if (this.#changed.has(name)) return
    const pairs = [change.key, ...Object.keys(change.also ?? {})].flatMap((key) => {
      const value = target.tags[key]
      return value === undefined ? [] : [[key, value] as const]
    })
    const before = [changeName(change)]
    this.#changed.set(name, { tagged, pairs, before })
    for (const changer of this.#changers) this.#write(changer, tagged, pairs, before)
  }

  /** Targets that got a tag, the tags that they had, and the fact that they got it. By the name of the change. */
  readonly #changed = new Map<
    string,
    { readonly tagged: Person; readonly pairs: TagsRead['principal']; readonly before: readonly string[] }
  >()

  /** A trust policy may let the caller in once the caller has a tag. */
  #demand({ actor: { variant }, own }: Deferred): void {
    const { target } = own.use.binding
    const { person, outside } = variant
    if (outside !== undefined || target?.type !== 'role' || target.trust === undefined) return
    const { policy } = target.trust
    const { shared } = this.#sides.of(target.account)
    const compared = comparedTag.test(policy.text) ? shared.reading.comparedTags : []
    // A tag of the caller may become one of the session, which other policies ask for.
    const named = keysInVariables(policy)
    const passed =
      named.size === 0 ? [] : shared.reading.tagsWanted.filter(([key]) => named.has(key.toLowerCase()))
    const asked = [...callerTags(policy), ...compared, ...passed]
    if (asked.length === 0) return
    const pairs = this.#demanded.get(person) ?? new Map<string, readonly [string, string]>()
    this.#demanded.set(person, pairs)
    const more = asked.filter(([key, value]) => !pairs.has(`${key}=${value}`))
    if (more.length === 0) return
    for (const pair of more) pairs.set(`${pair[0]}=${pair[1]}`, pair)
    for (const changer of this.#changers) this.#write(changer, person, more)
  }

  /** The tags that trust policies ask of principals. */
  readonly #demanded = new Map<Person, Map<string, readonly [string, string]>>()

  /** Something has got a tag. Who is held may get its own tags back: what it can do may depend on them. */
  tagged(change: TagChange): void {
    const { arn, key } = change
    for (const entry of [...(this.#untagged.get(arn) ?? [])]) this.#retry(entry)
    const { world, classes } = this.#sides.of(accountOfArn(arn)).shared
    const person = personOf(world, arn)
    if (person === undefined || !classes.tags.keys.has(key) || !this.#holdings.holds(person)) return
    this.#giveBack(person, { ...person, tags: tagsAfter(person.tags, change) }, change, `${arn} ${key}`)
  }

  /** Takes an actor into account that may tag existing resources for others. [GRD-560] */
  visit(actor: Actor): void {
    const { account } = actor.variant.person
    const { shared } = this.#sides.of(account)
    const taggers = listIn(this.#taggers, account)
    if (actor.variant.outside !== undefined || taggers.length >= mostTaggers || !mayRetag(shared, actor))
      return
    taggers.push(actor)
    for (const entry of [...listIn(this.#ofThings, account)])
      this.#search.push(() => this.#tagThings(entry, [actor], actor))
  }

  /** Has the actor or others tag existing resources before it uses them. */
  #tagThings(entry: Deferred, others: readonly Actor[], fresh?: Actor): void {
    const { actor, own } = entry
    const { technique, use } = own
    const { shared, prover } = this.#sides.of(actor.variant.person.account)
    const held = heldAs(actor)
    const further = others.filter((each) => each !== actor && heldAs(each) !== held)
    const question = { shared, actor, technique, binding: use.binding, others: further }
    for (const tagged of taggedBindings(fresh === undefined ? question : { ...question, fresh })) {
      const prove = (): Finding => prover.prove(tagged.actor, technique, tagged.binding)
      const finding = outlineOf(prove())
      prover.budget.step()
      if (finding?.verdict !== 'proven' && finding?.verdict !== 'conditional') continue
      this.#search.record(tagged.actor, { ...own, prove }, finding, [])
      if (finding.verdict === 'proven') return
    }
  }

  #addOfThings(entry: Deferred): void {
    const { wearer, things, policy } = entry.own.use.binding
    if (wearer === undefined && things === undefined && policy === undefined) return
    const { account } = entry.actor.variant.person
    listIn(this.#ofThings, account).push(entry)
    this.#search.push(() => this.#tagThings(entry, listIn(this.#taggers, account)))
  }

  #propose(changer: Changer, { own }: Deferred): void {
    const { target } = own.use.binding
    const { actor } = changer
    if (target === undefined || target.account !== actor.variant.person.account) return
    const { shared } = this.#sides.of(target.account)
    const name = `${actorName(actor)}\n${target.arn}`
    if (this.#proposed.has(name)) return
    this.#proposed.add(name)
    this.#write(changer, target, shared.classes.tags.resource)
  }

  /** Has an actor write tags, each as a task of its own; once some facts hold. */
  #write(
    { actor, techniques }: Changer,
    target: Person,
    pairs: readonly (readonly [string, string])[],
    before?: readonly string[],
  ): void {
    const { account } = actor.variant.person
    if (target.account !== account) return
    const { shared, prover } = this.#sides.of(account)
    const subject: Subject = { is: 'person', person: target }
    for (const technique of techniques) {
      if (technique.effect !== 'writesTags') continue
      const question = { shared, technique, actor, subject, rewritable: nothing }
      this.#search.push(() => {
        const uses = tagUses(question, target, pairs)
        for (const each of plain({ ...question, prover, only: undefined }, uses)) {
          const own = before === undefined ? each : { ...each, use: { ...each.use, before } }
          this.#search.use(actor, own)
          prover.budget.step()
        }
      })
    }
  }

  #retry({ actor, own, finding: untagged }: Deferred): void {
    const { target } = own.use.binding
    if (target === undefined) return
    for (const change of this.#holdings.tagsOf(target)) {
      if (!mayUse(actor, change)) continue
      const name = changeName(change)
      const stem = `${actorName(actor)}\n${own.technique.id}\n${useName(own.use)}\n${name}`
      if (this.#done.has(stem)) continue
      this.#done.add(stem)
      const tagged = { ...target, tags: tagsAfter(target.tags, change) }
      const prove = (): Finding => own.prove(tagged)
      const finding = outlineOf(prove())
      // Where nothing is known without the tag, something may be left open with it.
      const isOpen = finding?.verdict === 'undecided' && untagged?.verdict !== 'undecided'
      if (finding?.verdict === 'proven' || finding?.verdict === 'conditional' || isOpen) {
        this.#search.record(actor, { ...own, prove }, finding, [change])
        this.#giveBack(target, tagged, change)
      }
    }
  }
}

const read = new WeakMap<Policy['statements'], TagsRead['principal']>()

/** The keys of tags of the caller that policy variables name, in lower case. */
function keysInVariables({ text }: Policy): ReadonlySet<string> {
  const found = text.matchAll(/\$\{aws:PrincipalTag\/([^,}]{1,128})/gi)
  return new Set([...found].map(([, key = '']) => key.toLowerCase()))
}

/** The tags of the caller that conditions of a policy name. */
function callerTags(policy: Policy): TagsRead['principal'] {
  let pairs = read.get(policy.statements)
  if (pairs === undefined) {
    pairs = tagsRead([policy]).principal
    read.set(policy.statements, pairs)
  }
  return pairs
}

const nothing: ReadonlySet<string> = new Set()
