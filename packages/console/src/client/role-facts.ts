import { useQuery } from '@tanstack/react-query'
import { omen } from './aws.ts'

/** The facts about roles that a list of roles does not contain. */
export interface RoleFacts {
  readonly id: string
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  readonly boundary?: string
  /** ISO 8601; absent if it was never used. */
  readonly lastUsed?: string
}

/** Tags, boundary and last use of all roles, by role id; empty for a user who may not read roles. */
export function useRoleFacts(): ReadonlyMap<string, RoleFacts> {
  const { data } = useQuery({
    queryKey: ['roles', 'facts'],
    queryFn: async ({ signal }) => {
      const { roles } = await omen<{ roles: readonly RoleFacts[] }>(
        'GET',
        '/_omen/api/role-facts',
        undefined,
        { signal },
      )
      return new Map(roles.map((role) => [role.id, role]))
    },
    retry: false,
  })
  return data ?? none
}

const none: ReadonlyMap<string, RoleFacts> = new Map()
