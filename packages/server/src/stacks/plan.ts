import type { StackPlan, UnknownPlan } from '../pipeline/index.ts'

/** A plan whose end counts once, however often it is said. */
export function endingOnce(plan: StackPlan | UnknownPlan | undefined): StackPlan | UnknownPlan | undefined {
  if (plan === undefined || 'unknown' in plan) return plan
  let ended: Promise<string | undefined> | undefined
  return {
    ...plan,
    after(succeeded) {
      ended ??= plan.after(succeeded)
      return ended
    },
  }
}
