import type { ContextInput, Policy, PolicySource } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import type { Lent } from './lent.ts'

/** A policy document with its source. Equal documents share their statements. */
export interface Document extends PolicySource {
  /** `inline NAME` or the ARN: the identity of the document within its owner. */
  readonly key: string
  /** It is in no file: it may allow everything, and refuse anything. */
  readonly isUnknown?: true
  /** A cut would write it: it refuses calls, and counts for nothing in who is an administrator. */
  readonly isOfCut?: true
}

/** The common members of users and roles. */
interface Identity {
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
  /** Of one that the attacker makes: what it is given, where others of the same name would be given something else. */
  readonly made?: string
}

/** A user, with the names of its groups. */
export interface User extends Identity {
  readonly type: 'user'
  readonly groups: readonly string[]
}

/** An instance profile that holds a role. */
export interface InstanceProfile {
  readonly arn: string
  readonly name: string
}

/** A role. */
export interface Role extends Identity {
  readonly type: 'role'
  /** Undefined if the document cannot be read: then nobody can assume the role. */
  readonly trust: Document | undefined
  readonly profiles: readonly InstanceProfile[]
  /** Service-linked roles, and roles of IAM Identity Center: IAM refuses to change them. */
  readonly isServiceLinked: boolean
  readonly isIdentityCenter: boolean
}

/** A user or a role: what the graph is about. */
export type Principal = User | Role

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
  /** The tags as far as the attacker has written them: no file has tags of policies. */
  readonly sureTags?: SureTags
}

/** Tags of which no file has any, as far as the attacker has written them; undefined: it has taken that one away. */
export type SureTags = Readonly<Record<string, string | undefined>>

/** The document of a managed policy that is in effect: its default version. */
export function currentOf(policy: ManagedPolicy | undefined): Document | undefined {
  return policy?.versions.get(policy.defaultVersion)
}

/** A resource of the inventory, with what its type needs. A member that is absent is unknown. */
export interface Resource {
  readonly type: string
  readonly arn: string
  readonly role: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly sureTags?: SureTags
  /** The policy of the resource itself. */
  readonly policy?: Document | undefined
  /** All other members, as the inventory has them. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** Facts that a dump of an account does not have. A member that is absent is unknown; one that is present is complete. */
export interface Inventory {
  readonly resources: readonly Resource[] | undefined
  /** Numbers of access keys by user name. */
  readonly accessKeys: ReadonlyMap<string, number> | undefined
  /** Names of the users that have a password. */
  readonly loginProfiles: ReadonlySet<string> | undefined
  readonly mfaDevices: ReadonlyMap<string, number> | undefined
  /** The types of which `resources` has every resource; all if absent. */
  readonly listed?: ReadonlySet<string> | undefined
  /** ARNs of the identity providers of IAM. */
  readonly identityProviders?: ReadonlySet<string> | undefined
  /** The client ids of OIDC providers of IAM, by ARN, as far as they are known. */
  readonly clientIds?: ReadonlyMap<string, readonly string[]> | undefined
  /** Whether the account manages an instance of IAM Identity Center. */
  readonly managesIdentityCenter?: boolean | undefined
  /** Roles that people and machines get without being principals of IAM. */
  readonly lent?: readonly Lent[] | undefined
}

/** The policies of the organization, a list a level from the root to the account. */
export interface Organization {
  readonly scps: readonly (readonly PolicySource[])[] | undefined
  readonly rcps: readonly (readonly PolicySource[])[] | undefined
  /** `o-…`, if it is known. */
  readonly id: string | undefined
  /** Where the account is, as `aws:PrincipalOrgPaths` has it: `o-…/r-…/ou-…/`. Absent: not known. */
  readonly path?: string | undefined
  /** The id of the management account, if it is known. */
  readonly managementAccount?: string | undefined
  /** Whether it is known that the account is in no organization. */
  readonly isNone?: boolean
  /** All accounts of the organization, with what binds each, if a tree says which there are. */
  readonly members?: ReadonlyMap<string, Organization>
}

/** Where a document is written. If the file has its text as it is, this is where it begins. */
export interface Origin extends PolicyPlace {
  /** Where each statement is written, if the file has the document in another form: a template, a plan. */
  readonly statements?: readonly PolicyPlace[]
}

/** A place in a policy, in the file in which the policy is written; in the policy's own text if that is in no file. */
export interface PolicyPlace {
  /** From 1, as columns. */
  readonly line: number
  readonly column: number
  readonly file?: string
  /** The address of the resource in a plan or state of Terraform. */
  readonly resource?: string
  /** The account, if several are in view. */
  readonly account?: string
}

/** Where a statement, or a part of it at a position of the policy's text, is written. */
export function placeIn(
  { origin }: Pick<World, 'origin'>,
  policy: Policy,
  statement: number,
  { line, column }: { readonly line: number; readonly column: number },
): PolicyPlace {
  const written = origin(policy)
  if (written === undefined) return { line, column }
  const { statements, line: first, column: indent, ...where } = written
  if (statements !== undefined) return { line: first, column: indent, ...where, ...statements[statement] }
  return line === 1
    ? { line: first, column: indent + column - 1, ...where }
    : { line: first + line - 1, column, ...where }
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
  /** Where a document is written; undefined if it is a text of its own. */
  readonly origin: (policy: Policy) => Origin | undefined
  /** The problems of reading, in words. A document that cannot be read grants nothing and is named here. */
  readonly problems: readonly string[]
  /** Condition keys of the attacker's surroundings that the question states. */
  readonly stated?: Readonly<Record<string, ContextInput>>
  /** Other accounts that are in view together with this one. */
  readonly others?: readonly World[]
  /** Resources of accounts that are not in view, by account: their own policies decide on calls of the accounts that are. */
  readonly elsewhere?: ReadonlyMap<string, readonly Resource[]>
}

/** The policies of the resources of a world, those of accounts that are not in view included. */
export function resourceDocuments({
  inventory,
  elsewhere,
}: Pick<World, 'inventory' | 'elsewhere'>): readonly Document[] {
  const own = inventory.resources?.flatMap(({ policy }) => policy ?? []) ?? []
  if (elsewhere === undefined) return own
  return [...own, ...[...elsewhere.values()].flat().flatMap(({ policy }) => policy ?? [])]
}

/** The same accounts, where the attacker's surroundings hold these condition keys. */
export function worldWith(world: World, stated: NonNullable<World['stated']>): World {
  if (world.others === undefined) return { ...world, stated }
  return { ...world, stated, others: world.others.map((each) => ({ ...each, stated })) }
}

/** The accounts of a world: its own first. */
export function accountsIn(world: World): readonly World[] {
  return world.others === undefined ? [world] : [world, ...world.others]
}

/** The world of an account that is in view. */
export function worldOfAccount(world: World, account: string): World | undefined {
  if (world.account === account) return world
  return world.others?.find((other) => other.account === account)
}

/** The user or role of an ARN, in any account that is in view. */
export function principalOf(world: World, arn: string): Principal | undefined {
  const own = world.users.get(arn) ?? world.roles.get(arn)
  if (own !== undefined || world.others === undefined) return own
  const other = worldOfAccount(world, accountOfArn(arn))
  return other === undefined || other === world ? undefined : (other.users.get(arn) ?? other.roles.get(arn))
}

/** Whether a principal is one of the account as it is: after a change it may be gone, or another one in its place. */
export function isIn({ users, roles }: World, principal: Principal): boolean {
  return (principal.type === 'user' ? users : roles).get(principal.arn) === principal
}

/** Whether only a service of AWS can assume a role, and nobody changes it: what it can do is no finding. [GRD-562] */
export function isOfService(principal: Principal): boolean {
  return principal.type === 'role' && principal.isServiceLinked
}

/** Every user and role of the accounts that are in view. */
export function principalsIn(world: World): readonly Principal[] {
  return accountsIn(world).flatMap(({ users, roles }): readonly Principal[] => [
    ...users.values(),
    ...roles.values(),
  ])
}

function bare(arn: string) {
  return {
    arn,
    name: nameOfArn(arn),
    id: undefined,
    account: accountOfArn(arn),
    tags: {},
    inline: [],
    attached: [],
    boundary: undefined,
  }
}

/** A user that is in no file, and has nothing. */
export function bareUser(arn: string): User {
  return { type: 'user', ...bare(arn), groups: [] }
}

/** A role that is in no file, and has nothing. */
export function bareRole(arn: string): Role {
  const none = { trust: undefined, profiles: [], isServiceLinked: false, isIdentityCenter: false }
  return { type: 'role', ...bare(arn), ...none }
}

/** A resource of which nothing but its ARN is known. */
export function bareResource(type: string, arn: string, tags?: Resource['tags']): Resource {
  return { type, arn, role: undefined, tags, facts: {} }
}

/** The last part of an ARN behind its path: the name of a user, a role, a group or a policy. */
export function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The service of an ARN: `s3`. */
export function serviceOfArn(arn: string): string {
  return arn.split(':', 3)[2] ?? ''
}

/** The account of an ARN; empty if it has none. */
export function accountOfArn(arn: string): string {
  return arn.split(':', 5)[4] ?? ''
}

/**
 * Several accounts in view at once: the first, with the others. Places of documents and problems are those of all.
 * An account that comes twice is taken once.
 */
export function joinWorlds(worlds: readonly World[]): World {
  const byAccount = new Map<string, World>()
  for (const world of worlds) if (!byAccount.has(world.account)) byAccount.set(world.account, world)
  const [first, ...others] = byAccount.values()
  if (first === undefined) throw new Error('there is no account to join')
  if (others.length === 0) return first
  return {
    ...first,
    others,
    origin: (policy) => {
      for (const { account, origin } of byAccount.values()) {
        const place = origin(policy)
        if (place !== undefined) return { ...place, account }
      }
      return undefined
    },
    problems: [...byAccount.values()].flatMap(({ account, problems }) =>
      problems.map((problem) => `${account}: ${problem}`),
    ),
  }
}

/** Resources by their ARNs. */
export const resourcesByArn = perObject(
  (resources: readonly Resource[]): ReadonlyMap<string, Resource> =>
    new Map(resources.map((resource) => [resource.arn, resource])),
)

/** Whether every resource of a type is known. */
export function isListed({ resources, listed }: Inventory, type: string): boolean {
  return resources !== undefined && (listed === undefined || listed.has(type))
}

/** An inventory of which nothing is known. */
export const unknownInventory: Inventory = {
  resources: undefined,
  accessKeys: undefined,
  loginProfiles: undefined,
  mfaDevices: undefined,
}

/** An account without an organization. */
export const noOrganization: Organization = { scps: undefined, rcps: undefined, id: undefined }

/** Whether the text of a policy may have a Deny. */
export function hasDeny(text: string): boolean {
  return text.includes('"Deny"')
}
