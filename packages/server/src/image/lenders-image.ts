/** Tags by key. */
type Tags = Readonly<Record<string, string>>

/** Something of a region, and whether a seed can say all of it. */
interface Regional {
  readonly region: string
  readonly tags: Tags
  readonly isWhole: boolean
}

/** The entities that give roles to pods, to users of identity pools and to holders of certificates. Roles are ARNs. */
export interface LendersImage {
  readonly pods: readonly PodImage[]
  readonly pools: readonly PoolImage[]
  readonly anchors: readonly AnchorImage[]
  readonly profiles: readonly ProfileImage[]
}

/** An association of a role with a service account of a cluster. */
export interface PodImage extends Regional {
  readonly cluster: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly role: string
}

/** An identity pool of Amazon Cognito. */
export interface PoolImage extends Regional {
  readonly name: string
  readonly guests: boolean
  readonly classic: boolean
  readonly authenticated?: string
  readonly unauthenticated?: string
  /** By URL without `https://`. */
  readonly oidcProviders: readonly string[]
  readonly developerProvider?: string
}

/** A trust anchor of IAM Roles Anywhere. */
export interface AnchorImage extends Regional {
  readonly name: string
  /** In PEM. */
  readonly certificate: string
}

/** A profile of IAM Roles Anywhere. */
export interface ProfileImage extends Regional {
  readonly name: string
  readonly roles: readonly string[]
  readonly seconds: number
}
