import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import type { EventPosition, Store, StoredEvent } from '../../store/index.ts'
import { isReadOfPage } from '../view/page-read.ts'
import { pathOpened } from '../watch/path-watch.ts'
import type { AdminRoute } from './admin-route.ts'
import { readsEvents } from './event-routes.ts'
import { positionIn } from './position.ts'

const limits = {
  /** Refusals in one answer, newest first. */
  refusals: 5,
  /** The most events that one answer reads; the next answer continues. */
  lots: 10,
  lot: 1_000,
  /** New paths in one answer, and how old the first ones may be: an hour. */
  paths: 5,
  pathsFor: 3_600_000,
  /** Steps of the search for the last refusals. */
  steps: 20,
  found: 20,
  /** An event of the last so many milliseconds is shown when the page opens: it probably led there. */
  justNow: 4_000,
} as const

/** A call that was refused. */
interface Refused {
  /** The event's id. */
  readonly id: string
  readonly who: string
  /** `service:Operation`. */
  readonly action: string
  /** ISO 8601. */
  readonly at: string
  readonly decision?: string
}

/** Something that happened in the account, as its picture shows it. */
interface Happening {
  readonly id: string
  /** Where in the picture it is seen. */
  readonly kind: 'assume' | 'exit' | 'pass' | 'refusal'
  readonly who: string
  /** The role, or the action. */
  readonly what: string
}

/** A path to an administrator that a change has opened. */
interface NewPath {
  /** The event's id. */
  readonly id: string
  /** The ARN of who can become an administrator. */
  readonly who: string
  /** ISO 8601. */
  readonly at: string
}

/** The part of the account that events may have changed. */
type Part = 'sessions' | 'machines' | 'roles'

/**
 * `GET /_omen/api/happenings`: the last refusals of the account and the latest events. With `after`, where the last
 * answer ended: the events since then, and which parts of the account may have changed. An answer is small however
 * many calls there were.
 */
export function happeningRoutes(deps: Dependencies, store: Store): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/happenings$/,
      by: readsEvents,
      async answer(_groups, _body, signer, query, within) {
        const account = signer?.account ?? within ?? deps.firstAccount
        const after = positionIn(query, store)
        await deps.recorder.flush()
        return after === undefined
          ? beginning(account, deps.clock.now(), store)
          : happenedSince(after, account, store)
      },
    },
  ]
}

async function beginning(account: AccountId, now: number, store: Store) {
  const position = await store.newestPosition()
  const { events: recent } = await store.searchEvents({ account, texts: [], limit: limits.found })
  const last = recent.find(
    ({ event }) => event.time > now - limits.justNow && happeningOf(event) !== undefined,
  )
  return {
    position,
    refusals: await lastRefusals(account, store),
    paths: await lastPaths(account, now, store),
    ...(last === undefined ? {} : { latest: happeningOf(last.event) }),
    changed: [],
  }
}

async function lastPaths(account: AccountId, now: number, store: Store): Promise<readonly NewPath[]> {
  const { events } = await store.lookUpEvents({
    account,
    from: now - limits.pathsFor,
    attribute: { key: 'EventName', value: pathOpened },
    limit: limits.paths,
  })
  return events.flatMap(newPathOf)
}

function newPathOf(event: StoredEvent): readonly NewPath[] {
  if (event.name !== pathOpened || event.source !== 'omen') return []
  const { principal = '' } = recordOf(event).serviceEventDetails ?? {}
  return [{ id: event.id, who: principal, at: new Date(event.time).toISOString() }]
}

async function lastRefusals(account: AccountId, store: Store): Promise<readonly Refused[]> {
  const refusals: Refused[] = []
  let before: string | undefined
  for (let step = 0; step < limits.steps; step++) {
    const { events, before: next } = await store.searchEvents({
      account,
      texts: [['"AccessDenied', '"Client.UnauthorizedOperation"']],
      limit: limits.found,
      ...(before === undefined ? {} : { before }),
    })
    for (const { event } of events) if (isRefusal(event)) refusals.push(refusedOf(event))
    if (refusals.length >= limits.refusals || next === undefined) break
    before = next
  }
  return refusals.slice(0, limits.refusals)
}

async function happenedSince(after: EventPosition, account: AccountId, store: Store) {
  let position = after
  let latest: Happening | undefined
  const refusals: Refused[] = []
  const paths: NewPath[] = []
  const changed = new Set<Part>()
  for (let lot = 0; lot < limits.lots; lot++) {
    const page = await store.eventsAfter(position, limits.lot)
    position = page.position
    for (const event of page.events) {
      if (event.account !== account) continue
      latest = happeningOf(event) ?? latest
      if (isRefusal(event)) refusals.unshift(refusedOf(event))
      paths.unshift(...newPathOf(event))
      const part = changedBy(event)
      if (part !== undefined) changed.add(part)
    }
    refusals.splice(limits.refusals)
    if (page.events.length < limits.lot) break
  }
  return {
    position,
    refusals,
    paths: paths.slice(0, limits.paths),
    ...(latest === undefined ? {} : { latest }),
    changed: [...changed],
  }
}

function isRefused({ errorCode = '' }: StoredEvent): boolean {
  return /AccessDenied|UnauthorizedOperation/.test(errorCode)
}

/** A refusal of a call that was meant, and not of a read that a page makes by itself. */
function isRefusal(event: StoredEvent): boolean {
  return isRefused(event) && !isReadOfPage(event.readOnly, recordOf(event).userAgent ?? '')
}

function refusedOf(event: StoredEvent): Refused {
  return {
    id: event.id,
    who: whoIn(event),
    action: actionOf(event),
    at: new Date(event.time).toISOString(),
    ...(event.decision === undefined ? {} : { decision: event.decision }),
  }
}

/** Operations that pass a role to a machine. */
const passing = new Set([
  'RunInstances',
  'CreateFunction20150331',
  'CreateFunction',
  'AssociateIamInstanceProfile',
])

/** The visible effect of an event, if any. Refused reads have none: pages read much by themselves. */
function happeningOf(event: StoredEvent): Happening | undefined {
  const { id, name, errorCode, readOnly } = event
  if (isRefused(event))
    return readOnly ? undefined : { id, kind: 'refusal', who: whoIn(event), what: actionOf(event) }
  if (errorCode !== undefined) return undefined
  if (name === 'AssumeRole') {
    const { roleArn = '' } = recordOf(event).requestParameters ?? {}
    return { id, kind: 'assume', who: whoIn(event), what: roleArn.slice(roleArn.lastIndexOf('/') + 1) }
  }
  if (name === 'ExitRole') {
    const [, role = '', session = ''] = (recordOf(event).userIdentity?.arn ?? '').split('/')
    return { id, kind: 'exit', who: session, what: role }
  }
  return passing.has(name) ? { id, kind: 'pass', who: whoIn(event), what: actionOf(event) } : undefined
}

function changedBy({ name, errorCode }: StoredEvent): Part | undefined {
  if (errorCode !== undefined) return undefined
  if (/^(?:AssumeRole|Get.*Token|ExitRole|SwitchRole)/.test(name)) return 'sessions'
  if (/Instance|Function/.test(name)) return 'machines'
  return /^(?:Create|Delete|Put|Attach|Detach|Update|Tag|Untag|Add|Remove)/.test(name) ? 'roles' : undefined
}

function actionOf({ source, name }: StoredEvent): string {
  return `${source.split('.')[0]}:${name}`
}

function whoIn(event: StoredEvent): string {
  const { userName, arn = '', invokedBy, type = '' } = recordOf(event).userIdentity ?? {}
  return userName ?? (arn === '' ? (invokedBy ?? type) : arn.slice(arn.indexOf('/') + 1))
}

interface Recorded {
  readonly userAgent?: string
  readonly serviceEventDetails?: { readonly principal?: string }
  readonly userIdentity?: {
    readonly arn?: string
    readonly userName?: string
    readonly invokedBy?: string
    readonly type?: string
  }
  readonly requestParameters?: { readonly roleArn?: string } | null
}

function recordOf({ json }: StoredEvent): Recorded {
  return JSON.parse(json) as Recorded // what makeEvent wrote
}
