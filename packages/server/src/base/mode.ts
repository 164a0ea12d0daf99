/**
 * How strict the server is. `enforce`: every call needs a valid signature and permission. `audit`: signatures are
 * checked; denials are recorded as `wouldDeny` and let through. `off`: unknown keys act as the account's root without
 * a signature check; known keys are only identified.
 */
export type Mode = 'enforce' | 'audit' | 'off'

export const modes: readonly Mode[] = ['enforce', 'audit', 'off']
