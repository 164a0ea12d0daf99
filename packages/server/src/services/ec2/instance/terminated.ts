import type { Call } from '../../../authorization/index.ts'
import { type Instance, instances } from '../../../directory/index.ts'
import { limits } from '../limits.ts'

/** Returns whether an instance is still visible: terminated ones are for an hour (behaviour EC2-32). */
export function isVisible(instance: Instance, now: number): boolean {
  return instance.state !== 'terminated' || now < instance.changedAt + limits.terminatedKept
}

/** Deletes what is no longer visible. Launches call it, so that records do not accumulate. */
export function forgetTerminated(call: Call): void {
  const table = call.account.table(instances)
  const old = [...table.values()].filter((instance) => !isVisible(instance, call.now))
  for (const { id } of old) table.delete(id)
}
