import { type Call, family, prepared } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../../store/index.ts'
import { notHere } from './faults.ts'
import { cursorOf, tokenOf } from './look-up-token.ts'

const retentionDays = 90
const pageSize = 50
const day = 24 * 60 * 60 * 1000

/** LookupEvents: the event history, newest first (behaviours TRL-60 to TRL-69). */
export const lookUp = family<CloudTrail.Operations>()({
  LookupEvents: prepared({
    async prepare(input, call): Promise<EventPage> {
      return call.deps.recorder.lookUp(queryOf(input, call))
    },
    run(input, call, page) {
      return {
        Events: page.events.map(eventOut),
        ...(page.next === undefined ? {} : { NextToken: tokenOf(page.next, input, call) }),
      }
    },
  }),
})

function queryOf(input: CloudTrail.LookupEventsRequest, call: Call): EventQuery {
  const { EventCategory: category, MaxResults: limit = pageSize } = input
  if (category !== undefined && category !== 'insight')
    throw fault('InvalidEventCategoryException', `${category} is no category of events to look up.`, 400)
  if (category !== undefined) throw notHere('CloudTrail Insights events are not made') // (behaviour TRL-64)
  if (limit < 1 || limit > pageSize)
    throw fault('InvalidMaxResultsException', `MaxResults must be between 1 and ${pageSize}.`, 400)
  const [attribute, ...others] = input.LookupAttributes ?? []
  if (others.length > 0) throw invalidAttributes('Specify one lookup attribute.') // (behaviour TRL-61)
  if (attribute?.AttributeKey === 'ReadOnly' && !/^(?:true|false)$/.test(attribute.AttributeValue))
    throw invalidAttributes('The lookup attribute ReadOnly is true or false.')
  const { StartTime: start, EndTime: end } = input
  if (start !== undefined && start > (end ?? call.now)) {
    throw fault(
      'InvalidTimeRangeException',
      'The time range is not valid: the start time is after the end time, or after now.',
      400,
    )
  }
  const after = input.NextToken === undefined ? undefined : cursorOf(input.NextToken, input, call)
  return {
    account: call.account.id,
    region: call.region,
    from: Math.max(start ?? 0, call.now - retentionDays * day),
    ...(end === undefined ? {} : { to: end + 999 }), // callers give whole seconds, events have milliseconds
    ...(attribute === undefined
      ? {}
      : { attribute: { key: attribute.AttributeKey, value: attribute.AttributeValue } }),
    limit,
    ...(after === undefined ? {} : { after }),
  }
}

function invalidAttributes(message: string): Fault {
  return fault('InvalidLookupAttributesException', message, 400)
}

function eventOut(event: StoredEvent): CloudTrail.Event {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    AccessKeyId: event.accessKeyId,
    EventTime: Math.floor(event.time / 1000) * 1000, // as in the record, a whole second
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: event.json,
  }
}
