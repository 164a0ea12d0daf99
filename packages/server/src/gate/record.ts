import type { Call, EventNotes, Judged } from '../authorization/index.ts'
import { refusalSentence } from '../authorization/index.ts'
import { type Fault, uuid } from '../base/index.ts'
import { errorShapeName } from '../model/index.ts'
import { eventUsername, foreignIdentity, userIdentity } from '../session/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { makeEvent, shapeForEvent } from '../trail/index.ts'

/** How a call ended, as far as its event tells it. */
export interface Outcome {
  readonly input: Readonly<Record<string, unknown>> | undefined
  readonly output: unknown
  readonly fault: Fault | undefined
  /** The denial that audit mode let through. */
  readonly wouldDeny: Judged | undefined
  readonly notes: EventNotes
  readonly readOnly: boolean
}

/** The events of one call: one in the caller's account, and one in each other account that it concerns. */
export function eventsOf(call: Call, outcome: Outcome): readonly StoredEvent[] {
  const { service, operation, caller, origin } = call
  const denied = outcome.fault !== undefined
  const sharedEventId = outcome.notes.alsoIn?.length && !denied ? uuid(call.house.random) : undefined
  const facts = {
    id: uuid(call.house.random),
    time: call.now,
    identity: userIdentity(caller, origin.invokedBy),
    username: eventUsername(caller),
    source: `${service.id}.amazonaws.com`,
    name: operation.name,
    region: service.global ? 'us-east-1' : call.region,
    sourceIp: caller.kind === 'service' ? caller.name : (origin.invokedBy ?? origin.sourceIp),
    userAgent: caller.kind === 'service' ? caller.name : (origin.invokedBy ?? origin.userAgent),
    ...(outcome.fault === undefined ? {} : { error: eventError(call, outcome.fault) }),
    requestParameters: requestParameters(call, outcome),
    responseElements: responseElements(call, outcome),
    ...additional(call, outcome),
    requestId: call.id,
    readOnly: outcome.readOnly,
    ...(outcome.notes.resources === undefined || denied ? {} : { resources: outcome.notes.resources }),
    type: 'AwsApiCall' as const,
    ...(sharedEventId === undefined ? {} : { sharedEventId }),
    ...(origin.secure ? { tlsDetails: { clientProvidedHostHeader: origin.host } } : {}),
  }
  const own = makeEvent({ ...facts, account: call.account.id })
  if (sharedEventId === undefined) return [own]
  const others = outcome.notes.alsoIn!.filter((account) => account !== call.account.id)
  return [
    own,
    ...others.map((account) =>
      makeEvent({ ...facts, id: uuid(call.house.random), account, identity: foreignIdentity(caller) }),
    ),
  ]
}

/** Access denials are `AccessDenied` in the trail of every service but EC2 (behaviour TRL-9). */
function eventError(call: Call, error: Fault): { code: string; message: string } {
  const { service } = call
  if (service.protocol === 'ec2Query') return { code: `Client.${error.code}`, message: error.message }
  const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : errorShapeName(service, error.code)
  return { code, message: error.message }
}

function requestParameters({ service, operation }: Call, { input, notes, fault }: Outcome): unknown {
  if (notes.requestParameters !== undefined) return notes.requestParameters
  // a denied call's parameters are not written (behaviour TRL-8)
  if (input === undefined || operation.input === undefined || isDenial(fault)) return null
  return shapeForEvent(service, operation.input, input)
}

function responseElements(
  { service, operation }: Call,
  { output, notes, fault, readOnly }: Outcome,
): unknown {
  if (fault !== undefined) return null
  if (notes.responseElements !== undefined) return notes.responseElements
  if (readOnly || operation.output === undefined) return null
  return shapeForEvent(service, operation.output, output)
}

function additional(call: Call, { notes, wouldDeny }: Outcome) {
  const audit = wouldDeny === undefined ? {} : { wouldDeny: refusalSentence(wouldDeny, call) }
  const data = { ...notes.additionalEventData, ...audit }
  return Object.keys(data).length === 0 ? {} : { additionalEventData: data }
}

function isDenial(error: Fault | undefined): boolean {
  return (
    error !== undefined &&
    (error.code === 'AccessDenied' ||
      error.code === 'AccessDeniedException' ||
      error.code === 'UnauthorizedOperation')
  )
}
