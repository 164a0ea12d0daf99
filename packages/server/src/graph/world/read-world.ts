import { type ParsedPolicy, type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'
import { iamArn } from '../../base/index.ts'
import type {
  AccountImage,
  IdentityImage,
  ManagedPolicyImage,
  NamedImage,
  RoleImage,
  SourcePlace,
  UserImage,
} from '../../image/index.ts'
import { type AwsTexts, awsPoliciesCounting, readAwsPolicy, scpsOf } from './aws-policies.ts'
import { imageOfDump } from './image-of-dump.ts'
import { WorldProblem } from './problem.ts'
import { withProfileRoles } from './profile-roles.ts'
import { unknownGroup, unknownPolicy, unknownTrust } from './unknown-policies.ts'
import {
  accountOfArn,
  type Document,
  type Group,
  type Inventory,
  type ManagedPolicy,
  noOrganization,
  type Organization,
  type Origin,
  type Role,
  type User,
  unknownInventory,
  type World,
} from './world.ts'

/** The contents of a world beside its account. */
export interface WorldFacts extends AwsTexts {
  readonly inventory?: Inventory
  /** Of the account, or of each account. */
  readonly organization?: Organization | ((account: string) => Organization)
  /** Managed policies as the source of the account has them, beside its own, by ARN. */
  readonly readPolicies?: ReadonlyMap<string, ManagedPolicyImage>
  /** Where a document is written that has a place in the image. */
  readonly originOf?: (at: SourcePlace, document: string) => Origin | undefined
}

/** The texts that a world is read from. */
export interface WorldTexts extends Omit<WorldFacts, 'readPolicies' | 'originOf'> {
  /** The output of `aws iam get-account-authorization-details`. */
  readonly details: string
  /** The name of the file of the details: places of statements have it. */
  readonly file?: string
}

type Source = Document['source']

/** Reads a dump of an account. @throws WorldProblem if it is not such a dump */
export function readWorld({ details, file = '', ...facts }: WorldTexts): World {
  const { image, awsPolicies, originOf } = imageOfDump(details, file)
  return worldOfImage(image, { ...facts, readPolicies: awsPolicies, originOf })
}

/** The world of an account. @throws WorldProblem if it has no user, group, role or policy */
export function worldOfImage(account: AccountImage, facts: WorldFacts): World {
  return new Reader(account, facts).world()
}

/** Reads an account into a world. */
class Reader {
  readonly #account: AccountImage
  readonly #facts: WorldFacts
  readonly #problems: string[] = []
  readonly #policies = new Map<string, ManagedPolicy>()
  /** Documents by kind and text: equal ones are parsed and compiled once. */
  readonly #parsed = new Map<string, ParsedPolicy>()
  readonly #written = new WeakMap<Policy, SourcePlace>()

  /** By the name of the role. */
  readonly #profiles: ReadonlyMap<unknown, readonly NamedImage[]>

  constructor(account: AccountImage, facts: WorldFacts) {
    this.#account = account
    this.#profiles = Map.groupBy(account.instanceProfiles, ({ role }) => role)
    this.#facts = facts
  }

  world(): World {
    const { partition, account } = this.#account
    const users = this.#account.users.map((user) => this.#user(user))
    const roles = this.#account.roles.map((role) => this.#role(role))
    const groups = this.#account.groups.map((group) => this.#group(group))
    for (const policy of this.#account.policies) this.#managed(this.#arn('policy', policy), policy, true)
    for (const [arn, policy] of this.#facts.readPolicies ?? [])
      if (!this.#policies.has(arn)) this.#managed(arn, policy, accountOfArn(arn) !== 'aws')
    if (users.length + roles.length + groups.length + this.#policies.size === 0)
      throw new WorldProblem('The account has no user, group, role or policy.')
    for (const list of [users, roles, groups])
      for (const { attached } of list) for (const arn of attached) this.#aws(arn)
    for (const list of [users, roles])
      for (const { boundary } of list) if (boundary !== undefined) this.#aws(boundary)
    for (const name of ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'])
      this.#aws(`arn:${partition}:iam::aws:policy/${name}`)
    const given = this.#facts.organization
    const organization = (typeof given === 'function' ? given(account) : given) ?? noOrganization
    const read = [...this.#parsed.values()].flatMap((parsed) => (parsed.ok ? parsed.policy : []))
    const all = [...read, ...scpsOf(organization)]
    for (const arn of awsPoliciesCounting(all, partition, this.#facts)) this.#aws(arn, true)
    const ofWorkloads = [...users, ...roles, ...groups].flatMap(({ attached }) => attached)
    const boundaries = [...users, ...roles].flatMap(({ boundary }) => boundary ?? [])
    for (const arn of [...ofWorkloads, ...boundaries])
      if (!this.#policies.has(arn)) this.#policies.set(arn, unknownPolicy(arn))
    const named = new Map(groups.map((group) => [group.name, group]))
    for (const name of users.flatMap((user) => user.groups))
      if (!named.has(name)) named.set(name, unknownGroup(`arn:${partition}:iam::${account}:group/${name}`))
    return {
      partition,
      account,
      users: byArn(users),
      roles: byArn(roles),
      groups: named,
      policies: this.#policies,
      inventory: withProfileRoles(this.#facts.inventory ?? unknownInventory, roles),
      organization,
      origin: (policy) => {
        const at = this.#written.get(policy)
        return at && this.#facts.originOf?.(at, policy.text)
      },
      problems: this.#problems,
    }
  }

  #user(user: UserImage): User {
    return {
      type: 'user',
      ...this.#ofWorkloads(user, 'user'),
      inline: this.#inline(user, 'user'),
      groups: user.groups ?? [],
      id: user.id,
    }
  }

  #role(role: RoleImage): Role {
    const { name, path = '/', trust } = role
    const source: Source = { type: 'resource', name: `trust of role/${name}` }
    return {
      type: 'role',
      ...this.#ofWorkloads(role, 'role'),
      inline: this.#inline(role, 'role'),
      id: role.id,
      trust:
        trust === undefined
          ? unknownTrust(this.#arn('role', role), source)
          : this.#document(trust, role.at, 'trust', source, 'trust'),
      profiles: (this.#profiles.get(name) ?? []).map((profile) => ({
        arn: this.#arn('instance-profile', profile),
        name: profile.name,
      })),
      isServiceLinked: path.startsWith('/aws-service-role/'),
      isIdentityCenter: path.startsWith('/aws-reserved/sso.amazonaws.com/'),
    }
  }

  #ofWorkloads(identity: UserImage | RoleImage, kind: 'user' | 'role') {
    const { name, tags = [], attached = [], boundaryArn } = identity
    return {
      arn: this.#arn(kind, identity),
      name,
      account: this.#account.account,
      tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      attached,
      boundary: boundaryArn ?? undefined,
    }
  }

  #group(group: IdentityImage): Group {
    const { name, attached = [] } = group
    return { arn: this.#arn('group', group), name, inline: this.#inline(group, 'group'), attached }
  }

  #inline({ name: owner, inline = [] }: IdentityImage, type: 'user' | 'role' | 'group'): readonly Document[] {
    return inline.flatMap(({ at, name, document }) => {
      const source = { type, name, inline: { name, owner } }
      return this.#document(document, at, 'identity', source, `inline ${name}`) ?? []
    })
  }

  #managed(arn: string, policy: ManagedPolicyImage, isCustomerManaged: boolean): void {
    const type = isCustomerManaged ? 'user-managed' : 'aws-managed'
    const source: Source = { type, arn, name: policy.name }
    const versions = new Map<string, Document>()
    for (const { at, id = 'v1', document } of policy.versions ?? []) {
      const read = this.#document(document, at, 'identity', source, arn)
      if (read !== undefined) versions.set(id, read)
    }
    const defaultVersion = policy.defaultVersion ?? [...versions.keys()][0] ?? 'v1'
    this.#policies.set(arn, { arn, isCustomerManaged, defaultVersion, versions })
  }

  /** Adds a managed policy of AWS. */
  #aws(arn: string, isOptional = false): void {
    if (this.#policies.has(arn)) return
    const text = this.#facts.awsPolicy?.(arn)
    if (text === undefined) {
      if (this.#facts.awsPolicy !== undefined && !isOptional)
        this.#problems.push(`The policy ${arn} is not known.`)
      return
    }
    const read = readAwsPolicy(arn, text)
    if (read !== undefined) this.#policies.set(arn, read)
  }

  #document(
    text: string,
    at: SourcePlace,
    kind: PolicyKind,
    source: Source,
    key: string,
  ): Document | undefined {
    const name = `${kind} ${text}`
    let parsed = this.#parsed.get(name)
    if (parsed === undefined) {
      parsed = parsePolicy(text, kind, { lenient: true })
      this.#parsed.set(name, parsed)
    }
    if (!parsed.ok) {
      this.#problems.push(`${source.name ?? source.arn ?? key}: ${parsed.message}`)
      return undefined
    }
    // Equal parts of two documents are shared; each document is a policy of its own.
    const policy = { ...parsed.policy }
    this.#written.set(policy, at)
    return { policy, source, key }
  }

  #arn(kind: string, { path = '/', name }: NamedImage): string {
    const { account: id, partition } = this.#account
    return iamArn({ id, partition }, kind, path, name)
  }
}

function byArn<Each extends { readonly arn: string }>(all: readonly Each[]): ReadonlyMap<string, Each> {
  return new Map(all.map((each) => [each.arn, each]))
}
