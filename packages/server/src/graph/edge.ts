import { alsoHeldIn, order } from './answer.ts'
import { type Graph, isOutsider, type Path, type PathOptions, type Start } from './graph.ts'
import { goal, legsOf } from './picture/relation.ts'
import { rankOfProof, residualOf } from './proof/fact-graph.ts'
import { ranks, verdicts } from './reach.ts'
import type { Principal } from './world/world.ts'

/** The ends of paths. */
export interface PathEnds {
  readonly from: Start
  /** An administrator if undefined. */
  readonly to: Principal | undefined
}

/** The ends of a step. An ARN names what the attacker makes on the way. */
export interface EdgeEnds {
  readonly from: Start | string
  /** An administrator if undefined. */
  readonly to: Principal | string | undefined
}

/** A question about one step. */
export interface EdgeQuestion extends PathOptions {
  /** The paths that the step is one of: what comes before it on them counts as well. */
  readonly along?: PathEnds | undefined
}

/** The most paths along which a step is looked for. */
const mostPaths = 20

/**
 * The ways from one principal to another, or to an administrator, without a third one in between; the best first. Others
 * that make calls of a way are named in `alsoHeld`. Ways that are blocked only if there are no others.
 */
export function edgeOf(
  graph: Graph,
  { from, to }: EdgeEnds,
  { along, ...options }: EdgeQuestion,
): readonly Path[] {
  const ends = typeof from === 'string' || typeof to === 'string' ? undefined : { from, to }
  const own = ends === undefined ? [] : ownWays(graph, ends, options)
  const passed = along === undefined ? [] : waysAlong(graph, { from, to }, along, options)
  const known = joinedWith(passed, own)
  const isSure = known.some(({ verdict }) => verdict === 'proven')
  const helped = isSure || ends === undefined ? [] : waysTogether(graph, ends, options)
  const all = joinedWith(helped, known)
  const open = all.filter(({ verdict }) => verdict !== 'blocked')
  return [...(open.length > 0 ? open : all)].sort((one, other) => costOf(one) - costOf(other))
}

function waysTogether(graph: Graph, { from, to }: PathEnds, options: PathOptions): readonly Path[] {
  return to === undefined || isOutsider(from) ? [] : graph.together(from, to, options)
}

/** Ways that are known, and those of others that are not among them. */
function joinedWith(others: readonly Path[], known: readonly Path[]): readonly Path[] {
  const names = new Set(known.map(nameOf))
  return [...known, ...others.filter((way) => !names.has(nameOf(way)))]
}

function ownWays(graph: Graph, { from, to }: PathEnds, options: PathOptions): readonly Path[] {
  if (to !== undefined) return graph.edge(from, to, options)
  const { paths } = graph.paths(from, undefined, { ...options, most: 200 })
  return paths.filter(({ steps }) => steps.every((step) => step.from === from.arn))
}

/** The ways as they are parts of longer paths. */
function waysAlong(
  graph: Graph,
  { from, to = goal }: EdgeEnds,
  along: PathEnds,
  options: PathOptions,
): readonly Path[] {
  const [start, end] = [from, to].map((each) => (typeof each === 'string' ? each : each.arn))
  const { paths } = graph.paths(along.from, along.to, { ...options, most: mostPaths })
  const found = new Map<string, Path>()
  for (const path of paths)
    for (const leg of legsOf(graph.world, path)) {
      if (leg.from !== start || leg.to !== end) continue
      const { steps, before } = leg
      const isBlocked = steps.some(({ verdict }) => verdict === 'blocked')
      const alsoHeld = alsoHeldIn(steps)
      const way: Path = {
        verdict: isBlocked ? 'blocked' : verdicts[rankOfProof(steps)],
        steps,
        residual: residualOf(steps),
        ...(alsoHeld.length === 0 ? {} : { alsoHeld }),
        ...(before.length === 0 ? {} : { before }),
      }
      if (!found.has(nameOf(way))) found.set(nameOf(way), way)
    }
  return [...found.values()]
}

/** Equal for ways whose last step is the same, with the same others. */
function nameOf({ verdict, steps }: Path): string {
  const last = steps.at(-1)
  const others = last?.helpers?.map(({ from, actions }) => [from, actions])
  return JSON.stringify([verdict, last?.technique, last?.to, last?.result, others])
}

/** Of ways that are as sure, those that need nobody else come first. */
function costOf(path: Path): number {
  const isHelped = path.alsoHeld !== undefined || path.before !== undefined
  return order(path) + ranks[path.verdict] * 1e7 + (isHelped ? 5e6 : 0)
}
