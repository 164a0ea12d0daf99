import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** The common members of trust anchors, profiles and revocation lists. */
export interface AnywhereThing {
  readonly id: string
  readonly region: string
  readonly name: string
  readonly enabled: boolean
  readonly tags: readonly Tag[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** Certificates of authorities that an account believes. */
export interface TrustAnchor extends AnywhereThing {
  /** Certificates in PEM, as given. */
  readonly bundle: string
}

/** Which fields of certificates become tags. */
export interface FieldMapping {
  readonly field: 'x509Subject' | 'x509Issuer' | 'x509SAN'
  /** Names of attributes, or `*`. */
  readonly specifiers: readonly string[]
}

/** Which roles holders of certificates may wear, and how. */
export interface AnywhereProfile extends AnywhereThing {
  readonly createdBy: string
  readonly roleArns: readonly string[]
  readonly managedPolicyArns: readonly string[]
  readonly sessionPolicy?: string
  readonly durationSeconds: number
  readonly acceptsSessionName: boolean
  readonly mappings: readonly FieldMapping[]
}

/** The fields that a new profile takes (behaviour RAN-18). */
export const usualMappings: readonly FieldMapping[] = [
  { field: 'x509Issuer', specifiers: ['*'] },
  { field: 'x509SAN', specifiers: ['DNS', 'URI', 'Name/*'] },
  { field: 'x509Subject', specifiers: ['*'] },
]

/** A revocation list of an authority. */
export interface RevocationList extends AnywhereThing {
  /** As given, in base64. */
  readonly data: string
  readonly anchor: string
}

/** A subject of certificates that a session was given for. */
export interface AnywhereSubject {
  readonly id: string
  readonly region: string
  readonly subject: string
  readonly createdAt: number
  readonly lastSeenAt: number
  /** The newest certificate: its serial number, its issuer, and itself in base64. */
  readonly certificate: { readonly serial: string; readonly issuer: string; readonly data: string }
}

export const trustAnchors = defineTable<TrustAnchor>({ kind: 'rolesanywhere/anchor', key: ({ id }) => id })
export const anywhereProfiles = defineTable<AnywhereProfile>({
  kind: 'rolesanywhere/profile',
  key: ({ id }) => id,
})
export const revocationLists = defineTable<RevocationList>({ kind: 'rolesanywhere/crl', key: ({ id }) => id })
export const anywhereSubjects = defineTable<AnywhereSubject>({
  kind: 'rolesanywhere/subject',
  key: ({ id }) => id,
})

/** The most of each in an account (behaviour RAN-4). */
export const anywhereQuotas = { anchors: 50, profiles: 250, lists: 50, subjects: 1_000, roles: 250 } as const
