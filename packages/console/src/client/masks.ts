import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Family } from 'omen-iam/masks'
import { createContext, useContext, useEffect } from 'react'
import { omen } from './aws.ts'
import { useIdentity } from './identity.ts'

/** The facts that a role's mask is drawn from. */
export interface RoleMask {
  /** The role's unique id. */
  readonly id: string
  readonly name: string
  readonly family: Family
  readonly turn: number
  readonly administrator: boolean
  readonly wearers: readonly ('anyone' | 'otherAccount' | 'federated' | 'account' | 'service')[]
}

export type Masks = ReadonlyMap<string, RoleMask>

const none: Masks = new Map()

/** The source of `useMasks`: one query for all masks that a page draws. */
export const MasksContext = createContext(none)

/** The masks of the account's roles, by role id. Who may not list roles sees masks drawn from the id alone. */
export function useMasks(): Masks {
  return useContext(MasksContext)
}

/** Fetches the masks for `MasksContext`. */
export function useFetchedMasks(): Masks {
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

/** Fetches the masks again if a listed role has none. */
export function useMasksOf(roles: readonly { readonly id: string }[] | undefined): Masks {
  const masks = useMasks()
  const client = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each list, whatever the masks are then
  useEffect(() => {
    if (masks.size > 0 && roles?.some(({ id }) => !masks.has(id)) === true)
      void client.invalidateQueries({ queryKey: ['masks'] })
  }, [roles, client])
  return masks
}
