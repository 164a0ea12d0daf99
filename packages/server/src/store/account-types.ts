import type { AccountId } from '../base/index.ts'

/** One stored item of an account: `kind` and `id` name it, `value` is its JSON. In a change, null deletes it. */
export interface Item {
  readonly kind: string
  readonly id: string
  readonly value: string
}

/** A put (`value` is JSON) or a delete (`value` is null). */
export interface Change {
  readonly kind: string
  readonly id: string
  readonly value: string | null
  /**
   * The name of the blob that belongs to the item; null if the blob was removed. Absent for kinds of items without
   * blobs. The deletion of an item that may have a blob must give null.
   */
  readonly blob?: string | null
}

/** Bytes that are stored beside an account's items and read only on request. */
export interface Blob {
  /** The SHA-256 of the bytes, in base64. Equal bytes are stored once. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** The largest blob, in bytes. */
export const blobLengthMost = 64 * 1024 * 1024

/**
 * The name of one state of an account: a random UUID that the commit that makes the state draws. Two states of an
 * account never have the same lineage, not even after a failover that lost commits.
 */
export type Lineage = string & { readonly [lineage]: true }
declare const lineage: unique symbol

/** The state of an account that a call looked at. `lineage` is undefined if there was no such account. */
export interface Held {
  readonly account: AccountId
  readonly lineage: Lineage | undefined
}

/** An account as stored. */
export interface LoadedAccount {
  /** The number of commits that changed the account. */
  readonly revision: number
  readonly lineage: Lineage
  readonly items: readonly Item[]
}

/** The changes of an account since a state: the last change of each item. */
export interface AccountDelta {
  readonly revision: number
  readonly lineage: Lineage
  readonly changes: readonly Change[]
}

/** The changes of one account in a commit. */
export interface AccountChanges {
  readonly account: AccountId
  /** The state that the changes were made on; undefined if the account did not exist. */
  readonly base: Lineage | undefined
  /** The state that the commit makes. */
  readonly next: Lineage
  readonly changes: readonly Change[]
  /** Further changes, without blobs, packed by `packChanges`: they apply after the others. `changesOf` reads both. */
  readonly packed?: readonly Uint8Array[]
  /** The blobs that the changes name. A blob that the store has may be left out. */
  readonly blobs?: readonly Blob[]
}

/** The last call of an access key or a role. */
export interface StoredUse {
  readonly account: AccountId
  /** The key's id, or the role's. */
  readonly id: string
  /** The signing name of the service called: `iam`. */
  readonly service: string
  readonly region: string
  /** Milliseconds since the epoch. */
  readonly at: number
}
