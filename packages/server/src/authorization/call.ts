import { type AccountId, assert, globalRegionOf, type Mode } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import type { OperationModel, ServiceModel } from '../model/index.ts'
import { type Caller, type CredentialProblem, callerNow, isSigned } from '../session/index.ts'
import type { AccessRequest } from './access.ts'
import type { House } from './house.ts'

/** Where a call came from, for condition keys and the trail. */
export interface Origin {
  readonly sourceIp: string
  readonly userAgent: string
  readonly host: string
  readonly secure: boolean
  /** What the connection was encrypted with. */
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
  /** The service that makes the call in somebody's name, such as `ec2.amazonaws.com`. */
  readonly invokedBy?: string
  /** The sign-in that makes the call in somebody's name: what it begins belongs to it. */
  readonly signIn?: string
}

/** A parsed, admitted call: who, what, when and from where. */
export interface Call {
  /** The request id that the answer carries. */
  readonly id: string
  /** When the gate read the clock for this call; milliseconds since the epoch. */
  readonly now: number
  readonly service: ServiceModel
  readonly operation: OperationModel
  readonly region: string
  readonly caller: Caller
  /** The caller's account; of an unsigned call, the account concerned. */
  readonly account: Account
  readonly origin: Origin
  readonly house: House
  /** How strictly it is decided on: as the server is, or strictly where a page of another site sent it. */
  readonly mode: Mode
  /** Where answering leaves what the answer's headers and the event tell. */
  readonly marks?: CallMarks
}

/** What answering a call leaves for its answer's headers and its event. */
export interface CallMarks {
  /** Everything that it asks permission for, also behind a denial that audit mode lets through. */
  asked?: readonly AccessRequest[]
  /** The id of the decision, once it is made. */
  decision?: string | undefined
}

/**
 * The call as account and caller are now, after it had to wait; or why its key or token counts no more (behaviour SES-8).
 * @throws AccountNotLoaded where the account was dropped meanwhile: what the call holds of it may never have been kept
 */
export function callNow(call: Call): Call | CredentialProblem {
  const account = call.house.directory.known(call.account.id)
  if (account === undefined) return 'unknownKey'
  if (!isSigned(call.caller)) return account === call.account ? call : { ...call, account }
  const caller = callerNow(call.caller, account)
  return typeof caller === 'string' ? caller : { ...call, account, caller }
}

/**
 * Another account; undefined where there is none of that number.
 * @throws AccountNotLoaded where it is not in memory: the call then runs again, with the account loaded
 */
export function otherAccount(call: Call, id: AccountId): Account | undefined {
  return id === call.account.id ? call.account : call.house.directory.known(id)
}

/** The region that a call is recorded in and that policies see: a service of one endpoint has one (behaviour PAR-5). */
export function regionOf({ service, region, house }: Pick<Call, 'service' | 'region' | 'house'>): string {
  return service.global ? globalRegionOf(house.partition, service.signingName) : region
}

/** The caller's own ARN; services and nobody have none. */
export function callerArn(call: Call): string | undefined {
  return 'arn' in call.caller ? call.caller.arn : undefined
}

/** The caller, where only a signed one can have come this far. */
export function signedCaller(call: Call) {
  const { caller } = call
  assert(isSigned(caller), 'a signed operation without a caller')
  return caller
}
