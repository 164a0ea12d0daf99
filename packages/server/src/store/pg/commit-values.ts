import { type AccountId, parseKeptId } from '../../base/index.ts'
import type { Change } from '../account-types.ts'
import { valueBytes } from '../sqlite/connection.ts'
import type { DenialPack } from '../sqlite/denial-pack.ts'
import { type Commit, type LeaseToken, lengthOfEvent, StoreUnavailable } from '../types.ts'
import { byteaArray, float8Array, int4Array, int8Array, textArray } from './arrays.ts'
import type { CommitBatch } from './commit-batch.ts'
import { commitStatement } from './commit-statement.ts'
import type { Statement } from './link.ts'
import type { EventRow } from './stream.ts'

/** The rows that one statement stores. */
export interface Written {
  readonly batch: CommitBatch
  readonly rows: readonly EventRow[]
  readonly denials: readonly DenialPack[]
  readonly fence: LeaseToken | undefined
  /** The calls whose rows in `begun` end with it. It is refused if one of them has no row: another node recorded its end. */
  readonly ended: readonly string[]
  readonly stream: number
  /** The accounts whose turn this node has. */
  readonly turns: readonly AccountId[]
  readonly soon: boolean
}

/** A row of the answer: what was stale. See `commitStatement`. */
export interface StaleRow {
  readonly [column: string]: unknown
  readonly account: string
}

/** Returns the statement that stores a batch, and its parameters. */
export function statementOf({
  batch,
  rows,
  denials,
  fence,
  ended,
  stream,
  turns,
  soon,
}: Written): [Statement, unknown[]] {
  const parts = {
    events: rows.length > 0,
    denials: denials.length > 0,
    fence: fence !== undefined,
    ended: ended.length > 0,
    mixed: batch.isMixed,
    soon,
  }
  const values = [...batch.parameters(), stream, int8Array(turns)]
  if (ended.length > 0) values.push(textArray(ended))
  if (fence) values.push(fence.job, fence.token)
  values.push(...eventParameters(rows), ...denialParameters(denials))
  return [commitStatement(parts), values]
}

/** Returns the account of a column: numbers have no leading zeros. */
export function accountOf(number: string): AccountId | undefined {
  return parseKeptId(number.padStart(12, '0'))
}

/** Whether a row says that the stream of the connection is closed, or was removed. */
export function isClosedStream({ account }: StaleRow): boolean {
  return account === '-1'
}

/** Whether a row says that a call has ended before. */
export function isEndedCall({ account }: StaleRow): boolean {
  return account === '-2'
}

/** Returns the accounts whose states a commit expects. */
export function expectedOf({ accounts, reads = [] }: Commit): readonly AccountId[] {
  return [...new Set([...accounts, ...reads].map(({ account }) => account))]
}

/** Returns bytes as an element of an array of `bytea`. */
export function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return `\\x${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`
}

function eventParameters(rows: readonly EventRow[]): readonly unknown[] {
  if (rows.length === 0) return []
  return [
    int4Array(rows.map(({ stream }) => stream)),
    int8Array(rows.map(({ last }) => last)),
    int8Array(rows.map(({ first }) => first)),
    float8Array(rows.map(({ from }) => from)),
    float8Array(rows.map(({ to }) => to)),
    byteaArray(rows.map(({ body }) => body)),
    textArray(rows.map(({ terms }) => terms)),
  ]
}

function denialParameters(denials: readonly DenialPack[]): readonly unknown[] {
  if (denials.length === 0) return []
  const documents = new Map(
    denials.flatMap(({ time, documents }) =>
      documents.map(([hash, text]) => [hash, { time, text }] as const),
    ),
  )
  return [
    textArray(denials.map(({ id }) => id)),
    textArray(denials.map(({ requestId }) => requestId)),
    int4Array(denials.map((_, index) => index)),
    float8Array(denials.map(({ time }) => time)),
    int4Array(denials.map(sizeOf)),
    int8Array(denials.map(({ account }) => account)),
    textArray(denials.map(({ action }) => action)),
    textArray(denials.map(({ resource }) => resource)),
    textArray(denials.map(({ names }) => names)),
    textArray(denials.map(({ json }) => json)),
    textArray([...documents.keys()]),
    float8Array([...documents.values()].map(({ time }) => time)),
    textArray([...documents.values()].map(({ text }) => text)),
  ]
}

/** Returns the characters of a denial, with the documents that it brought. */
export function sizeOf({ json, documents }: DenialPack): number {
  return documents.reduce((sum, [, text]) => sum + text.length, json.length)
}

/** Refuses changes that no store accepts. @throws StoreUnavailable */
export function checkChanges(changes: readonly Change[]): void {
  for (const { kind, id, value } of changes) {
    if (value !== null && value.length * 3 > valueBytes && Buffer.byteLength(value) > valueBytes)
      throw new StoreUnavailable(`a value is larger than ${valueBytes} bytes`)
    if (kind.includes('\0') || id.includes('\0') || value?.includes('\0'))
      throw new StoreUnavailable('a value has a NUL')
  }
}

/** Refuses values that no store accepts, before they make others wait. Packed changes are checked when they are unpacked. */
export function checkValues({ accounts, events }: Commit): void {
  for (const { changes } of accounts) checkChanges(changes)
  for (const { json } of events)
    if (json.length > valueBytes) throw new StoreUnavailable(`an event is larger than ${valueBytes} bytes`)
}

/** Returns the characters of a commit, and the bytes of its blobs. */
export function lengthOf({ accounts, events }: Commit): number {
  let length = 0
  for (const event of events) length += lengthOfEvent(event)
  for (const { changes, blobs = [], packed = [] } of accounts) {
    for (const { value } of changes) length += value?.length ?? 0
    for (const pack of packed) length += pack.length
    for (const { bytes } of blobs) length += bytes.length
  }
  return length
}
