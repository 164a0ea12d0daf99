import type { SearchOptions } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Neighbours } from '../world/neighbours.ts'
import type { Principal } from '../world/world.ts'
import { hasMoreLimits } from './lifting.ts'
import { Prospects } from './prospects.ts'

const known = new WeakMap<Neighbours<Shared>, Map<string, Prospects>>()

/** Returns the prospects of the accounts in view. */
export function prospectsOf(shared: Shared, options: SearchOptions): Prospects {
  const { neighbours } = shared
  const name = `${options.derived} ${options.retired}`
  const all = known.get(neighbours) ?? new Map<string, Prospects>()
  let prospects = all.get(name)
  if (prospects === undefined) {
    prospects = new Prospects(neighbours, shared.techniques(options))
    known.set(neighbours, all.set(name, prospects))
  }
  return prospects
}

/** Keeps what is known after a change of accounts. */
export function keepProspects(before: Neighbours<Shared>, after: Neighbours<Shared>): void {
  const kept = new Map<string, Prospects>()
  const touched = new Map<Shared, readonly Principal[]>()
  for (const shared of after.all) {
    const was = before.of(shared.world.account)
    if (shared.touched === undefined || shared.difference === undefined || was === undefined) return
    if (hasMoreLimits(was, shared)) return
    touched.set(shared, shared.touched)
  }
  for (const [name, prospects] of known.get(before) ?? []) {
    const next = prospects.changed(after, touched)
    if (next !== undefined) kept.set(name, next)
  }
  known.set(after, kept)
}
