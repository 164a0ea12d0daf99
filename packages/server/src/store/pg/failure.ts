import type { AccountId } from '../../base/index.ts'
import type { Lineage } from '../account-types.ts'
import { Damage } from '../failure.ts'
import { StoreDamaged, StoreUnavailable } from '../types.ts'
import type { PgAddress } from './address.ts'

/** The connection ended before the answer came. Whether the statement was executed is unknown. */
export class ConnectionLost extends StoreUnavailable {}

/** Of the events of a commit, one ends a call of which another node recorded the end, or no beginning is stored. */
export class CallsEnded extends StoreUnavailable {
  constructor() {
    super('the end of a call was recorded by another node')
  }
}

/** Where a batch of commits left its traces, if it was stored. */
export interface Trace {
  readonly account?: { readonly account: AccountId; readonly next: Lineage } | undefined
  readonly events?: { readonly stream: number; readonly node: string; readonly last: number } | undefined
}

/** The connection ended before the answer came, and whether the batch was stored could not be found out in time. */
export class DoubtfulCommit extends ConnectionLost {
  readonly trace: Trace

  constructor(message: string, trace: Trace) {
    super(message)
    this.trace = trace
  }
}

/** Returns the SQLSTATE of an error of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
export function stateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' &&
    /^[0-9A-Z]{5}$/.test(code) &&
    error instanceof Error &&
    'severity' in error
    ? code
    : undefined
}

/** Returns whether the same statement may succeed if it is sent again: a deadlock, or a serialization failure. */
export function mayTryAgain(error: unknown): boolean {
  return ['40001', '40P01'].includes(stateOf(error) ?? '')
}

/** Returns whether a statement waited in vain for a lock that another client holds. */
export function isLocked(error: unknown): boolean {
  return stateOf(error) === '55P03'
}

/** Returns whether two statements tried to create the same row. */
export function isDuplicate(error: unknown): boolean {
  return stateOf(error) === '23505'
}

/** Returns whether the connection can no longer be used: the server ends, or accepts no writes. */
export function endsConnection(error: unknown): boolean {
  const state = stateOf(error)
  return state === undefined || /^(?:08|57P0[1-5]|25006)/.test(state)
}

/**
 * Returns an error as callers of the store know it: errors of PostgreSQL in one line without parameters, damage as
 * such, and errors of this program as they are.
 */
export function told(error: unknown): unknown {
  if (error instanceof Damage) return new StoreDamaged(error.message)
  return stateOf(error) === undefined ? error : unavailable(error)
}

/** Returns the error of a statement or a connection. */
export function unavailable(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  const state = stateOf(error)
  const message = oneLine(error)
  if (state === undefined) return new ConnectionLost(`the connection to PostgreSQL was lost: ${message}`)
  if (state === '53100') return new StoreUnavailable(`PostgreSQL has no space left on its disk: ${message}`)
  return new StoreUnavailable(`PostgreSQL: ${message} (${state})`)
}

/** Whether a host did not accept a connection in time. The text is the driver's. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout expired'
}

/** Returns the one line that says why a store cannot be opened. */
export function openingFailure(failure: unknown, { description, user }: PgAddress): StoreDamaged {
  if (failure instanceof StoreDamaged) return failure
  // what was said on a connection that can no longer be used
  const error = failure instanceof ConnectionLost ? (failure.cause ?? failure) : failure
  const start = `cannot open ${description}`
  const message = oneLine(error)
  switch (stateOf(error)) {
    case '28P01':
    case '28000':
      return new StoreDamaged(
        `${start}: PostgreSQL refuses user ${user ?? '(none)'} or the password: ${message}`,
      )
    case '3D000':
      return new StoreDamaged(`${start}: there is no such database; create it with createdb: ${message}`)
    case '42501':
      return new StoreDamaged(`${start}: the user may not create or use Omen's schema: ${message}`)
    case '53300':
      return new StoreDamaged(
        `${start}: PostgreSQL has no connection to spare, and a node needs six (max_connections, or the limit of the user): ${message}`,
      )
    case '25006':
      return new StoreDamaged(`${start}: it accepts no changes (default_transaction_read_only): ${message}`)
    case '57014':
      return new StoreDamaged(`${start}: statement_timeout of the user is too short: ${message}`)
    case '53100':
      return new StoreDamaged(`${start}: PostgreSQL has no space left on its disk: ${message}`)
  }
  if (isTimeout(error)) return new StoreDamaged(`${start}: there was no answer in time`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (tlsCodes.test(code) || /certificate|SSL|TLS/.test(message))
    return new StoreDamaged(
      `${start}: TLS cannot be verified: ${message} (see sslmode and sslrootcert of the address)`,
    )
  return new StoreDamaged(`${start}: ${message}`)
}

const tlsCodes = /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/

function oneLine(error: unknown): string {
  const message =
    error instanceof AggregateError
      ? error.errors.map(oneLine).join(', ')
      : error instanceof Error
        ? error.message
        : String(error)
  return message.replaceAll(/\s+/g, ' ').trim()
}
