import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { heldName } from '../request/binding.ts'
import { nothingCarried } from '../request/carried.ts'
import { changeName } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import type { Principal, World } from '../world/world.ts'
import { Closure, type Goal, type Setting, type State, verdicts } from './closure.ts'
import { edited } from './edits.ts'

/** The answer to a question. */
export interface Solved {
  readonly verdict: 'proven' | 'conditional' | 'undecided' | 'none'
  /** The number of states that were searched. */
  readonly states: number
  /** The number of proofs that were asked for. */
  readonly asked: number
  /** Whether states were left out, so that `none` and a weak verdict prove nothing. */
  readonly isCut: boolean
  /** The steps to the goal and beside it, for people. */
  readonly steps: readonly string[]
}

/** The limits of a search. */
export interface Limits {
  /** The most states of each verdict. */
  readonly states: number
  /** The most proofs in all. */
  readonly asked: number
}

/**
 * Answers whether an attacker comes from a principal to a goal, in the plainest way that is right: by calls that are
 * proven; else also by those that leave conditions; else also by those that rest on a missing fact. Of each, a breadth
 * first search over states. In a state every session and every edit that only adds is taken until nothing is new; each
 * other edit leads to another state. Nothing is shared, remembered or left out.
 */
export function solvePlainly(
  world: World,
  table: TechniqueTable,
  from: Principal,
  goal: Goal,
  limits: Limits,
): Solved {
  const form: Form = from.type === 'user' ? 'key' : 'assumed'
  const start = { principal: from, form, carried: nothingCarried, isStart: true }
  const first: State = {
    world,
    held: new Map([[heldName(from, form), start]]),
    edits: new Map(),
    steps: [],
  }
  let states = 0
  let asked = 0
  let isCut = false
  for (const [rank, verdict] of verdicts.entries()) {
    const setting: Setting = { table, goal, rank, most: () => limits.asked - asked }
    const searched = new Map<string, ReadonlySet<string>[]>()
    const queue = [first]
    for (const [count, state] of queue.entries()) {
      if (count >= limits.states || isCut) {
        isCut = true
        break
      }
      states++
      const closure = new Closure(state, setting)
      const isReached = closure.run()
      asked += closure.asked
      isCut ||= closure.isCut
      if (isReached) return { verdict, states, asked, isCut, steps: closure.steps }
      // Of equal accounts, one in which no more is held leads no further.
      const name = JSON.stringify([...closure.edits].sort())
      const known = searched.get(name) ?? []
      if (known.some((facts) => [...closure.facts].every((fact) => facts.has(fact)))) continue
      searched.set(name, [...known, closure.facts])
      for (const [subject, change] of closure.otherEdits())
        queue.push({
          world: edited(closure.world, change, closure.written),
          held: closure.heldAfter(change),
          edits: new Map(closure.edits).set(subject, changeName(change)),
          steps: [...closure.steps, changeName(change)],
        })
    }
  }
  return { verdict: 'none', states, asked, isCut, steps: [] }
}
