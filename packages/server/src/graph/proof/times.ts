import type { ResidualCondition } from '@omen-iam/policy'
import type { Step } from './fact-graph.ts'

/** Whether the times that the steps leave can follow one another: what needs an earlier time cannot come after a later one. */
export function areInTime(steps: readonly Pick<Step, 'residual'>[]): boolean {
  let latest = Number.NEGATIVE_INFINITY
  for (const { residual } of steps) {
    const limits = residual.flatMap((each) => limitOf(each) ?? [])
    if (limits.some(({ is, at }) => is === 'before' && at <= latest)) return false
    for (const { is, at } of limits) if (is === 'after') latest = Math.max(latest, at)
  }
  return true
}

/** The time after or before which a condition on aws:CurrentTime is met, in milliseconds since 1970; undefined for others. */
function limitOf({ operator, key, values, mustHold }: ResidualCondition) {
  if (key.toLowerCase() !== 'aws:currenttime') return undefined
  const [, comparison] = /^Date(Greater|Less)Than/.exec(operator) ?? []
  if (comparison === undefined) return undefined
  const is = (comparison === 'Greater') === mustHold ? 'after' : 'before'
  const times = values.map((value) => Date.parse(value))
  // One of the values is met, or none of them.
  const isFirst = (is === 'after') === mustHold
  const at = isFirst ? Math.min(...times) : Math.max(...times)
  return Number.isNaN(at) ? undefined : ({ is, at } as const)
}
