import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import {
  type CallsSaid,
  callsOf,
  lowered,
  mayBegin,
  missingCalls,
  plansOf,
} from '../relevance/search-options.ts'
import { followingCalls } from '../request/actor.ts'
import { listIn } from '../world/lists.ts'
import { coversAction } from '../world/resource-policy.ts'
import { leadsTogether } from './lifting.ts'
import { addLeads, type Grants, type Group } from './prospect-group.ts'

/** Techniques of which others may make calls, each with these calls in lower case. */
export type Begun = Map<Technique, ReadonlySet<string>>

/** Notes a technique of which others make calls: those that are not allowed, or perhaps not on the same resource. */
export function addBegun(
  begun: Begun,
  technique: Technique,
  said: CallsSaid,
  grants: Grants,
  sure: Grants,
): void {
  const { allowed } = said
  const { first: before, following } = callsOf(technique)
  if (following.size === 0 || !before.some((call) => allowed.has(call))) return
  if (!mayBegin(technique, said)) return
  if ([...following].every((call) => headsIn(sure, call).includes(''))) return
  const calls = new Set(missingCalls(technique, said).flat())
  for (const { needs } of plansOf(technique)) {
    const [first, ...later] = needs
    if (first === undefined || !allowed.has(lowered(first.action))) continue
    for (const need of later) {
      const action = lowered(need.action)
      if (need.ownGrant === true || !followingCalls().has(action) || !allowed.has(action)) continue
      if (!isCovered([first, grants], [need, sure])) calls.add(action)
    }
  }
  if (calls.size > 0) begun.set(technique, calls)
}

/** Whether who is allowed the first call on something is allowed the later one on the same, as far as starts say. */
function isCovered(
  [first, grants]: readonly [TechniqueNeed, Grants],
  [later, sure]: readonly [TechniqueNeed, Grants],
): boolean {
  const after = headsIn(sure, lowered(later.action))
  if (after.includes('')) return true
  if (JSON.stringify(first.on) !== JSON.stringify(later.on)) return false
  const before = headsIn(grants, lowered(first.action))
  // Of something new, the attacker chooses the name.
  if (first.on.is === 'new')
    return before.some((one) => after.some((other) => one.startsWith(other) || other.startsWith(one)))
  return before.every((one) => after.some((other) => one.startsWith(other)))
}

/** Grants without those of some actions. */
export function withoutActions(grants: Grants, actions: ReadonlySet<string>): Grants {
  if (actions.size === 0) return grants
  return grants.map((each) => new Map([...each].filter(([action]) => !actions.has(action))))
}

function headsIn(grants: Grants, action: string): readonly string[] {
  return grants.flatMap((each) => each.get(action) ?? [])
}

/** The techniques that a group may use or begin. */
interface Powers {
  readonly usable: readonly Technique[]
  readonly begun: Begun
  /** The actions that it is allowed, in lower case. */
  readonly allowed: ReadonlySet<string>
  readonly grants: Grants
  /** The grants without what is allowed in some cases only. */
  readonly sure: Grants
}

/** The principal that makes a later call of a plan, and the call's resource. */
interface Follower {
  readonly group: Group
  readonly heads: readonly string[]
}

/** Groups that lead to something only together: one begins a technique, others make the calls that follow. */
export class Partnering {
  /** By the account and the call. */
  readonly #following = new Map<string, Follower[]>()
  readonly #beginning = new Map<Group, Group[]>()
  /** The groups that lead to every goal once others end their plans. */
  readonly #changing: Group[] = []

  /** Notes what a group may do after others, and what it leads to together with others and not alone. */
  note(
    account: Parameters<typeof addLeads>[0],
    group: Group,
    { usable, begun, allowed, grants, sure }: Powers,
  ): void {
    for (const action of allowed)
      if (followingCalls().has(action))
        listIn(this.#following, `${group.account} ${action}`).push({ group, heads: headsIn(grants, action) })
    if (begun.size === 0) return
    const alone = new Map<string, Technique[]>()
    for (const technique of usable) {
      const add = (_: Group, kind: string, head: string): void => {
        listIn(alone, `${kind} ${head}`).push(technique)
      }
      if (!begun.has(technique)) addLeads({ ...account, leads: { add } }, group, technique, grants)
    }
    for (const [technique, actions] of begun) {
      const calls = new Map([...actions].map((action) => [action, headsIn(sure, action)]))
      const begins: Group = { ...group, begins: { whole: group, calls } }
      if (technique.effect !== 'becomes') {
        if (!leadsTogether(account.shared, technique)) continue
        this.#changing.push(begins)
        listIn(this.#beginning, group).push(begins)
        continue
      }
      let isNeeded = false
      const add = (lead: Group, kind: string, head: string): void => {
        // A fact that it comes to by itself, resting on no other facts, needs no others.
        const others = alone.get(`${kind} ${head}`) ?? []
        if (others.some(({ facts }) => facts.every((each) => technique.facts.includes(each)))) return
        account.leads.add(lead, kind, head)
        isNeeded = true
      }
      addLeads({ ...account, leads: { add } }, begins, technique, grants)
      if (isNeeded) listIn(this.#beginning, group).push(begins)
    }
  }

  /**
   * The groups that may end what a group begins: those that are allowed a call on something else than it is. Without those that came
   * before with the same `seen`.
   */
  *endsOf({ account, begins }: Group, seen?: Set<string>): Generator<Group> {
    for (const [call, own] of begins?.calls ?? []) {
      const followers = `${account} ${call}`
      if (seen !== undefined) {
        const key = `${followers} ${own.join()}`
        if (seen.has(key) || seen.has(`${followers} `)) continue
        seen.add(key)
      }
      for (const { group, heads } of this.#following.get(followers) ?? [])
        if (heads.some((head) => !own.some((each) => head.startsWith(each)))) yield group
    }
  }

  /** Returns plans of groups that lead to every goal and that others may end. */
  *changing(): Generator<Group> {
    for (const begins of this.#changing) if (this.endsOf(begins).next().done === false) yield begins
  }

  /** The groups that may make the calls that follow one of these actions, which may be patterns. */
  endsAfter(
    account: string,
    actions: readonly string[],
    techniques: readonly Technique[],
  ): ReadonlySet<Group> {
    const calls = new Set<string>()
    for (const technique of actions.length === 0 ? [] : techniques) {
      const { first, following } = callsOf(technique)
      if (technique.effect === 'becomes' && first.some((action) => coversAction(actions, action)))
        for (const call of following) calls.add(call)
    }
    const followers = [...calls].flatMap((call) => this.#following.get(`${account} ${call}`) ?? [])
    return new Set(followers.map(({ group }) => group))
  }

  /** The groups that may end anything that a group begins. */
  *endsOfAll(group: Group): Generator<Group> {
    for (const begins of this.#beginning.get(group) ?? []) yield* this.endsOf(begins)
  }
}
