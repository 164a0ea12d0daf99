import { defineTable } from '../directory/index.ts'

/** An authorization code, from its issue until its end; nothing in it can be redeemed. */
export interface Code {
  /** Of the code's text, base64url. */
  readonly hash: string
  readonly client: string
  readonly redirectUri: string
  readonly challenge: string
  /** The contents of the grant, sealed. */
  readonly sealed: string
  /** Until when it can be redeemed. Milliseconds since the epoch. */
  readonly until: number
  /** The grant that it was redeemed for. */
  readonly spentFor?: string
}

/** A family of tokens: what one decision of a person gives a program, until it ends. */
export interface Grant {
  readonly id: string
  readonly kind: 'login' | 'center' | 'agent'
  readonly client: string
  /** The owner and the seed of the tokens, sealed. */
  readonly sealed: string
  /** Thumbprint of the key that must prove itself at each refresh. */
  readonly thumbprint?: string
  readonly startedAt: number
  readonly endsAt: number
  /** How often it was refreshed: each refresh makes the next refresh token. */
  readonly turn: number
  readonly turnedAt: number
  /** The sign-in that it belongs to. */
  readonly session?: string
}

/** A device code, from its issue until its end. */
export interface Device {
  /** Of the device code's text, base64url. */
  readonly hash: string
  readonly userCode: string
  readonly client: string
  readonly clientName: string
  readonly scopes: readonly string[]
  /** The address and the program that asked. */
  readonly from: string
  readonly agent: string
  readonly startedAt: number
  readonly until: number
  readonly state: 'pending' | 'approved' | 'denied'
  /** The contents of the grant, sealed, once it is approved. */
  readonly sealed?: string
}

/** A program that registered itself, without anybody who vouches for it. */
export interface PublicClient {
  /** A UUID, the last part of its client id. */
  readonly id: string
  /** Of each address that it may be answered at, without a loopback's port. */
  readonly redirectHashes: readonly string[]
  readonly grantTypes: readonly string[]
  readonly registeredAt: number
  readonly until: number
  /** When a person first allowed it something; the others leave first. */
  readonly allowedAt?: number
}

export const codes = defineTable<Code>({ kind: 'grants/code', key: (r) => r.hash })
export const grants = defineTable<Grant>({ kind: 'grants/grant', key: (r) => r.id })
export const devices = defineTable<Device, 'userCode'>({
  kind: 'grants/device',
  key: (r) => r.hash,
  indexes: { userCode: (r) => r.userCode },
})
export const publicClients = defineTable<PublicClient>({ kind: 'grants/public-client', key: (r) => r.id })

/** The most of each in an account. */
export const most = { codes: 1_000, grants: 10_000, devices: 200, clients: 1_000 } as const
