import { useEffect, useRef, useState } from 'react'
import { omen } from './aws.ts'

/** An event as the server lists it. */
export interface EventRow {
  readonly id: string
  readonly time: string
  readonly name: string
  readonly source: string
  readonly who: string
  readonly accessKeyId?: string
  /** The role that was assumed. */
  readonly role?: { readonly name: string; readonly id: string }
  readonly readOnly: boolean
  readonly errorCode?: string
  readonly resources: readonly { readonly type: string; readonly name: string }[]
  /** The questions to the policies. */
  readonly asked?: readonly {
    readonly action: string
    readonly resource: string
    readonly passedTo?: string
  }[]
  /** The decision, or the request that finds it. */
  readonly decision?: string
  /** The record, byte for byte as LookupEvents gives it. */
  readonly json: string
}

/** A link of the chain of those who acted: the person or service first. */
export interface ChainLink {
  readonly who: string
  readonly accessKeyId?: string
  readonly operation?: string
  readonly eventId?: string
  readonly time?: string
  readonly roleArn?: string
  readonly sourceIdentity?: string
  readonly mfa?: boolean
}

/** Rows that a page keeps: the oldest go when more come. */
export const mostRows = 2_000

interface Found {
  readonly events: readonly EventRow[]
  /** Where older ones follow; absent if there are none. */
  readonly before?: string
  /** Where a follower begins; absent in answers that continue. */
  readonly newest?: string
}

export async function chainOfEvent(id: string, signal?: AbortSignal): Promise<readonly ChainLink[]> {
  const path = `/_omen/api/events/${encodeURIComponent(id)}/chain`
  return (await omen<{ chain: readonly ChainLink[] }>('GET', path, undefined, { signal })).chain
}

function search(filter: string, before: string | undefined, signal: AbortSignal): Promise<Found> {
  const from = before === undefined ? '' : `&before=${encodeURIComponent(before)}`
  return omen('GET', `/_omen/api/events?${filter}${from}`, undefined, { signal })
}

function follow(filter: string, after: string, signal: AbortSignal) {
  const path = `/_omen/api/events?${filter}&after=${encodeURIComponent(after)}&wait=1000`
  return omen<{ events: readonly EventRow[]; position: string }>('GET', path, undefined, { signal })
}

/** Events that fit a filter, newest first, and new ones as they come. */
export interface Events {
  readonly rows: readonly EventRow[]
  readonly loading: boolean
  readonly error: unknown
  /** Whether there are older ones. */
  readonly more: boolean
  readonly loadMore: () => void
}

/**
 * Searches events and, if `live`, follows them. Answers that come faster than the page draws are put together; of
 * very many the newest stay.
 * @param filter the query of `/_omen/api/events`
 */
export function useEvents(filter: string, live: boolean): Events {
  const [rows, setRows] = useState<readonly EventRow[]>([])
  const [before, setBefore] = useState<string>()
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<unknown>()
  const newest = useRef<string>(undefined)
  const [started, setStarted] = useState(0)

  useEffect(() => {
    const ended = new AbortController()
    setLoading(true)
    setError(undefined)
    setRows([])
    newest.current = undefined
    search(filter, undefined, ended.signal)
      .then((found) => {
        setRows(found.events)
        setBefore(found.before)
        newest.current = found.newest
        setStarted((count) => count + 1)
      })
      .catch((reason: unknown) => {
        if (!ended.signal.aborted) setError(reason)
      })
      .finally(() => {
        if (!ended.signal.aborted) setLoading(false)
      })
    return () => ended.abort()
  }, [filter])

  useEffect(() => {
    if (!live || started === 0) return
    const ended = new AbortController()
    const run = async () => {
      while (!ended.signal.aborted) {
        try {
          const { events, position } = await follow(filter, newest.current ?? '', ended.signal)
          newest.current = position
          if (events.length > 0) setRows((known) => merged(known, events))
          setError(undefined)
        } catch (reason) {
          if (ended.signal.aborted) return
          setError(reason)
          await new Promise((resolve) => setTimeout(resolve, 2_000))
        }
        await nextFrame()
      }
    }
    void run()
    return () => ended.abort()
  }, [filter, live, started])

  const loadMore = () => {
    if (loading || before === undefined) return
    setLoading(true)
    search(filter, before, new AbortController().signal)
      .then((found) => {
        setRows((known) => [...known, ...found.events].slice(-mostRows))
        setBefore(found.before)
      })
      .catch(setError)
      .finally(() => setLoading(false))
  }
  return { rows, loading, error, more: before !== undefined, loadMore }
}

/** Returns the new rows, newest first, before the known ones, each event once. */
function merged(known: readonly EventRow[], came: readonly EventRow[]): readonly EventRow[] {
  const recent = new Set(known.slice(0, 500).map(({ id }) => id))
  const fresh = came.filter(({ id }) => !recent.has(id)).reverse()
  return [...fresh, ...known].slice(0, mostRows)
}

/** A page in the background draws nothing: then a moment passes instead. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 200)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      setTimeout(resolve, 100)
    })
  })
}
