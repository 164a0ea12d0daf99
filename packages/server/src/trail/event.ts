import { type AccountId, isoSeconds, oneLine } from '../base/index.ts'
import type { Asked, KeptKeys, StoredDenial, StoredEvent } from '../store/index.ts'
import type { LookUpResource } from './look-up-resources.ts'

/** The current version of CloudTrail's record (behaviour TRL-1). */
export const eventVersion = '1.11'

/** The subject of an event: a resource by its ARN, or resources by the beginning of their ARNs. */
export type EventResource =
  | { readonly accountId?: string; readonly type: string; readonly ARN: string }
  | { readonly type: string; readonly ARNPrefix: string }

/** The resources of a denied call in its caller's account: who else owns one is not said (behaviour TRL-8). */
export function hiddenOwners(
  resources: readonly EventResource[] | undefined,
  account: string,
): readonly EventResource[] | undefined {
  return resources?.map((each) =>
    'ARN' in each && each.accountId !== undefined && each.accountId !== account
      ? { ...each, accountId: 'HIDDEN_DUE_TO_SECURITY_REASONS' }
      : each,
  )
}

/** The content of an event. Undefined members are left out, null ones are written. */
export interface EventFacts {
  /** The account whose trail records it. */
  readonly account: AccountId
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly identity: Readonly<Record<string, unknown>>
  readonly username: string | undefined
  /** `iam.amazonaws.com`. */
  readonly source: string
  readonly name: string
  readonly region: string
  readonly sourceIp: string
  readonly userAgent: string
  /** A failed sign-in has a message and no code. */
  readonly error?: { readonly code: string | undefined; readonly message: string | undefined } | undefined
  readonly requestParameters: unknown
  readonly responseElements: unknown
  readonly additionalEventData?: Readonly<Record<string, unknown>> | undefined
  readonly requestId: string | undefined
  readonly readOnly: boolean
  readonly resources?: readonly EventResource[] | undefined
  /** Resources that look-ups find the event by, beside `resources`. */
  readonly named?: readonly LookUpResource[] | undefined
  readonly type: 'AwsApiCall' | 'AwsConsoleSignIn' | 'AwsServiceEvent' | 'AwsConsoleAction'
  /** Details that are specific to the service. */
  readonly serviceEventDetails?: Readonly<Record<string, unknown>> | undefined
  readonly sharedEventId?: string | undefined
  /** Of services whose events have it. */
  readonly apiVersion?: string | undefined
  readonly tlsDetails?: Readonly<Record<string, unknown>> | undefined
  /** Whether the session comes from a console sign-in. */
  readonly fromConsole?: boolean
  /** The permissions that the call asked for, stored beside the record. */
  readonly asked?: readonly Asked[] | undefined
  /** Whether `asked` holds only some of the questions. */
  readonly askedCut?: true | undefined
  /** The condition keys of the call that the record does not have. */
  readonly callerKeys?: KeptKeys | undefined
  /** The id of the decision behind a denial, and its record, which the store keeps with the event. */
  readonly decision?: string | undefined
  readonly denial?: StoredDenial | undefined
  /** Whether the event is about the content of a resource (an object, an item), not about the resource itself. */
  readonly data?: boolean
}

/** The most that CloudTrail keeps of each field, in characters (behaviours TRL-5 and TRL-6). */
const fieldLimits = { text: 1_024, elements: 102_400, additional: 28_672 } as const

/** The most resources that one event names. */
const resourcesMost = 1_000

/** Returns the record as stored and searched. Members have the order of AWS's delivered files (behaviour TRL-2). */
export function makeEvent(facts: EventFacts): StoredEvent {
  const accessKeyId = facts.identity.accessKeyId
  const requestParameters = nullWhereEmpty(facts.requestParameters)
  const responseElements = nullWhereEmpty(facts.responseElements)
  const record = {
    eventVersion,
    userIdentity: facts.identity,
    eventTime: isoSeconds(facts.time),
    eventSource: facts.source,
    eventName: facts.name,
    awsRegion: facts.region,
    sourceIPAddress: cut(facts.sourceIp),
    userAgent: cut(facts.userAgent),
    errorCode: cut(facts.error?.code),
    errorMessage: cut(facts.error?.message || undefined),
    requestParameters,
    responseElements,
    additionalEventData: facts.additionalEventData,
    requestID: facts.requestId,
    eventID: facts.id,
    readOnly: facts.readOnly,
    resources: facts.resources,
    eventType: facts.type,
    apiVersion: facts.apiVersion,
    managementEvent: facts.data !== true,
    recipientAccountId: facts.account,
    serviceEventDetails: facts.serviceEventDetails,
    sharedEventID: facts.sharedEventId,
    eventCategory: facts.data === true ? 'Data' : 'Management',
    tlsDetails: facts.tlsDetails,
    sessionCredentialFromConsole: facts.fromConsole === true ? 'true' : undefined,
  }
  let json = oneLine(record)
  if (json.length > fieldLimits.additional) {
    const { elements, additional } = fieldLimits
    json = oneLine({
      ...record,
      requestParameters: bounded('requestParameters', requestParameters, elements),
      responseElements: bounded('responseElements', responseElements, elements),
      additionalEventData: bounded('additionalEventData', facts.additionalEventData, additional),
      resources: facts.resources?.slice(0, resourcesMost),
      serviceEventDetails: bounded('serviceEventDetails', facts.serviceEventDetails, elements),
    })
  }
  return {
    account: facts.account,
    region: facts.region,
    id: facts.id,
    time: facts.time,
    name: facts.name,
    source: facts.source,
    username: facts.username,
    accessKeyId: typeof accessKeyId === 'string' ? accessKeyId : undefined,
    readOnly: facts.readOnly,
    errorCode: facts.error?.code,
    resources: foundBy(facts),
    ...(facts.asked === undefined || facts.asked.length === 0 ? {} : { asked: facts.asked }),
    ...(facts.askedCut === true ? { askedCut: true } : {}),
    ...(facts.callerKeys === undefined ? {} : { callerKeys: facts.callerKeys }),
    ...(facts.decision === undefined ? {} : { decision: facts.decision }),
    ...(facts.denial === undefined ? {} : { denial: facts.denial }),
    ...(facts.data === true ? { data: true } : {}),
    json,
  }
}

/** Returns the values that look-ups find the event by. */
function foundBy({ resources, named, readOnly, data, source }: EventFacts): readonly LookUpResource[] {
  // a read that makes no session is found by what it names, and not by its resources (behaviour TRL-96)
  if (readOnly && source !== 'sts.amazonaws.com' && data !== true) return named?.slice(0, resourcesMost) ?? []
  if (resources === undefined) return named?.slice(0, resourcesMost) ?? []
  // the record's own resources are last (behaviour TRL-57)
  return [...(named ?? []), ...resources.map(foundByResource)].slice(0, resourcesMost)
}

function foundByResource(resource: EventResource): LookUpResource {
  return { type: resource.type, name: 'ARN' in resource ? resource.ARN : resource.ARNPrefix }
}

/**
 * Shortens a text that is longer than CloudTrail keeps: it ends in three dots and never inside a character (behaviour
 * TRL-5).
 */
function cut(text: string): string
function cut(text: string | undefined): string | undefined
function cut(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= fieldLimits.text) return text
  const end = fieldLimits.text - 3
  const last = text.charCodeAt(end - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}...`
}

/** Without parameters or elements, the record has null (behaviour TRL-3). */
function nullWhereEmpty(elements: unknown): unknown {
  if (elements === undefined || elements === null) return null
  return typeof elements === 'object' && Object.keys(elements).length === 0 ? null : elements
}

/** Replaces a value that is larger than CloudTrail keeps by a note (behaviour TRL-6). */
function bounded(name: string, elements: unknown, limit: number): unknown {
  const size = elements === undefined || elements === null ? 0 : oneLine(elements).length
  return size > limit ? { reason: `${name} too large`, omitted: true, originalSize: size } : elements
}
