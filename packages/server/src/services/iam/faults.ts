import type { Call } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import { defaultQuotas, type Quotas } from '../../directory/index.ts'

export function noSuchEntity(message: string): Fault {
  return fault('NoSuchEntity', message, 404)
}

export function alreadyExists(message: string): Fault {
  return fault('EntityAlreadyExists', message, 409)
}

/** An entity cannot be deleted while others depend on it (behaviour IAM-20). */
export function deleteConflict(message: string): Fault {
  return fault('DeleteConflict', message, 409)
}

export function invalidInput(message: string): Fault {
  return fault('InvalidInput', message, 400)
}

export function validationError(message: string): Fault {
  return fault('ValidationError', message, 400)
}

export function limitExceeded(message: string): Fault {
  return fault('LimitExceeded', message, 409)
}

/** One of Omen's quotas. */
export function quotaOf(call: Call, name: keyof Quotas): number {
  return (call.deps.quotas ?? defaultQuotas)[name]
}

/** @throws Fault LimitExceeded if the quota would be exceeded (behaviour IAM-31) */
export function checkQuota(call: Call, name: keyof Quotas, wanted: number): void {
  const quota = quotaOf(call, name)
  if (wanted > quota) throw limitExceeded(`Cannot exceed quota for ${name}: ${quota}`)
}
