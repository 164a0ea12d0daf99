import { validationError } from '../faults.ts'

/**
 * Returns whether a status that a caller sets means active. @throws Fault ValidationError: only time expires a
 * credential
 */
export function isActive(status: 'Active' | 'Inactive' | 'Expired'): boolean {
  if (status !== 'Expired') return status === 'Active'
  throw validationError(
    "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
  )
}

export function statusOut(active: boolean): 'Active' | 'Inactive' {
  return active ? 'Active' : 'Inactive'
}
