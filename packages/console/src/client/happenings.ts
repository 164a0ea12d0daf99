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

interface Happenings {
  readonly refusals: readonly Refusal[]
  readonly latest: Happening | undefined
}

/** The part of a CloudTrail record that is shown. */
interface Told {
  readonly eventID: string
  readonly eventName: string
  readonly eventSource: string
  readonly eventTime: string
  readonly errorCode?: string
  readonly userIdentity?: {
    readonly arn?: string
    readonly userName?: string
    readonly invokedBy?: string
    readonly type?: string
  }
  readonly requestParameters?: { readonly roleArn?: string } | null
}

interface Lot {
  readonly sequence: number
  readonly events: readonly { readonly record: Told; readonly decision?: string }[]
}

/** Refusals that are kept. */
const most = 5
/** How far back the first look goes, and how often one looks. Milliseconds. */
const back = 3_600_000
const often = 2_000
const justNow = 4_000
/** Lots that the first look reads: each has up to 500 refusals. */
const lots = 4

const passing = new Set([
  'RunInstances',
  'CreateFunction20150331',
  'CreateFunction',
  'AssociateIamInstanceProfile',
])

/** Follows the events: the last refusals, and what has happened since the page was opened. */
export function useHappenings() {
  const client = useQueryClient()
  const position = useRef<number | undefined>(undefined)
  const kept = useRef<Happenings>({ refusals: [], latest: undefined })
  return useQuery({
    queryKey: ['happenings'],
    queryFn: async ({ signal }) => {
      if (position.current === undefined) {
        const since = new Date(Date.now() - back).toISOString()
        for (let lot = 0, from = `since=${since}`; lot < lots; lot++) {
          const { sequence, events } = await omen<Lot>('GET', `/_omen/events?errors=yes&${from}`, undefined, {
            signal,
          })
          add(events, false)
          if (events.length === 0) break
          from = `after=${sequence}`
        }
        // one's own switch has just happened: it led to this page
        const lately = new Date(Date.now() - justNow).toISOString()
        const last = await omen<Lot>('GET', `/_omen/events?since=${lately}`, undefined, { signal })
        position.current = last.sequence
        for (const { record } of last.events) {
          const latest = happeningOf(record) ?? kept.current.latest
          kept.current = { ...kept.current, latest }
        }
      } else {
        const path = `/_omen/events?after=${position.current}`
        const { sequence, events } = await omen<Lot>('GET', path, undefined, { signal })
        position.current = sequence
        add(events, true)
        const changed = new Set(events.flatMap(({ record }) => partsChangedBy(record)))
        for (const part of changed) void client.invalidateQueries({ queryKey: [part] })
      }
      return kept.current
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? false : often),
    retry: false,
  })

  function add(events: Lot['events'], live: boolean): void {
    let { refusals, latest } = kept.current
    for (const { record, decision } of events) {
      if (isRefused(record)) refusals = [refusalOf(record, decision), ...refusals].slice(0, most)
      if (live) latest = happeningOf(record) ?? latest
    }
    kept.current = { refusals, latest }
  }
}

function isRefused({ errorCode = '' }: Told): boolean {
  return /AccessDenied|UnauthorizedOperation/.test(errorCode)
}

function refusalOf(record: Told, decision: string | undefined): Refusal {
  return {
    id: record.eventID,
    who: whoOf(record),
    action: actionOf(record),
    at: record.eventTime,
    ...(decision === undefined ? {} : { decision }),
  }
}

/** What is seen to happen. That somebody may not look is none: pages look at much by themselves. */
function happeningOf(record: Told): Happening | undefined {
  const { eventID: id, eventName, errorCode, requestParameters } = record
  const who = whoOf(record)
  if (isRefused(record))
    return /^(?:Describe|List|Get)/.test(eventName)
      ? undefined
      : { id, kind: 'refusal', who, what: actionOf(record) }
  if (errorCode !== undefined) return undefined
  if (eventName === 'AssumeRole') {
    const role = requestParameters?.roleArn ?? ''
    return { id, kind: 'assume', who, what: role.slice(role.lastIndexOf('/') + 1) }
  }
  if (eventName === 'ExitRole') {
    const [, role = '', session = ''] = (record.userIdentity?.arn ?? '').split('/')
    return { id, kind: 'exit', who: session, what: role }
  }
  return passing.has(eventName) ? { id, kind: 'pass', who, what: actionOf(record) } : undefined
}

/** The parts of the picture that an event may have changed, as the queries behind them are named. */
function partsChangedBy({ eventName, errorCode }: Told): readonly string[] {
  if (errorCode !== undefined) return []
  if (/^(?:AssumeRole|Get.*Token|ExitRole|SwitchRole)/.test(eventName)) return ['sessions']
  if (/Instance|Function/.test(eventName)) return ['machines']
  return /^(?:Create|Delete|Put|Attach|Detach|Update|Tag|Untag|Add|Remove)/.test(eventName)
    ? ['wearable', 'masks']
    : []
}

function actionOf({ eventSource, eventName }: Told): string {
  return `${eventSource.split('.')[0]}:${eventName}`
}

function whoOf({ userIdentity }: Told): string {
  const { userName, arn = '', invokedBy, type = '' } = userIdentity ?? {}
  return userName ?? (arn === '' ? (invokedBy ?? type) : arn.slice(arn.indexOf('/') + 1))
}
