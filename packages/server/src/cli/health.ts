/** What the house says of itself to anyone. */
export interface Health {
  /** `ok`, or what is wrong. */
  readonly status: string
  readonly version: string
  readonly mode: string
  readonly account: string
  readonly store: string
  readonly time: string
  /** Events that could not be kept since the start. */
  readonly eventsLost: number
  readonly eventsWaiting: number
  /** Deliveries of trails that can be made no more: their events were forgotten before. */
  readonly eventsUndelivered: number
  /** Operations that the guard could not decide on; left out where there is no guard. */
  readonly undecidable?: number
}

type TrailHealth = Pick<Health, 'status' | 'eventsLost' | 'eventsUndelivered'>

/** What is wrong with the trail, each in one line; an older house says nothing of some. */
export function trailComplaints({ status, eventsLost, eventsUndelivered }: TrailHealth): readonly string[] {
  return [
    ...(status === 'ok' ? [] : [status]),
    ...(eventsLost > 0 ? [`${eventsLost} events could not be kept`] : []),
    ...(eventsUndelivered > 0
      ? [`${eventsUndelivered} events were forgotten before trails had delivered them`]
      : []),
  ]
}
