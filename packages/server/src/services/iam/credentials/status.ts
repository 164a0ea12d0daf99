import { invalidInput } from '../faults.ts'

/**
 * Returns whether a status that a caller sets means active. @throws Fault InvalidInput: only time expires a
 * credential (behaviour CRED-7)
 */
export function isActive(status: 'Active' | 'Inactive' | 'Expired'): boolean {
  if (status !== 'Expired') return status === 'Active'
  throw invalidInput('The status Expired cannot be set.')
}

export function statusOut(active: boolean): 'Active' | 'Inactive' {
  return active ? 'Active' : 'Inactive'
}
