import type { Graph, Path, PathOptions, PathsAnswer, Start } from '../graph.ts'
import { isOpen } from '../reach.ts'
import { isOfService, type Principal, principalsIn } from '../world/world.ts'

/**
 * The principals whose paths to a goal are to end: all with a path, but administrators, who need none. Outsiders are among
 * them, but neither services nor service-linked roles, nor the provider of IAM Identity Center, whose roles IAM does not change. [GRD-562]
 */
export function startsOf(
  graph: Graph,
  to: Principal | undefined,
  options: PathOptions = {},
  /** Called with the answer about each user and role. */
  onAnswer?: (answer: PathsAnswer) => void,
): readonly Start[] {
  const principals = principalsIn(graph.world).filter((principal) => {
    if (principal.arn === to?.arn || isOfService(principal)) return false
    const answer = graph.paths(principal, to, { ...options, most: 1 })
    const [best] = answer.paths
    onAnswer?.(answer)
    return best !== undefined && isOpen(best) && !isAdministrator(graph, principal, options)
  })
  const outside = graph.outsideComers(to, options).flatMap(({ from, paths: [best] }) => {
    const outsider = graph.findOutsider(from)
    const isOwn =
      outsider?.is === 'service' ||
      (outsider?.is === 'lent' && isGivenAdministrator(best)) ||
      (outsider?.is === 'federated' && outsider.kind === 'identity-center')
    return outsider === undefined || isOwn || best === undefined || !isOpen(best) ? [] : [outsider]
  })
  return [...principals, ...outside]
}

function isAdministrator(graph: Graph, principal: Principal, options: PathOptions): boolean {
  const [best] = graph.paths(principal, undefined, { ...options, most: 1 }).paths
  return best?.verdict === 'proven' && best.steps.every(({ technique }) => technique === 'administrator')
}

/** Whether a path is to a role that is an administrator: who is lent one is meant to be one. [SGN-88] */
function isGivenAdministrator(path: Path | undefined): boolean {
  return path?.steps.slice(1).every(({ technique }) => technique === 'administrator') === true
}

/** Whether nothing is left open of a path. */
export function isProven({ verdict }: Path): boolean {
  return verdict === 'proven'
}
