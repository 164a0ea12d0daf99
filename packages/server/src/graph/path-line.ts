import { type PathView, placeWithin } from './describe.ts'
import { heldByText } from './held-by.ts'
import { shortArn } from './label.ts'
import type { Incomplete } from './proof/budget.ts'

/** The ends of a path, and what is known of it. */
export interface Ends {
  readonly from: string
  readonly to: string
  readonly verdict: string
  /** The people and groups that have the role `from`. */
  readonly heldBy?: readonly string[]
  /** If the search ended early. */
  readonly incomplete?: Incomplete
}

/** Why an answer is not complete, in a sentence without its end. */
export function endedEarly({ maxSteps, maxEntries }: Pick<Incomplete, 'maxSteps' | 'maxEntries'>): string {
  if (maxEntries !== undefined)
    return `a search ended when it kept ${maxEntries} changes, which can be made in too many orders`
  return `the search ended after ${maxSteps} ${maxSteps === 1 ? 'step' : 'steps'}`
}

/**
 * A path in one line, with the places of its statements: of all, or of those that are written in a file.
 * `user/dev → administrator: proven, 2 steps: iam:PutUserPolicy by user/dev (dev-tools of dev:14:9)`.
 */
export function lineOfPath(
  { from, to, verdict, incomplete, heldBy = [] }: Ends,
  path: PathView | undefined,
  { places = 'all' }: { readonly places?: 'all' | 'files' | 'none' } = {},
): string {
  const head = `${shortArn(from)} → ${shortArn(to)}: ${verdict}`
  if (path === undefined) return incomplete === undefined ? head : `${head}, ${endedEarly(incomplete)}`
  const hasPlace = ({ file }: { readonly file?: string }): boolean =>
    places === 'all' || (places === 'files' && file !== undefined)
  const steps = path.steps.filter(({ technique }) => technique !== 'administrator')
  const own = steps.flatMap(({ requests, because, from: actor }) => [
    ...requests.flatMap(({ by = actor, principal, action, decision: [at] }) =>
      at === undefined
        ? []
        : [`${action} by ${makerOf(by, principal)} (${hasPlace(at) ? placeWithin(at) : at.policy})`],
    ),
    ...(because === undefined ? [] : [because]),
  ])
  const residual = path.residual.map(({ key, who }) => `if ${key}: ${who}`)
  const count =
    steps.length === 0 ? 'it is an administrator' : `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
  const early = incomplete === undefined ? [] : [`${endedEarly(incomplete)}, so there may be better paths`]
  return [
    `${head}, ${count}`,
    ...(heldBy.length === 0 ? [] : [`held by ${heldByText(heldBy)}`]),
    ...(own.length === 0 ? [] : [[...new Set(own)].join(', ')]),
    ...residual,
    ...early,
  ].join('; ')
}

/** The caller of a request: a service and the role that it runs as make some of a step of another principal. */
function makerOf(by: string, principal: string): string {
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1]
  if (role !== undefined && !by.endsWith(`/${role}`)) return `role/${role}`
  return /\.amazonaws\.com(?:\.cn)?$/.test(principal) ? principal : shortArn(by)
}
