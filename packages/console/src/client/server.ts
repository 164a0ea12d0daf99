import { useQuery } from '@tanstack/react-query'
import { omen } from './aws.ts'

/** What the console shows of the server on every page. */
export interface ServerFacts {
  readonly version: string
  readonly mode: 'enforce' | 'audit' | 'off'
  /** The server's time, ISO 8601. */
  readonly time: string
}

/** Mode and version; refetched every ten seconds, which also notices that the server is gone or back. */
export function useServer() {
  return useQuery({
    queryKey: ['server'],
    queryFn: ({ signal }) => omen<ServerFacts>('GET', '/_omen/api/server', undefined, { signal }),
    refetchInterval: ({ state }) => (state.status === 'error' ? 2_000 : 10_000),
    retry: false,
  })
}
