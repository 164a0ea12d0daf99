import type { AccessRequest, Call } from '../../authorization/index.ts'

/**
 * The permissions that an operation needs: its own action, and to read what the answer is made of. The answer is a map of
 * what an attacker can do, so neither is enough by itself.
 */
export function askedOf(operation: string) {
  return (_input: unknown, _call: Call): readonly AccessRequest[] => [
    { action: `omen:${operation}`, resource: '*' },
    { action: 'iam:GetAccountAuthorizationDetails', resource: '*' },
  ]
}
