import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { omen, onUnreachable } from './aws.ts'

/** The facts about the server that every page shows. */
export interface ServerFacts {
  readonly version: string
  readonly mode: 'enforce' | 'audit' | 'off'
  /** The server's time, ISO 8601. */
  readonly time: string
  /** How far a test clock is ahead, in milliseconds; absent if the server keeps the present. */
  readonly clockAhead?: number
}

const everyMilliseconds = { answering: 10_000, gone: 2_000 } as const

/**
 * Mode and version. They are asked for again every ten seconds, when the reader comes back to the tab, and as soon as any
 * call finds no server, so that a page says soon that the server is gone or the session has ended.
 */
export function useServer() {
  const client = useQueryClient()
  useEffect(
    () =>
      onUnreachable(() => {
        const state = client.getQueryState(['server'])
        if (state?.status === 'success' && state.fetchStatus === 'idle')
          void client.refetchQueries({ queryKey: ['server'] })
      }),
    [client],
  )
  return useQuery({
    queryKey: ['server'],
    queryFn: ({ signal }) => omen<ServerFacts>('GET', '/_omen/api/server', undefined, { signal }),
    refetchInterval: ({ state }) =>
      state.status === 'error' ? everyMilliseconds.gone : everyMilliseconds.answering,
    staleTime: 0,
    refetchOnMount: false, // several parts of a page read it
    retry: false,
  })
}
