import { useQuery } from '@tanstack/react-query'
import type { Family } from 'omen-iam/masks'
import { omen } from './aws.ts'
import { useIdentity } from './identity.ts'

/** What a role's mask is drawn from. */
export interface RoleMask {
  /** The role's unique id. */
  readonly id: string
  readonly name: string
  readonly family: Family
  readonly turn: number
  readonly administrator: boolean
  readonly wearers: readonly ('anyone' | 'otherAccount' | 'federated' | 'account' | 'service')[]
}

/** The masks of the account's roles, by role id. Who may not list roles sees masks drawn from the id alone. */
export function useMasks(): ReadonlyMap<string, RoleMask> {
  const identity = useIdentity()
  const { data } = useQuery({
    queryKey: ['masks'],
    queryFn: async ({ signal }) => {
      const { masks } = await omen<{ masks: readonly RoleMask[] }>('GET', '/_omen/api/masks', undefined, {
        signal,
        // who wears a role that may not list roles sees the masks all the same
        ...(identity?.switchedFrom === undefined ? {} : { as: identity.switchedFrom.credentials }),
      })
      return new Map(masks.map((mask) => [mask.id, mask]))
    },
    enabled: identity !== undefined,
    retry: false,
  })
  return data ?? none
}

const none: ReadonlyMap<string, RoleMask> = new Map()
