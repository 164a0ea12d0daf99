/**
 * The way in which the attacker holds a principal. Condition keys differ between them: a long-term key has no
 * aws:MultiFactorAuthPresent, a session has it.
 * - `key`: an access key of a user. `console`: a console session. `mfa`: a session with MFA.
 * - `assumed`: a session of AssumeRole. `service`: the credentials that a service hands to code, or calls that it makes.
 */
export type Form = (typeof forms)[number]

/** All forms. */
export const forms = ['key', 'console', 'mfa', 'assumed', 'service'] as const

/** Whether a caller in this form may come to have MFA: sessions of roles and services carry none. [POL-072] */
export function mayHaveMfa(form: Form): boolean {
  return form === 'key' || form === 'console'
}
