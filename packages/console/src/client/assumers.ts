import { type PrincipalEntry, parsePolicy } from '@omen-iam/policy'
import { useQuery } from '@tanstack/react-query'
import { omen } from './aws.ts'

/** A user or role of the account that can assume a role. */
export interface Assumer {
  readonly kind: 'user' | 'role'
  readonly name: string
  readonly arn: string
  readonly id: string
}

/** Which role is asked about: an existing one, a new one with a trust policy, or a changed one. */
export interface AssumersQuestion {
  readonly role?: string
  readonly trust?: string
}

/** The users and roles of the account that can assume a role, by both sides' policies. */
export function useAssumers(question: AssumersQuestion, enabled = true) {
  return useQuery({
    queryKey: ['assumers', question],
    queryFn: ({ signal }) =>
      omen<{ wearers: readonly Assumer[]; beyond: number }>(
        'POST',
        '/_omen/api/wearers',
        { ...question },
        { signal },
      ),
    enabled,
    retry: false,
  })
}

/** The principals that a trust policy allows and that are not of this account, or are no user or role. */
export function outsidersOf(trust: string, account: string): readonly PrincipalEntry[] {
  const parsed = parsePolicy(trust, 'trust', { lenient: true })
  if (!parsed.ok) return []
  return parsed.policy.statements
    .filter(({ effect, principal }) => effect === 'Allow' && principal?.negated === false)
    .flatMap(({ principal }) => principal?.entries ?? [])
    .filter(({ type, value }) => type !== 'AWS' || (!value.includes(account) && !/^A[IR]/.test(value)))
}
