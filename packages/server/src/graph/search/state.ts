import { perObject } from '../../base/index.ts'
import { type Change, changeName, subjectsOf, tagsAfter } from '../request/change.ts'
import type { Subject } from '../use/change-uses.ts'
import { listIn } from '../world/lists.ts'
import type { Group, ManagedPolicy, Principal } from '../world/world.ts'

/**
 * The accounts as an attacker has changed them. A change that may take something from anybody leads from one state to the
 * next; a change that refuses nobody anything is made within a state, and holds in all states after it. So do the sessions
 * that the attacker has come to.
 */
export class State {
  /** 0 of the accounts as they are. */
  readonly number: number
  readonly before: State | undefined
  /** The change by which it came of the state before it. */
  readonly change: Change | undefined
  /** The number of changes that led to it. */
  readonly depth: number
  /** The fact that the accounts are so; undefined of the first state. */
  readonly entry: string | undefined
  readonly #isAsBefore: (change: Change) => boolean
  /** The changes that were made in it, the one that led to it first; by the ARN of what is changed. */
  readonly #changes = new Map<string, Change[]>()
  /** The facts that hold since it, by their names in any state. */
  readonly #facts = new Map<string, string>()

  constructor(number: number, isAsBefore: (change: Change) => boolean, before?: State, change?: Change) {
    this.number = number
    this.#isAsBefore = isAsBefore
    this.before = before
    this.change = change
    this.depth = before === undefined ? 0 : before.depth + 1
    this.entry = change === undefined ? undefined : this.nameOf(changeName(change))
    if (change !== undefined) listIn(this.#changes, change.arn).push(change)
  }

  /** The states on the way to it, the first one first; itself is the last one. */
  get chain(): readonly State[] {
    return this.before === undefined ? [this] : [...this.before.chain, this]
  }

  /** Whether another state is on the way to it, or is itself. */
  isFrom(other: State): boolean {
    return this === other || this.before?.isFrom(other) === true
  }

  /** The number of facts that hold since it: it has changed if this has. */
  get size(): number {
    return this.#facts.size
  }

  /** The number of facts that hold in it. */
  get total(): number {
    return this.size + (this.before?.total ?? 0)
  }

  /** The name in this state of something that holds since it. */
  nameOf(fact: string): string {
    return this.number === 0 ? fact : `${fact}\n${this.number}`
  }

  /** The fact that something holds in this state; undefined if it does not. */
  factOf(fact: string): string | undefined {
    return this.#facts.get(fact) ?? this.before?.factOf(fact)
  }

  /** Whether something holds since this state. */
  hasOwn(fact: string): boolean {
    return this.#facts.has(fact)
  }

  /** The names of what holds since this state. */
  get own(): Iterable<string> {
    return this.#facts.keys()
  }

  /** Notes that something holds from this state on. */
  add(fact: string): void {
    this.#facts.set(fact, this.nameOf(fact))
  }

  /** Notes a change that is made within this state. */
  make(change: Change): void {
    const name = changeName(change)
    if (!this.hasOwn(name)) listIn(this.#changes, change.arn).push(change)
    this.add(name)
  }

  /** The changes that are in effect, of what has an ARN, in their order. What is as it was before is not changed. */
  changesOf(arn: string): readonly Change[] {
    const own = this.#changes.get(arn)
    const before = this.before?.changesOf(arn) ?? nothing
    if (own === undefined) return before
    const known = this.#known.get(arn)
    const isKnown = known?.before === before
    if (isKnown && known.count === own.length) return known.changes
    const changes = isKnown
      ? after(known.changes, own.slice(known.count), this.#isAsBefore)
      : after(before, own, this.#isAsBefore)
    this.#known.set(arn, { before, count: own.length, changes })
    return changes
  }

  readonly #known = new Map<
    string,
    { readonly before: readonly Change[]; readonly count: number; readonly changes: readonly Change[] }
  >()

  /** The names of the changes in effect that may take something away: equal for accounts that are alike in them. */
  get taken(): string {
    this.#taken ??= this.#findTaken()
    return this.#taken
  }

  #taken: string | undefined

  #findTaken(): string {
    const made = this.chain.flatMap(({ change }) => change ?? [])
    return after(nothing, made, this.#isAsBefore).map(changeName).sort().join('\n')
  }

  /** Whether a change is a way out of a state on the way here, or led here: it may take something away. */
  isTaking(change: Change): boolean {
    const name = changeName(change)
    return this.chain.some((state) => state.change !== undefined && changeName(state.change) === name)
  }

  /** Whether a change is about what a change that may take something away, and is in effect, is about: it may undo that one. */
  isOver(change: Change): boolean {
    const subjects = new Set(subjectsOf(change))
    return this.changesOf(change.arn).some(
      (each) => this.isTaking(each) && subjectsOf(each).some((subject) => subjects.has(subject)),
    )
  }

  /** Whether all is so already as a change leaves it. */
  isInEffect(change: Change): boolean {
    const changes = this.changesOf(change.arn)
    const name = changeName(change)
    if (changes.some((each) => changeName(each) === name)) return true
    if (!this.#isAsBefore(change)) return false
    const subjects = new Set(subjectsOf(change))
    return !changes.some((each) => subjectsOf(each).some((subject) => subjects.has(subject)))
  }

  /**
   * A principal as it is now: its tags, its boundary, and what it has without what was taken from it. What was added within
   * a state is left out, because any part of it is enough.
   */
  principalNow(principal: Principal): Principal {
    const changes = this.changesOf(principal.arn)
    if (changes.length === 0) return principal
    let { tags, boundary, attached, inline } = principal
    let groups = principal.type === 'user' ? principal.groups : []
    for (const change of changes) {
      const isTaking = this.isTaking(change)
      if (change.is === 'tag') tags = tagsAfter(tags, change)
      else if (change.is === 'boundary') boundary = change.policy
      else if (change.is === 'left') groups = groups.filter((name) => name !== change.group)
      else if (change.is === 'without') {
        attached = attached.filter((arn) => arn !== change.key)
        inline = inline.filter(({ key }) => key !== change.key)
      } else if (change.is === 'joined' && isTaking) groups = [...groups, change.group]
      else if (change.is === 'attached' && isTaking) attached = [...attached, change.policy]
    }
    const now = { tags, boundary, attached, inline }
    return principal.type === 'user' ? { ...principal, ...now, groups } : { ...principal, ...now }
  }

  /** The same of what may be changed. */
  subjectNow(subject: Subject): Subject {
    switch (subject.is) {
      case 'principal':
        return { is: 'principal', principal: this.principalNow(subject.principal) }
      case 'group':
        return { is: 'group', group: this.#groupNow(subject.group) }
      case 'policy':
        return { is: 'policy', policy: this.#policyNow(subject.policy) }
      case 'account':
        return subject
    }
  }

  #groupNow(group: Group): Group {
    const gone = this.changesOf(group.arn).flatMap((change) => (change.is === 'without' ? change.key : []))
    if (gone.length === 0) return group
    return {
      ...group,
      attached: group.attached.filter((arn) => !gone.includes(arn)),
      inline: group.inline.filter(({ key }) => !gone.includes(key)),
    }
  }

  #policyNow(policy: ManagedPolicy): ManagedPolicy {
    const set = this.changesOf(policy.arn).findLast(({ is }) => is === 'version')
    return set?.is !== 'version' || set.version === undefined
      ? policy
      : { ...policy, defaultVersion: set.version }
  }
}

const nothing: readonly Change[] = []

/** Changes with others after them: of two that are about the same, the later one counts. */
function after(
  before: readonly Change[],
  more: readonly Change[],
  isAsBefore: (change: Change) => boolean,
): readonly Change[] {
  const found = new Map(before.map((change) => [nameOf(change), change]))
  for (const change of more) {
    const subjects = new Set(subjectsOf(change))
    const isSame = (subject: string): boolean => subjects.has(subject)
    let isPart = false
    // A call may write several tags, of which another one writes some.
    for (const [name, each] of change.is === 'tag' ? found : nothing.entries())
      if (subjectsOf(each).every(isSame)) found.delete(String(name))
      else isPart ||= subjectsOf(each).some(isSame)
    found.delete(nameOf(change))
    if (isPart || !isAsBefore(change)) found.set(nameOf(change), change)
  }
  return [...found.values()]
}

const nameOf = perObject((change: Change): string => subjectsOf(change).join('\n'))
