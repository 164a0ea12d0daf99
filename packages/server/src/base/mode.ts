/**
 * How strict the house is. `enforce`: every call needs a valid signature and permission. `audit`: signatures
 * are checked, denials recorded as `wouldDeny` and let through. `off`: unknown keys count as the account's
 * root, their signature unchecked; known keys are checked for identity only.
 */
export type Mode = 'enforce' | 'audit' | 'off'

export const modes: readonly Mode[] = ['enforce', 'audit', 'off']
