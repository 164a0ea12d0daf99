import { accountsIn, type Graph, type Principal, type Start } from '../../graph/index.ts'
import { didYouMean } from '../environment.ts'
import { badConfiguration } from '../failure.ts'
import { shortName } from '../short-name.ts'

/** The goal of a path: a principal, or an administrator of one account or of any. */
export interface GoalNamed {
  readonly to: Principal | undefined
  readonly account?: string
}

/** The user or role of a name. @throws CommandFailure if there is none, or several accounts have one */
export function principalNamed(graph: Graph, name: string): Principal {
  const principal = graph.find(name)
  if (principal === undefined) {
    const isGoal = /^(?:\d{12}\/)?admin(?:istrator)?$/.test(name)
    const hint = isGoal ? ': omen paths WHO shows the paths to an administrator' : nearest(graph, name)
    throw badConfiguration(`there is no user or role ${JSON.stringify(name)}${hint}`)
  }
  refuseSeveral(graph, name)
  return principal
}

/** The user, the role, or what is outside of the accounts. @throws CommandFailure if there is none, or several */
export function startNamed(graph: Graph, name: string): Start {
  const start = graph.findStart(name)
  if (start === undefined) {
    const isOutside = /^(?:\d{12}$|anyone$|federated:|service:)/.test(name)
    throw badConfiguration(
      isOutside
        ? `no trust policy names ${JSON.stringify(name)}`
        : `there is no user or role ${JSON.stringify(name)}${nearest(graph, name)}`,
    )
  }
  refuseSeveral(graph, name)
  return start
}

/** The goal of a name: `administrator`, `ACCOUNT/administrator`, or a principal. @throws CommandFailure as for a principal */
export function goalNamed(graph: Graph, name: string): GoalNamed {
  const found = /^(?:(\d{12})\/administrator|administrator|admin)$/.exec(name)
  if (found === null) return { to: principalNamed(graph, name) }
  const [, account] = found
  if (account === undefined) return { to: undefined }
  if (!accountsIn(graph.world).some((world) => world.account === account))
    throw badConfiguration(`the account ${account} is not in view`)
  return { to: undefined, account }
}

/** The user or role that was probably meant (behaviour SHL-27). */
function nearest(graph: Graph, name: string): string {
  const known = accountsIn(graph.world).flatMap(({ users, roles }) => [...users.keys(), ...roles.keys()])
  return didYouMean(shortName(name), known.map(shortName))
}

/** A name without its account must be of one account. */
function refuseSeveral(graph: Graph, name: string): void {
  const worlds = accountsIn(graph.world)
  if (worlds.length === 1 || name.startsWith('arn:') || /^\d{12}(?:\/|$)/.test(name)) return
  const found = worlds.filter(({ account }) => graph.find(`${account}/${name}`) !== undefined)
  if (found.length > 1)
    throw badConfiguration(
      `several accounts have ${JSON.stringify(name)}: ${found.map(({ account }) => `${account}/${name}`).join(', ')}`,
    )
}
