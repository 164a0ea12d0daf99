/** A tag as IAM's calls have it. */
export interface ThingTag {
  readonly Key: string
  readonly Value: string
}

interface Named {
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
}

interface WithPolicies extends Named {
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>
  /** ARNs of managed policies. */
  readonly attached: readonly string[]
}

interface Bounded extends WithPolicies {
  readonly boundary?: string | undefined
  readonly tags: readonly ThingTag[]
}

export interface MirroredPolicy extends Named {
  readonly kind: 'policy'
  readonly description?: string | undefined
  /** The default version's. */
  readonly document: string
  readonly tags: readonly ThingTag[]
}

export interface MirroredGroup extends WithPolicies {
  readonly kind: 'group'
}

export interface MirroredRole extends Bounded {
  readonly kind: 'role'
  /** With the ARNs of users and roles. */
  readonly trust: string
  readonly description?: string | undefined
  readonly maxSessionSeconds: number
  /** The service principal of a service-linked role. */
  readonly linkedService?: string | undefined
}

export interface MirroredUser extends Bounded {
  readonly kind: 'user'
  /** Names. */
  readonly groups: readonly string[]
}

export interface MirroredProfile extends Named {
  readonly kind: 'profile'
  /** The name of its role. */
  readonly role?: string | undefined
}

export interface MirroredOidcProvider {
  readonly kind: 'oidc'
  /** Without `https://`. */
  readonly name: string
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
}

export interface MirroredSamlProvider {
  readonly kind: 'saml'
  readonly name: string
  readonly metadata: string
}

/** The part of one IAM entity that the upstream gets: no key, no password, no MFA device. */
export type Thing =
  | MirroredPolicy
  | MirroredGroup
  | MirroredRole
  | MirroredUser
  | MirroredProfile
  | MirroredOidcProvider
  | MirroredSamlProvider

export type ThingKind = Thing['kind']

/** The order of creation: each kind refers only to kinds before it. */
export const creationOrder: readonly ThingKind[] = [
  'policy',
  'group',
  'role',
  'user',
  'profile',
  'oidc',
  'saml',
]
