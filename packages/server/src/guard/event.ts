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
import { eventUsername, isSigned, userIdentity } from '../session/index.ts'
import { eventError, makeEvent, tlsDetailsOf } from '../trail/index.ts'
import { isData, onlyReads, trailName, trailSource } from './call-data.ts'
import { resourcesOf } from './event-resources.ts'
import type { Outcome } from './outcome.ts'

/** The event's view of a call that the guard took. */
export interface TakenCall {
  readonly call: Call
  /** The service's host: `s3.amazonaws.com`. */
  readonly source: string
  readonly asked: readonly AccessRequest[]
  /** Names and ids among the parameters. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** What audit mode allowed: a denial, or the reason why nothing could be decided. */
  readonly wouldDeny?: Judged | string
  /** The guard's own refusal. */
  readonly refused?: Fault
  /** The outcome, if it was forwarded. */
  readonly outcome?: Outcome
  /** The event's id, if one was begun. */
  readonly begun?: string | undefined
}

export type GuardEvent = ReturnType<typeof makeEvent>

/** The call's event in CloudTrail's form (behaviours GRD-90 to GRD-96). */
export function eventOf(taken: TakenCall): GuardEvent {
  const { call, asked } = taken
  const { service, operation, caller, origin, account } = call
  const error = errorOf(taken)
  const additional = additionalOf(taken)
  const denied = call.house.decisions.denialOf(call)
  const data = isData(service.id, operation.name)
  // selectors choose data events by their resources, whatever became of the call
  const resources = error === undefined || data ? resourcesOf(asked, call, data) : []
  return makeEvent({
    id: taken.begun ?? uuid(call.house.random),
    account: account.id,
    time: call.now,
    identity: userIdentity(caller),
    username: eventUsername(caller),
    source: trailSource(taken.source, service.signingName),
    name: trailName(service.id, operation.name),
    region: regionOf(call),
    sourceIp: origin.sourceIp,
    userAgent: origin.userAgent,
    error,
    // a denied call's parameters are not written (behaviour TRL-8)
    requestParameters: taken.refused === undefined ? taken.parameters : null,
    responseElements: null,
    additionalEventData: additional,
    requestId: call.id,
    readOnly: onlyReads(service.id, operation.name),
    resources: resources.length === 0 ? undefined : resources,
    type: 'AwsApiCall',
    tlsDetails: tlsDetailsOf(origin),
    fromConsole: isSigned(caller) && caller.session?.signIn !== undefined,
    data,
    ...askedOf(asked, call),
    decision: denied?.id,
    denial: denied && keepDenial(denied),
  })
}

function errorOf({
  call,
  refused,
  outcome,
}: TakenCall): { code: string; message: string | undefined } | undefined {
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
      return outcome.errorCode === undefined ? undefined : { code: outcome.errorCode, message: undefined }
    default:
      return undefined
  }
}

function additionalOf({ wouldDeny, outcome }: TakenCall): Readonly<Record<string, unknown>> | undefined {
  const upstreamStatus = outcome !== undefined && 'status' in outcome ? outcome.status : undefined
  if (wouldDeny === undefined) return upstreamStatus === undefined ? undefined : { upstreamStatus }
  const denial = typeof wouldDeny === 'string' ? wouldDeny : refusalSentence(wouldDeny)
  return upstreamStatus === undefined ? { wouldDeny: denial } : { wouldDeny: denial, upstreamStatus }
}
