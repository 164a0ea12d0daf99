import { type AccountId, assert, globalRegionOf } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import { type CredentialProblem, callerNow, isSigned } from '../session/index.ts'
import type { AccessRequest } from './access.ts'
import type { DecidedCall } from './decided-call.ts'
import type { Dependencies } from './dependencies.ts'

/** A parsed, admitted call: caller, operation, time and origin. */
export interface Call extends DecidedCall {
  /** The caller's account; for an unsigned call, the account concerned. */
  readonly account: Account
  readonly deps: Dependencies
  /** Where the call's processing leaves facts for the answer's headers and the event. */
  readonly marks?: CallMarks
}

/** Facts for an answer's headers and its event. */
export interface CallMarks {
  /** Everything that it asks permission for, including what follows a denial that audit mode lets through. */
  asked?: readonly AccessRequest[]
  /** The id of the decision, once it is made. */
  decision?: string | undefined
  /** The ARN of what the upstream made of a forwarded call, where only its answer has it. */
  made?: string
  /** The id of an upload in parts that a forwarded call began. */
  upload?: string
}

/**
 * Returns the call with the current account and caller after a wait, or why its key or token is no longer valid
 * (behaviour SES-8). @throws AccountNotLoaded if the account was removed meanwhile: the call's view of it may never
 * have been stored
 */
export function callNow(call: Call): Call | CredentialProblem {
  const account = call.deps.directory.known(call.account.id)
  if (account === undefined) return 'unknownKey'
  if (!isSigned(call.caller)) return account === call.account ? call : { ...call, account }
  const caller = callerNow(call.caller, account)
  return typeof caller === 'string' ? caller : { ...call, account, caller }
}

/** The part of a call that is needed to find accounts. */
export interface Knowing {
  readonly account: Account
  readonly deps: Pick<Dependencies, 'directory'>
}

/**
 * Returns another account, or undefined if there is none. @throws AccountNotLoaded if it is not in memory: the call
 * then runs again with the account loaded
 */
export function otherAccount(call: Knowing, id: AccountId): Account | undefined {
  return id === call.account.id ? call.account : call.deps.directory.known(id)
}

/**
 * Returns the region in which a call is recorded and which policies see; a service with one endpoint has one
 * (behaviour PAR-5).
 */
export function regionOf({ service, region, deps }: Pick<Call, 'service' | 'region' | 'deps'>): string {
  return service.global ? globalRegionOf(deps.partition, service.signingName) : region
}

/** Returns the caller's own ARN; services and anonymous callers have none. */
export function callerArn(call: Call): string | undefined {
  return 'arn' in call.caller ? call.caller.arn : undefined
}

/** Returns the caller if only a signed one can have come this far. */
export function signedCaller(call: Call) {
  const { caller } = call
  assert(isSigned(caller), 'a signed operation without a caller')
  return caller
}
