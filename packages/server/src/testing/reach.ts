import { assert } from '../base/index.ts'
import { lineOfPath, type PathsAnswer, pathView } from '../graph/index.ts'
import { graphOfAccount } from '../services/omen/search/index.ts'
import type { Identity } from './identity.ts'

/** Options of a question about paths. */
export interface ReachOptions {
  /**
   * `conditional`: a path that is only conditional, for example on MFA, is accepted. By default none is that is proven or
   * conditional.
   */
  readonly unless?: 'conditional'
  /** Also uses techniques that follow from documentation and were not tried. */
  readonly derived?: boolean
}

/** How an identity can reach a goal, and the sentence about it. */
export interface ReachAnswer {
  readonly answer: PathsAnswer
  /** Whether nothing is known that leads to the goal. */
  readonly isOut: boolean
  readonly line: string
}

/**
 * The paths from an identity's user or role to an administrator, or to another user or role. A session policy of the
 * identity does not count: the attacker can begin another session. @throws TypeError if there is no such user or role
 */
export function askReach(who: Identity, to: string, { unless, derived = false }: ReachOptions): ReachAnswer {
  const { caller, account, deps } = who.call()
  const { graph } = graphOfAccount(account, deps)
  const arn =
    caller.kind === 'user'
      ? `user/${caller.user.name}`
      : caller.kind === 'role'
        ? `role/${caller.role.name}`
        : undefined
  const from = arn === undefined ? undefined : graph.find(arn)
  if (from === undefined) throw new TypeError(`${who} is no user and no role`)
  const isGoal = to === 'administrator' || to === 'admin'
  const goal = isGoal ? undefined : graph.find(to)
  if (!isGoal && goal === undefined) throw new TypeError(`there is no user or role ${to} in this account`)
  assert(goal?.arn !== from.arn, 'an identity reaches itself')
  const answer = graph.paths(from, goal, { most: 3, derived })
  const accepted = ['none', 'blocked', ...(unless === undefined ? [] : [unless])]
  const [best] = answer.paths
  const line = lineOfPath(answer, best && pathView(graph.world, best))
  const isOut = answer.incomplete === undefined && accepted.includes(answer.verdict)
  return { answer, isOut, line }
}
