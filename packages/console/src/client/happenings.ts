import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { omen } from './aws.ts'

/** A call that was refused. */
export interface Refusal {
  /** The event's id. */
  readonly id: string
  readonly who: string
  /** `service:Operation`. */
  readonly action: string
  /** ISO 8601. */
  readonly at: string
  readonly decision?: string
}

/** Something that happened in the house while one looks at it. */
export interface Happening {
  readonly id: string
  /** Where in the picture it is seen. */
  readonly kind: 'assume' | 'exit' | 'pass' | 'refusal'
  readonly who: string
  /** The role, or the action. */
  readonly what: string
}

/** A path to an administrator that a change has opened. */
export interface NewPath {
  /** The event's id. */
  readonly id: string
  /** The ARN of who can become an administrator. */
  readonly who: string
  /** ISO 8601. */
  readonly at: string
}

interface Happenings {
  readonly refusals: readonly Refusal[]
  readonly paths: readonly NewPath[]
  readonly latest: Happening | undefined
}

interface Answer {
  readonly position: string
  readonly refusals: readonly Refusal[]
  readonly paths: readonly NewPath[]
  readonly latest?: Happening
  readonly changed: readonly ('sessions' | 'machines' | 'roles')[]
}

/** Refusals that are kept. */
const most = 5
/** Milliseconds between looks. */
const often = 2_000

/** The queries behind each part of the picture. */
const queriesOf = {
  sessions: ['sessions'],
  machines: ['machines'],
  roles: ['wearable', 'masks'],
} as const

/** Follows what happens in the account: the last refusals, and what has happened since the page was opened. */
export function useHappenings() {
  const client = useQueryClient()
  const position = useRef<string | undefined>(undefined)
  const kept = useRef<Happenings>({ refusals: [], paths: [], latest: undefined })
  return useQuery({
    queryKey: ['happenings'],
    queryFn: async ({ signal }) => {
      const from = position.current === undefined ? '' : `?after=${encodeURIComponent(position.current)}`
      const path = `/_omen/api/happenings${from}`
      const answer = await omen<Answer>('GET', path, undefined, { signal })
      const { refusals, paths, latest, changed } = answer
      position.current = answer.position
      if (refusals.length > 0 || paths.length > 0 || latest !== undefined)
        kept.current = {
          refusals: [...refusals, ...kept.current.refusals].slice(0, most),
          paths: [...paths, ...kept.current.paths].slice(0, most),
          latest: latest ?? kept.current.latest,
        }
      for (const part of changed)
        for (const name of queriesOf[part]) void client.invalidateQueries({ queryKey: [name] })
      return kept.current
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? false : often),
    retry: false,
  })
}
