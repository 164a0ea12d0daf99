import { type AccountId, isoSeconds } from '../base/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** CloudTrail's current version of the record (behaviour TRL-1). */
export const eventVersion = '1.11'

/** Everything that an event says; undefined members are left out, null ones written. */
export interface EventFacts {
  /** In whose trail it stands. */
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
  readonly error?: { readonly code: string; readonly message: string | undefined }
  readonly requestParameters: unknown
  readonly responseElements: unknown
  readonly additionalEventData?: Readonly<Record<string, unknown>>
  readonly requestId: string | undefined
  readonly readOnly: boolean
  readonly resources?: readonly { readonly accountId?: string; readonly type: string; readonly ARN: string }[]
  readonly type: 'AwsApiCall' | 'AwsConsoleSignIn' | 'AwsServiceEvent' | 'AwsConsoleAction'
  readonly sharedEventId?: string
  readonly tlsDetails?: Readonly<Record<string, unknown>>
}

const textLimit = 1_024
const elementsLimit = 100_000

/** The record as it is kept and searched; members stand in the order of AWS's delivered files (behaviour TRL-2). */
export function makeEvent(facts: EventFacts): StoredEvent {
  const accessKeyId = facts.identity.accessKeyId
  const record = {
    eventVersion,
    userIdentity: facts.identity,
    eventTime: isoSeconds(facts.time),
    eventSource: facts.source,
    eventName: facts.name,
    awsRegion: facts.region,
    sourceIPAddress: facts.sourceIp,
    userAgent: cut(facts.userAgent),
    errorCode: facts.error?.code,
    errorMessage: cut(facts.error?.message),
    requestParameters: nullWhereEmpty(facts.requestParameters),
    responseElements: nullWhereEmpty(facts.responseElements),
    additionalEventData: facts.additionalEventData,
    requestID: facts.requestId,
    eventID: facts.id,
    readOnly: facts.readOnly,
    resources: facts.resources,
    eventType: facts.type,
    managementEvent: true,
    recipientAccountId: facts.account,
    sharedEventID: facts.sharedEventId,
    eventCategory: 'Management',
    tlsDetails: facts.tlsDetails,
  }
  let json = JSON.stringify(record)
  if (json.length > elementsLimit) {
    record.requestParameters = bounded(record.requestParameters)
    record.responseElements = bounded(record.responseElements)
    json = JSON.stringify(record)
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
    resources: (facts.resources ?? []).map(({ type, ARN }) => ({ type, name: ARN })),
    json,
  }
}

/** Texts longer than CloudTrail keeps end in three dots (behaviour TRL-5). */
function cut(text: string): string
function cut(text: string | undefined): string | undefined
function cut(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= textLimit) return text
  return `${text.slice(0, textLimit - 3)}...`
}

/** Where there are no parameters or elements, the record says null (behaviour TRL-3). */
function nullWhereEmpty(elements: unknown): unknown {
  if (elements === undefined || elements === null) return null
  return typeof elements === 'object' && Object.keys(elements).length === 0 ? null : elements
}

/** Parameters and responses over 100 KB are left out (behaviour TRL-6). */
function bounded(elements: unknown): unknown {
  return JSON.stringify(elements).length > elementsLimit ? null : elements
}
