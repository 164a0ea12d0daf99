import { isoSeconds } from '../base/index.ts'

/** Temporary credentials in the event of the call that issued them. */
export interface HandedOut {
  /** Whom they make of their bearer. */
  readonly arn: string
  /** The requester. */
  readonly by: string
  readonly operation: string
  readonly accessKeyId: string
  readonly issuedAt: string
  readonly expiresAt: string
}

/** The members of CloudTrail's records that contain them. */
export interface SessionRecord {
  readonly eventTime: string
  readonly eventName: string
  readonly recipientAccountId: string
  readonly userIdentity: {
    readonly type: string
    readonly arn?: string
    readonly invokedBy?: string
    readonly principalId?: string
    readonly userName?: string
  }
  readonly resources?: readonly { readonly ARN?: string }[]
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements?: Readonly<Record<string, unknown>> | null
}

/** The credentials that a record's call issued; undefined if there are none. */
export function handedOut(record: SessionRecord): HandedOut | undefined {
  const { userIdentity: identity, responseElements: response } = record
  const credentials = memberOf(response, 'credentials')
  const accessKeyId = textOf(credentials, 'accessKeyId')
  const expiration = textOf(credentials, 'expiration') ?? ''
  // events before version 1.11 have `Dec 1, 2026, 4:43:04 PM`, which is in UTC
  const expires = Date.parse(expiration.endsWith('Z') ? expiration : `${expiration} UTC`)
  if (accessKeyId === undefined || Number.isNaN(expires)) return undefined
  // the principal of SAML is a digest, and the name behind it
  const named = identity.type === 'SAMLUser' ? identity.userName : undefined
  const by = identity.arn ?? identity.invokedBy ?? named ?? identity.principalId ?? identity.type
  const given =
    textOf(memberOf(response, 'assumedRoleUser'), 'arn') ??
    textOf(memberOf(response, 'federatedUser'), 'arn') ??
    textOf(memberOf(response, 'sessionInfo'), 'arn')
  return {
    arn: given ?? sessionOf(record) ?? by,
    by,
    operation: record.eventName,
    accessKeyId,
    issuedAt: record.eventTime,
    expiresAt: isoSeconds(expires), // as issuedAt, which is an event's
  }
}

/** The session of a service that put a role on, whose event names role and session apart. */
function sessionOf({ resources, requestParameters, recipientAccountId }: SessionRecord): string | undefined {
  const role = resources?.[0]?.ARN
  const session = textOf(requestParameters, 'roleSessionName')
  if (role === undefined || session === undefined) return undefined
  return `${role.split(':', 2).join(':')}:sts::${recipientAccountId}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${session}`
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : undefined
}
