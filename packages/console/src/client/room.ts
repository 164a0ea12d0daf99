import { useQuery } from '@tanstack/react-query'
import type { LiveSession, Machine, WearableRole } from 'omen-iam/views'
import { useMemo } from 'react'
import { omen } from './aws.ts'
import { type Identity, useIdentity } from './identity.ts'

export type { LiveSession, Machine, WearableRole } from 'omen-iam/views'

/** The roles of the account, and which of them the person of this tab may put on: always as the original identity. */
export function useWearable() {
  const identity = useIdentity()
  return useQuery({
    queryKey: ['wearable'],
    queryFn: ({ signal }) =>
      omen<{ roles: readonly WearableRole[]; beyond: number }>('GET', '/_omen/api/wearable', undefined, {
        signal,
        ...originally(identity),
      }),
    enabled: identity !== undefined,
  })
}

/** The roles that the assumed role itself may put on: whom it may chain to. */
export function useWearableBy(assumed: Identity | undefined) {
  return useQuery({
    queryKey: ['wearable-by', assumed?.arn],
    queryFn: ({ signal }) =>
      omen<{ roles: readonly WearableRole[] }>('GET', '/_omen/api/wearable', undefined, { signal }),
    enabled: assumed !== undefined,
    retry: false,
  })
}

/** A login of a program that has not ended. */
export interface LiveLogin {
  readonly id: string
  readonly kind: 'login' | 'center' | 'agent'
  /** An ARN, or the name of a user of the directory. */
  readonly who: string
  readonly program: string
  readonly beganAt: string
  readonly endsAt: string
  readonly renewals: number
}

interface Living {
  readonly sessions: readonly LiveSession[]
  readonly logins: readonly LiveLogin[]
}

function useLiving<T>(select: (living: Living) => T) {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => omen<Living>('GET', '/_omen/api/sessions', undefined, { signal }),
    select,
    refetchInterval: ({ state }) => (state.status === 'error' ? false : 5_000),
  })
}

const sessionsOf = ({ sessions }: Living) => sessions
const loginsOf = ({ logins }: Living) => logins

/** Sessions that were handed out and whose time is not over, newest first. */
export function useSessions() {
  return useLiving(sessionsOf)
}

/** Logins of programs that have not ended, newest first. */
export function useLogins() {
  return useLiving(loginsOf)
}

/** Instances and functions that wear a role; of what may not be read, the other is shown alone. */
export function useMachines() {
  const instances = useMachinesOf('instances')
  const functions = useMachinesOf('functions')
  const data = useMemo(
    () =>
      instances.data === undefined && functions.data === undefined
        ? undefined
        : [...(instances.data ?? []), ...(functions.data ?? [])],
    [instances.data, functions.data],
  )
  return {
    data,
    isPending: instances.isPending || functions.isPending,
    isError: instances.isError && functions.isError,
    error: instances.error,
  }
}

function useMachinesOf(kind: 'instances' | 'functions') {
  return useQuery({
    queryKey: ['machines', kind],
    queryFn: async ({ signal }) => {
      const path = `/_omen/api/machines/${kind}`
      return (await omen<{ machines: readonly Machine[] }>('GET', path, undefined, { signal })).machines
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? false : 10_000),
    retry: false,
  })
}

function originally(identity: Identity | undefined) {
  const as = identity?.switchedFrom?.credentials
  return as === undefined ? {} : { as }
}
