import {
  type AccessRequest,
  askedOf,
  type Call,
  type Judged,
  keepDenial,
  refusalSentence,
  regionOf,
} from '../authorization/index.ts'
import { type Fault, uuid } from '../base/index.ts'
import { eventUsername, foreignIdentity, isFromConsole, isSigned, userIdentity } from '../session/index.ts'
import { type EventFacts, eventError, hiddenOwners, makeEvent, tlsDetailsOf } from '../trail/index.ts'
import { isData, onlyReads, trailName, trailSource } from './call-data.ts'
import { otherOwners, resourcesOf } from './event-resources.ts'
import type { Outcome } from './outcome.ts'

/** The event's view of a call that the guard took. */
export interface TakenCall {
  readonly call: Call
  /** The service's host: `s3.amazonaws.com`. */
  readonly source: string
  readonly asked: readonly AccessRequest[]
  /** Names and ids among the parameters. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** The refusal that audit mode ignored: a denial, or the reason why nothing could be decided. */
  readonly wouldDeny?: Judged | string
  /** The guard's own refusal. */
  readonly refused?: Fault
  /** The outcome, if it was forwarded. */
  readonly outcome?: Outcome
  /** The event that was stored before it was forwarded. */
  readonly begun?: BegunEvent | undefined
  /** The id that the events of several accounts about the call share. */
  readonly sharedEventId?: string
}

/** The members of an event that do not depend on the outcome of its call. */
type Standing = Omit<
  EventFacts,
  'id' | 'error' | 'requestParameters' | 'additionalEventData' | 'resources' | 'named' | 'sharedEventId'
>

/** An event that was begun: its id, and what its end says too. */
export interface BegunEvent {
  readonly id: string
  readonly standing: Standing
}

export type GuardEvent = ReturnType<typeof makeEvent>

/** Begins the event of a call that is about to be forwarded. */
export function beginEvent(taken: TakenCall): { readonly begun: BegunEvent; readonly event: GuardEvent } {
  const begun = { id: uuid(taken.call.deps.random), standing: standingOf(taken) }
  return { begun, event: eventOf({ ...taken, begun, outcome: { kind: 'unknown' } }) }
}

/** The call's event in the caller's account, in CloudTrail's form (behaviours GRD-90 to GRD-96). */
function eventOf(taken: TakenCall): GuardEvent {
  const facts = factsOf(taken)
  const { call, refused } = taken
  const denied = call.deps.decisions.denialOf(call)
  const { resources } = facts
  return makeEvent({
    ...facts,
    id: taken.begun?.id ?? uuid(call.deps.random),
    // who else owns a resource is not said to those who were refused
    resources: refused === undefined ? resources : hiddenOwners(resources, call.account.id),
    decision: denied?.id,
    denial: denied && keepDenial(denied),
  })
}

/** The event of the caller's account, and one for each other account that owns what the call is about (behaviour TRL-8). */
export function eventsOf(taken: TakenCall): readonly [own: GuardEvent, ...others: readonly GuardEvent[]] {
  const { call, asked } = taken
  const owners = otherOwners(asked, call)
  if (owners.length === 0) return [eventOf(taken)]
  const shared = { ...taken, sharedEventId: uuid(call.deps.random) }
  const facts = factsOf(shared)
  return [
    eventOf(shared),
    ...owners.map((account) =>
      makeEvent({
        ...facts,
        id: uuid(call.deps.random),
        account,
        identity: foreignIdentity(call.caller),
        username: undefined,
        fromConsole: false,
        asked: undefined,
        askedCut: undefined,
        callerKeys: undefined,
      }),
    ),
  ]
}

function factsOf(taken: TakenCall): EventFacts {
  const { call, asked, sharedEventId } = taken
  const { service } = call
  const standing = taken.begun?.standing ?? standingOf(taken)
  const error = errorOf(taken)
  const data = standing.data === true
  const isMissing = error !== undefined && unnamed(service.id, error.code)
  // selectors choose data events by their resources, whatever became of the call
  const listed = error === undefined || data || sharedEventId !== undefined || isKeyFault(taken)
  const resources = listed ? resourcesOf(asked, call, data) : []
  const parameters = taken.refused === undefined && !isMissing ? taken.parameters : null
  return {
    ...standing,
    id: '',
    error,
    // a denied call's parameters are not written (behaviour TRL-8)
    requestParameters: parameters,
    additionalEventData: additionalOf(taken),
    resources: resources.length === 0 ? undefined : resources,
    named: error === undefined ? namedIn(service.id, parameters) : undefined,
    sharedEventId,
  }
}

function standingOf({ call, source, asked }: TakenCall): Standing {
  const { service, operation, caller, origin, account } = call
  return {
    account: account.id,
    time: call.now,
    identity: userIdentity(caller),
    username: eventUsername(caller),
    source: trailSource(source, service.signingName),
    name: trailName(service.id, operation.name),
    region: regionOf(call),
    sourceIp: origin.sourceIp,
    userAgent: origin.userAgent,
    responseElements: null,
    requestId: call.id,
    readOnly: onlyReads(service.id, operation.name),
    type: 'AwsApiCall',
    apiVersion: apiVersions[service.id],
    tlsDetails: tlsDetailsOf(origin),
    fromConsole: isSigned(caller) && isFromConsole(caller.session),
    data: isData(service.id, operation.name),
    ...askedOf(asked, call),
  }
}

/** The services whose events have the version of their API (behaviour TRL-4). */
const apiVersions: Readonly<Record<string, string>> = {
  dynamodb: '2012-08-10',
  dynamodbstreams: '2012-08-10',
  events: '2015-10-07',
  logs: '20140328',
}

/** Parameters by which look-ups find a call. */
const namings: Readonly<Record<string, readonly [parameter: string, type: string]>> = {
  kms: ['keyId', 'AWS::KMS::Key'],
  sqs: ['queueUrl', 'AWS::SQS::Queue'],
  lambda: ['functionName', 'AWS::Lambda::Function'],
}

function namedIn(service: string, parameters: Readonly<Record<string, unknown>> | null) {
  const [parameter = '', type = ''] = namings[service] ?? []
  const name = parameters?.[parameter]
  return typeof name === 'string' ? [{ type, name }] : undefined
}

/** Returns whether a failed call's event says nothing of its parameters (behaviour TRL-100). */
function unnamed(service: string, code: string | undefined): boolean {
  return service === 'ecs' || (service === 'kms' && code === 'NotFoundException')
}

/** Returns whether AWS KMS refused the use of a key that it found: its event names the key (behaviour TRL-100). */
function isKeyFault({ call, outcome }: TakenCall): boolean {
  const isAnswer = outcome?.kind === 'answered' && outcome.errorCode !== undefined
  return call.service.id === 'kms' && isAnswer && outcome.errorCode !== 'NotFoundException'
}

function errorOf(taken: TakenCall): { code: string; message: string | undefined } | undefined {
  const { call, refused, outcome } = taken
  if (refused !== undefined) return eventError(call.service, refused)
  switch (outcome?.kind) {
    case 'failed':
      return eventError(call.service, outcome.fault)
    case 'unknown':
      return {
        code: 'OutcomeUnknown',
        message: 'Omen ended before the call was answered; it may have been forwarded.',
      }
    case 'brokenOff':
      return { code: 'BrokenOff', message: `The ${outcome.by} broke off while the answer was on its way.` }
    case 'answered':
      return outcome.errorCode === undefined
        ? undefined
        : answeredError(call.service.id, outcome.errorCode, outcome.errorMessage)
    default:
      return undefined
  }
}

/** The fault of a service as its events have it (behaviour TRL-100). */
function answeredError(service: string, code: string, message: string | undefined) {
  if (service === 'events' && code === 'ResourceNotFoundException')
    return { code: 'UnknownError', message: 'An unknown error occurred' }
  const isBare = service === 'sns' && code !== 'AuthorizationError' && !code.endsWith('Exception')
  const named = isBare && !/^\d+$/.test(code) ? `${code}Exception` : code
  return { code: named === 'AuthorizationError' ? 'AccessDenied' : named, message }
}

function additionalOf({ wouldDeny, outcome }: TakenCall): Readonly<Record<string, unknown>> | undefined {
  const upstreamStatus = outcome !== undefined && 'status' in outcome ? outcome.status : undefined
  if (wouldDeny === undefined) return upstreamStatus === undefined ? undefined : { upstreamStatus }
  const denial = typeof wouldDeny === 'string' ? wouldDeny : refusalSentence(wouldDeny)
  return upstreamStatus === undefined ? { wouldDeny: denial } : { wouldDeny: denial, upstreamStatus }
}
