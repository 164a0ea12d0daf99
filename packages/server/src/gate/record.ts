import {
  askedOf,
  type Call,
  callsGlobalSts,
  type EventNotes,
  type Judged,
  keepDenial,
  refusalSentence,
  regionOf,
  type ServiceEvent,
} from '../authorization/index.ts'
import { type Fault, uuid } from '../base/index.ts'
import { eventUsername, foreignIdentity, isFromConsole, isSigned, userIdentity } from '../session/index.ts'
import type { StoredEvent } from '../store/index.ts'
import {
  type EventFacts,
  eventError,
  eventNameOf,
  hiddenOwners,
  isDataEvent,
  lookUpResources,
  makeEvent,
  makesSession,
  shapeForEvent,
  tlsDetailsOf,
} from '../trail/index.ts'

/** The outcome of a call, as far as its event records it. */
export interface Outcome {
  readonly input: Readonly<Record<string, unknown>> | undefined
  readonly output: unknown
  readonly fault: Fault | undefined
  /** The denial that audit mode allowed. */
  readonly wouldDeny: Judged | undefined
  readonly notes: EventNotes
  readonly readOnly: boolean
}

/** The events of one call: one in the caller's account, and one in each other account that it concerns. */
export function eventsOf(call: Call, outcome: Outcome): readonly StoredEvent[] {
  const { service, operation, caller, origin, account } = call
  const { notes, readOnly } = outcome
  const failed = outcome.fault !== undefined
  const others = (notes.alsoIn ?? []).filter(
    (other) => other !== account.id && (!failed || call.deps.directory.loaded(other) !== undefined),
  )
  const shared = others.length > 0 || (caller.kind === 'service' && !failed)
  const data = isDataEvent(service.id, operation.name)
  const parameters = requestParameters(call, outcome)
  const elements = responseElements(call, outcome)
  const denied = call.deps.decisions.denialOf(call)
  const actor = caller.kind === 'service' ? caller.name : origin.invokedBy
  const facts = {
    id: uuid(call.deps.random),
    time: call.now,
    identity: userIdentity(caller, origin.invokedBy),
    username: eventUsername(caller),
    source: sourceOf(service.id),
    name: eventNameOf(service.id, operation.name),
    region: regionOf(call),
    sourceIp: actor ?? origin.sourceIp,
    userAgent: actor ?? origin.userAgent,
    error: outcome.fault && eventError(service, outcome.fault),
    requestParameters: parameters,
    responseElements: elements,
    additionalEventData: additional(call, outcome),
    requestId: call.id,
    readOnly,
    // selectors choose data events by their resources, whatever became of the call
    resources: failed && !data && others.length === 0 ? undefined : notes.resources,
    named:
      readOnly && (failed || !makesSession(service.id, operation.name))
        ? undefined
        : lookUpResources(service.id, elements, parameters),
    type: 'AwsApiCall' as const,
    data,
    // even within one account if a service assumes a role (behaviour TRL-42)
    sharedEventId: shared ? uuid(call.deps.random) : undefined,
    // a service that calls for a principal has no connection of its own (behaviour TRL-17)
    tlsDetails: actor === undefined ? tlsDetailsOf(origin) : undefined,
    fromConsole: isSigned(caller) && isFromConsole(caller.session),
    ...(call.marks?.asked && askedOf(call.marks.asked, call)),
  }
  const further = notes.further ?? []
  if (notes.unrecorded === true) return further
  return [
    ...further,
    makeEvent({
      ...facts,
      account: account.id,
      resources: isDenial(outcome.fault) ? hiddenOwners(facts.resources, account.id) : facts.resources,
      decision: denied?.id,
      denial: denied && keepDenial(denied),
    }),
    ...others.map((other) =>
      makeEvent({
        ...facts,
        id: uuid(call.deps.random),
        account: other,
        identity: foreignIdentity(caller),
        username: undefined,
        fromConsole: false,
        asked: undefined,
        askedCut: undefined,
        callerKeys: undefined,
      }),
    ),
    ...(failed ? [] : (notes.serviceEvents ?? []).map((event) => serviceEvent(event, facts, call))),
  ]
}

/** The event source of an API: of Omen's own its name, for it is no service of AWS. */
function sourceOf(service: string): string {
  return service === 'omen' ? service : `${service}.amazonaws.com`
}

/**
 * An event that a service records on its own about the outcome of a call: without a request and a source (behaviour
 * TRL-45).
 */
function serviceEvent(
  { account, name, by, readOnly = false, details }: ServiceEvent,
  { time, source, region }: Pick<EventFacts, 'time' | 'source' | 'region'>,
  { deps, service }: Call,
): StoredEvent {
  const recorder = by ?? source
  return makeEvent({
    account,
    id: uuid(deps.random),
    time,
    identity: { accountId: account, invokedBy: recorder },
    username: undefined,
    source,
    name,
    region,
    sourceIp: recorder,
    userAgent: recorder,
    requestParameters: null,
    responseElements: null,
    requestId: undefined,
    readOnly,
    named: lookUpResources(service.id, details),
    type: 'AwsServiceEvent',
    serviceEventDetails: details,
  })
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
  if (operation.output === undefined || (readOnly && !makesSession(service.id, operation.name))) return null
  return shapeForEvent(service, operation.output, output)
}

function additional(call: Call, { notes, wouldDeny, fault }: Outcome) {
  const data = {
    ...requestDetails(call, fault),
    ...notes.additionalEventData,
    ...(wouldDeny !== undefined && { wouldDeny: refusalSentence(wouldDeny) }),
  }
  return Object.keys(data).length > 0 ? data : undefined
}

/** The STS endpoint that was called, and the region that answered, if the call succeeded (behaviour TRL-47). */
function requestDetails({ service, caller, origin, region }: Call, fault: Fault | undefined) {
  if (
    fault !== undefined ||
    service.id !== 'sts' ||
    caller.kind === 'service' ||
    origin.invokedBy !== undefined
  )
    return undefined
  const endpointType = callsGlobalSts(origin) ? 'global' : 'regional'
  return { RequestDetails: { endpointType, awsServingRegion: region } }
}

function isDenial(error: Fault | undefined): boolean {
  return (
    error !== undefined &&
    (error.code === 'AccessDenied' ||
      error.code === 'AccessDeniedException' ||
      error.code === 'UnauthorizedOperation')
  )
}
