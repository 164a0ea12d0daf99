import type { FactGraph } from '../proof/fact-graph.ts'
import type { Goal } from '../proof/goal.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import type { Outline } from '../relevance/shared.ts'
import type { LeftOut } from '../relevance/shortcut.ts'
import type { Actor } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import type { Expanded, Task, TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Blocked } from './blocked.ts'
import type { FoundUses } from './found.ts'
import type { Holdings } from './holdings.ts'
import type { SetAside } from './set-aside.ts'
import type { Sides } from './sides.ts'
import type { Standing } from './standing.ts'
import type { State } from './state.ts'
import type { Asking, Found, Supported } from './supports.ts'
import type { Wanted } from './wanted.ts'

/** The parts of a search that all its states share. */
export interface Common {
  readonly graph: FactGraph
  readonly sides: Sides
  readonly holdings: Holdings
  readonly target: Goal
  readonly blocked: Blocked
  readonly found: FoundUses
  readonly wanted: Wanted
  readonly leftOut: LeftOut
  readonly options: SearchOptions
  /** The ARN of the principal that is asked for, or `administrator`; undefined if everything is searched. */
  readonly goal: string | undefined
  /** Counts what is kept with what is found. */
  count(entries: number): void
}

/** The search of one state, as its parts see it. */
export interface Round {
  readonly common: Common
  readonly state: State
  readonly expanded: Expanded
  readonly aside: SetAside
  readonly standing: Standing
  /** Does something later. */
  push(task: Task): void
  /** Asks for a use and records what is found; undefined if nothing is. */
  use(actor: Actor, own: OwnUse): Outline | undefined
  /** Records what is found of a use, with as few changes as it needs. Returns the surest finding. */
  record(actor: Actor, own: OwnUse): Outline | undefined
  /** Tries uses. Returns whether something was found of one. */
  tryUses(actor: Actor, uses: Iterable<OwnUse>, options: TryOptions): boolean
  /** Whether a use need not be asked for, because what comes of it is known. */
  isKnown(actor: Actor, own: OwnUse): boolean
  /** The facts that all that an actor does rests on: that it is held, and that the accounts are in this state. */
  factsOf(actor: Actor): readonly string[]
  /** The same, of what it does with some changes that were added, and with further facts: all of it comes after these. */
  before(actor: Actor, changes: readonly Change[], more?: readonly string[]): readonly string[]
  /** The findings about an actor, each with as few changes as it needs. */
  supports<Each extends Found>(actor: Actor, asking: Asking<Each>): Iterable<Supported<Each>>
  /** Whether an actor can act in this state: it may lack changes that only add something. */
  isValid(actor: Actor): boolean
  /** Whether everything is searched, and an administrator could do what these facts allow. */
  isBeyond(facts: readonly string[]): boolean
  /** Whether only what gives the goal at once is as good as what there is; if so, the actor was not searched to its end. */
  isTight(actor: Actor): boolean
  /** Notes that an actor was not searched to its end. */
  cut(actor: Actor): void
  /** Notes that an actor that rests on these facts was not searched to its end. */
  cutAt(actor: Actor, facts: readonly string[]): void
  /** Whether steps that are stopped may be shown. */
  wantsBlocked(): boolean
}
