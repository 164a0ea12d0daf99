import type { AccountId } from '../../base/index.ts'
import { defineTable, type Tag } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'

/** The state of a CreateAccount call; stored in the management account. */
export interface AccountRequest {
  /** `car-` and 32 characters. */
  readonly id: string
  readonly accountName: string
  readonly requestedAt: number
  readonly completedAt: number
  /** The account, if one was created. */
  readonly accountId?: AccountId
  /** Why none was. */
  readonly failure?: Organizations.CreateAccountFailureReason
}

export const accountRequests = defineTable<AccountRequest>({
  kind: 'organizations/account-request',
  key: (r) => r.id,
})

/** The last valid effective policy of an account where the present one is invalid; stored in the management account. */
export interface LastValidPolicy {
  /** The account's number and the policy's type, in two lines. */
  readonly key: string
  readonly content: string
}

export const lastValidPolicies = defineTable<LastValidPolicy>({
  kind: 'organizations/last-valid-policy',
  key: (r) => r.key,
})

/** A request from an organization to an account; stored in the management account. */
export interface Handshake {
  /** `h-` and 32 characters. */
  readonly id: string
  readonly action: 'INVITE' | 'ENABLE_ALL_FEATURES' | 'TRANSFER_RESPONSIBILITY'
  /** The account that is asked. */
  readonly recipient: AccountId
  readonly parties: readonly Organizations.HandshakeParty[]
  readonly resources: readonly Organizations.HandshakeResource[]
  /** The handshake that contains this one. */
  readonly parentId?: string
  /** The transfer of responsibility that it offers. */
  readonly transferId?: string
  /** Never EXPIRED, which follows from the clock. */
  readonly state: 'REQUESTED' | 'OPEN' | 'CANCELED' | 'ACCEPTED' | 'DECLINED'
  readonly requestedAt: number
  readonly expiresAt: number
  /** The time when it was answered or canceled. */
  readonly settledAt?: number
  /** Tags of the account once it has joined. */
  readonly tags: readonly Tag[]
}

export const handshakes = defineTable<Handshake>({
  kind: 'organizations/handshake',
  key: (r) => r.id,
})

/** The location of a handshake that an account has received; stored in that account. */
export interface ReceivedHandshake {
  readonly id: string
  readonly managementAccount: AccountId
}

export const receivedHandshakes = defineTable<ReceivedHandshake>({
  kind: 'organizations/received-handshake',
  key: (r) => r.id,
})
