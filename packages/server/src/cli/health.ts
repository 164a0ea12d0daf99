import { callServer } from './client.ts'
import type { RunningServer } from './home.ts'

/** The server's report to root and admin. Everyone else gets only the status, from `/_omen/health`. */
export interface Health {
  /** `ok`, or what is wrong. */
  readonly status: string
  readonly version: string
  readonly mode: string
  readonly account: string
  readonly store: string
  readonly time: string
  /** How far a test clock is ahead, in milliseconds; absent if the server keeps the present. */
  readonly clockAhead?: number
  /** Events that could not be kept since the start. */
  readonly eventsLost: number
  readonly eventsWaiting: number
  /** Deliveries of trails that can be made no more: their events were forgotten before. */
  readonly eventsUndelivered: number
  /** Operations that the guard could not decide; absent without a guard. */
  readonly undecidable?: number
}

/** Asks a running server. @throws CommandFailure if nothing answers, or the home's admin key is not accepted */
export async function askHealth(server: RunningServer): Promise<Health> {
  return (await callServer(server, 'GET', '/_omen/status', server.keys.admin)) as Health // the route's own form
}

type KeptHealth = Pick<Health, 'status' | 'eventsLost' | 'eventsUndelivered'>

/** A fault of the stored data. */
export interface Complaint {
  readonly about: 'store' | 'trail'
  /** One line. */
  readonly text: string
}

/** Returns the faults of the store and the trail; an older server omits some. */
export function complaintsIn({ status, eventsLost, eventsUndelivered }: KeptHealth): readonly Complaint[] {
  const trail = [
    ...(eventsLost > 0 ? [`${eventsLost} events could not be kept`] : []),
    ...(eventsUndelivered > 0
      ? [`${eventsUndelivered} events were forgotten before trails had delivered them`]
      : []),
  ]
  return [
    ...(status === 'ok' ? [] : [{ about: 'store' as const, text: status }]),
    ...trail.map((text) => ({ about: 'trail' as const, text })),
  ]
}
