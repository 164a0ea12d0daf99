import type { Path, PathOptions, Start } from '../graph.ts'
import type { Incomplete } from '../proof/budget.ts'
import type { FactUsed } from '../proof/fact.ts'
import type { Verdict } from '../reach.ts'
import type { Principal } from '../world/world.ts'
import type { Edit } from './edit.ts'
import type { SeenCall } from './seen.ts'

/** The question that a cut answers. */
export interface CutQuestion extends PathOptions {
  /** The principals whose paths are to end. If absent, everyone who has one and is no administrator already. */
  readonly starts?: readonly Start[]
  /** The principal that they must not reach; an administrator if absent. */
  readonly to?: Principal
  /** Whether paths may stay that are only conditional. */
  readonly acceptConditional?: boolean
  /** The ARNs of users, roles, groups, policies and resources that no edit changes. */
  readonly except?: ReadonlySet<string>
  /** Calls that the trail has seen: an edit that refuses one costs more. */
  readonly seen?: readonly SeenCall[]
  /** The most cuts. 1 if absent. */
  readonly most?: number
  /** The most searches. More paths than can be searched are cut, but not proven to be cut at the least cost. */
  readonly mostSearches?: number
  /** Called before each search, with the number of those before it and the most that are made. */
  readonly onSearch?: (done: number, most: number) => void
}

/** A set of edits that ends every path. */
export interface Cut {
  readonly edits: readonly PricedEdit[]
  readonly cost: number
  /** The verdict after the cut: `blocked` or `none`, or `undecided` if a fact is missing or the search ended early. */
  readonly verdictAfter: Verdict
  /** The facts that no file has and that the verdict waits for. */
  readonly missing: readonly FactUsed[]
}

/** An edit with its cost: 1, and 10 for each seen call that it refuses. */
export interface PricedEdit {
  readonly edit: Edit
  readonly cost: number
  readonly refused: readonly SeenCall[]
}

/** A start that no edit stops. */
export interface LeftOut {
  readonly start: Start
  readonly path: Path
}

/** The answer to a question for cuts. */
export interface CutAnswer {
  readonly starts: readonly Start[]
  /** Paths that were found before any edit. */
  readonly paths: number
  /** If there are none: `undecided` if a fact is missing, so that there may be one. */
  readonly verdict?: Verdict
  /** The facts that no file has and that the verdict waits for, if there are no paths. */
  readonly missing?: readonly FactUsed[]
  /** The cheapest first. */
  readonly cuts: readonly Cut[]
  /** Whether the first cut is proven to cost least, of all edits that Omen considers. */
  readonly isMinimal: boolean
  /** No cut costs less. */
  readonly lowerBound: number
  /** A path that no edit ends, if no start has another one. */
  readonly unbreakable: Path | undefined
  /** Starts with a path that no edit ends, with that path. The cuts are those of the others. [GRD-563] */
  readonly leftOut: readonly LeftOut[]
  /** Every edit that was considered. */
  readonly considered: readonly PricedEdit[]
  /** If searches ended early: there may be more paths than were found, also after the cuts, and a cheaper cut. */
  readonly incomplete?: Incomplete
}
