import type { AnywhereProfile, IdentityPool, PodAssociation, TrustAnchor } from '../directory/index.ts'
import type { SourcePlace } from './place.ts'

/** A record as sources have it: members that no source says are absent. Roles are ARNs. */
type Imaged<R extends { readonly id: string }> = Pick<R, 'id'> & {
  readonly at: SourcePlace
} & { readonly [M in Exclude<keyof R, 'id'>]?: R[M] | undefined }

/** An association of a role with a service account of a cluster. */
export type PodImage = Imaged<PodAssociation>

/** An identity pool of Amazon Cognito. */
export type PoolImage = Imaged<IdentityPool>

/** A trust anchor of IAM Roles Anywhere. */
export type AnchorImage = Imaged<TrustAnchor>

/** A profile of IAM Roles Anywhere. */
export type CertificateProfileImage = Imaged<AnywhereProfile>
