import type { Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { type EventPage, type EventQuery, isEventCursor, type StoredEvent } from '../../store/index.ts'
import { notHere } from './faults.ts'

const retentionDays = 90
const pageSize = 50
const day = 24 * 60 * 60 * 1000

/** LookupEvents: the event history, newest first (behaviours TRL-60 to TRL-66). */
export const lookUp: Family<CloudTrail.Operations, 'LookupEvents'> = {
  LookupEvents: {
    async prepare(input, call): Promise<EventPage> {
      return call.house.recorder.lookUp(queryOf(input, call.account.id, call.region, call.now))
    },
    run(_input, _call, page: EventPage) {
      return {
        Events: page.events.map(eventOut),
        ...(page.next === undefined ? {} : { NextToken: page.next }),
      }
    },
  },
}

function queryOf(
  input: CloudTrail.LookupEventsRequest,
  account: EventQuery['account'],
  region: string,
  now: number,
): EventQuery {
  const attributes = input.LookupAttributes ?? []
  if (attributes.length > 1)
    throw fault('InvalidLookupAttributesException', 'You can provide only one lookup attribute.', 400)
  if (input.EventCategory !== undefined) throw notHere('CloudTrail Insights events are not made') // (behaviour TRL-64)
  const { StartTime: start, EndTime: end, NextToken: after } = input
  if (start !== undefined && end !== undefined && start > end) {
    throw fault(
      'InvalidTimeRangeException',
      'The time range is not valid: the start time is after the end time.',
      400,
    )
  }
  if (after !== undefined && !isEventCursor(after))
    throw fault('InvalidNextTokenException', 'Invalid token.', 400)
  const attribute = attributes[0]
  return {
    account,
    region,
    from: Math.max(start ?? 0, now - retentionDays * day),
    ...(end === undefined ? {} : { to: end + 999 }), // callers give whole seconds, events have milliseconds
    ...(attribute === undefined
      ? {}
      : { attribute: { key: attribute.AttributeKey, value: attribute.AttributeValue } }),
    limit: input.MaxResults ?? pageSize, // the model bounds it
    ...(after === undefined ? {} : { after }),
  }
}

function eventOut(event: StoredEvent): CloudTrail.Event {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    AccessKeyId: event.accessKeyId,
    EventTime: event.time,
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: event.json,
  }
}
