import type { Policy, PolicySource } from '@omen-iam/policy'

/** A policy document with its source. Equal documents share their statements. */
export interface Document extends PolicySource {
  /** `inline NAME` or the ARN: the identity of the document within its owner. */
  readonly key: string
}

/** What users and roles have in common. */
interface Worn {
  readonly arn: string
  readonly name: string
  readonly id: string | undefined
  readonly account: string
  readonly tags: Readonly<Record<string, string>>
  readonly inline: readonly Document[]
  /** ARNs of the attached managed policies. */
  readonly attached: readonly string[]
  /** The ARN of the permissions boundary. */
  readonly boundary: string | undefined
}

/** A user, with the names of its groups. */
export interface User extends Worn {
  readonly type: 'user'
  readonly groups: readonly string[]
}

/** An instance profile that holds a role. */
export interface InstanceProfile {
  readonly arn: string
  readonly name: string
}

/** A role. */
export interface Role extends Worn {
  readonly type: 'role'
  /** Undefined if the document cannot be read: then nobody can assume the role. */
  readonly trust: Document | undefined
  readonly profiles: readonly InstanceProfile[]
  /** Service-linked roles, and roles of IAM Identity Center: IAM refuses to change them. */
  readonly isServiceLinked: boolean
  readonly isIdentityCenter: boolean
}

/** A user or a role: what the graph is about. */
export type Person = User | Role

/** A group. */
export interface Group {
  readonly arn: string
  readonly name: string
  readonly inline: readonly Document[]
  readonly attached: readonly string[]
}

/** A managed policy of the account or of AWS. */
export interface ManagedPolicy {
  readonly arn: string
  readonly isCustomerManaged: boolean
  readonly defaultVersion: string
  /** By version id. Of AWS's policies the default version only. */
  readonly versions: ReadonlyMap<string, Document>
}

/** A resource of the inventory, with what its type needs. A member that is absent is unknown. */
export interface Thing {
  readonly type: string
  readonly arn: string
  readonly role: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  /** All other members, as the inventory has them. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** Facts that a dump of an account does not have. A member that is absent is unknown; one that is present is complete. */
export interface Inventory {
  readonly things: readonly Thing[] | undefined
  /** Numbers of access keys by user name. */
  readonly accessKeys: ReadonlyMap<string, number> | undefined
  /** Names of the users that have a password. */
  readonly loginProfiles: ReadonlySet<string> | undefined
  readonly mfaDevices: ReadonlyMap<string, number> | undefined
}

/** The policies of the organization, a list a level from the root to the account. */
export interface Organization {
  readonly scps: readonly (readonly PolicySource[])[] | undefined
  readonly rcps: readonly (readonly PolicySource[])[] | undefined
  /** `o-…`, if it is known. */
  readonly id: string | undefined
}

/** An account, its organization and its inventory: everything that a graph is made of. */
export interface World {
  readonly partition: string
  readonly account: string
  readonly users: ReadonlyMap<string, User>
  readonly roles: ReadonlyMap<string, Role>
  /** By name. */
  readonly groups: ReadonlyMap<string, Group>
  /** By ARN. AWS's own are added when something names them. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>
  readonly inventory: Inventory
  readonly organization: Organization
  /** Where the text of a document begins in the file that it was read from; undefined if it is a text of its own. */
  readonly origin: (policy: Policy) => { readonly line: number; readonly column: number } | undefined
  /** What could not be read, in words. A document that cannot be read grants nothing and is named here. */
  readonly problems: readonly string[]
}

/** An inventory of which nothing is known. */
export const unknownInventory: Inventory = {
  things: undefined,
  accessKeys: undefined,
  loginProfiles: undefined,
  mfaDevices: undefined,
}

/** An account without an organization. */
export const noOrganization: Organization = { scps: undefined, rcps: undefined, id: undefined }
