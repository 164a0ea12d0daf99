import type { ResidualCondition } from '@omen-iam/policy'
import type { Step } from './proof/fact-graph.ts'
import { heldName } from './request/binding.ts'
import type { Form } from './request/form.ts'
import type { Principal } from './world/world.ts'

/** The requirements of an answer. */
interface Answered {
  readonly verdict: string
  readonly paths: readonly Way[]
}

interface Way {
  readonly steps: readonly Step[]
  readonly residual: readonly ResidualCondition[]
}

/** The question of a sweep about one principal. `known` has earlier proofs. */
type Ask<Answer> = (from: Principal, known: ReadonlyMap<string, readonly Step[]>) => Answer

/**
 * Asks every principal for a path to a goal, not always its shortest: proofs are shared. Those that may lead to it are asked
 * in their order, the nearest first, so that their proofs are known when others come to them. Yields after
 * each of them: how many are done. A proof counts for all forms in which its first principal may do the same. Returns the answers of those that come to the goal, roles first, in the order
 * of the principals.
 */
export function* sweep<Answer extends Answered>(
  principals: readonly Principal[],
  leading: ReadonlySet<Principal>,
  to: Principal | undefined,
  ask: Ask<Answer>,
  formsOf: (from: Principal) => readonly Form[],
): Generator<number, Answer[]> {
  const found = new Map<Principal, Answer>()
  const known = new Map<string, readonly Step[]>()
  const wanted = new Set(principals)
  let done = 0
  for (const from of new Set([...leading, ...principals])) {
    if (!wanted.has(from)) continue
    done++
    if (from === to) continue
    const answer = ask(from, known)
    yield done
    const [best] = answer.paths
    if (best === undefined || answer.verdict === 'blocked') continue
    found.set(from, answer)
    if (isForAll(best)) for (const form of formsOf(from)) known.set(heldName(from, form), best.steps)
  }
  const ofType = (type: Principal['type']): Answer[] =>
    principals.flatMap((principal) => (principal.type === type ? (found.get(principal) ?? []) : []))
  return [...ofType('role'), ...ofType('user')]
}

/** Whether a path is the same for every session that its first principal is held in. */
function isForAll({ residual }: Way): boolean {
  return !residual.some(({ key }) => /:(?:SourceIdentity|userid|TokenIssueTime)$/i.test(key))
}
