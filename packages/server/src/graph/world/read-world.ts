import {
  Lines,
  type ParsedPolicy,
  type Policy,
  type PolicyKind,
  parseJson,
  parsePolicy,
} from '@omen-iam/policy'
import { type AwsTexts, awsPoliciesCounting, readAwsPolicy, scpsOf } from './aws-policies.ts'
import { type DumpValue, readDump, Slice } from './dump-text.ts'
import { withProfileRoles } from './profile-roles.ts'
import { unknownGroup, unknownPolicy } from './unknown-policies.ts'
import {
  type Document,
  type Group,
  type InstanceProfile,
  type Inventory,
  type ManagedPolicy,
  noOrganization,
  type Organization,
  type Role,
  type User,
  unknownInventory,
  type World,
} from './world.ts'

/** The texts that a world is read from. */
export interface WorldTexts extends AwsTexts {
  /** What `aws iam get-account-authorization-details` prints. */
  readonly details: string
  readonly inventory?: Inventory
  /** Of the account, or of each account. */
  readonly organization?: Organization | ((account: string) => Organization)
}

/** A file that is not what it must be. */
export class WorldProblem extends Error {
  override readonly name = 'WorldProblem'
}

type Source = Document['source']

const deepest = 64

/** Reads a dump of an account. @throws WorldProblem if it is not such a dump */
export function readWorld(texts: WorldTexts): World {
  const root = readDump(texts.details)
  if (root === undefined) {
    const problem = parseJson(texts.details, deepest)
    throw new WorldProblem(
      `The dump is not JSON: ${problem.type === 'problem' ? problem.message : 'a document cannot be read'}`,
    )
  }
  if (!isRecord(root)) throw new WorldProblem('The dump is not an object.')
  return new Reader(texts, root).world()
}

type Entry = { readonly [key: string]: DumpValue }

/** Reads one file of account details into a world. */
class Reader {
  readonly #texts: WorldTexts
  readonly #root: Entry
  readonly #problems: string[] = []
  readonly #policies = new Map<string, ManagedPolicy>()
  /** Documents by kind and text: equal ones are parsed and compiled once. */
  readonly #parsed = new Map<string, ParsedPolicy>()
  /** Where documents begin in the dump. */
  readonly #starts = new WeakMap<Policy, number>()
  #lines: Lines | undefined

  constructor(texts: WorldTexts, root: Entry) {
    this.#texts = texts
    this.#root = root
  }

  world(): World {
    const users = this.#items('UserDetailList').map((entry) => this.#user(entry))
    const roles = this.#items('RoleDetailList').map((entry) => this.#role(entry))
    const groups = this.#items('GroupDetailList').map((entry) => this.#group(entry))
    for (const entry of this.#items('Policies')) this.#managed(entry)
    const first = [...users, ...roles, ...groups, ...this.#policies.values()][0]?.arn
    if (first === undefined) throw new WorldProblem('The dump has no user, group, role or policy.')
    for (const list of [users, roles, groups])
      for (const { attached } of list) for (const arn of attached) this.#aws(arn)
    for (const list of [users, roles])
      for (const { boundary } of list) if (boundary !== undefined) this.#aws(boundary)
    const [, partition = '', , , account = ''] = first.split(':')
    for (const name of ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'])
      this.#aws(`arn:${partition}:iam::aws:policy/${name}`)
    const given = this.#texts.organization
    const organization = (typeof given === 'function' ? given(account) : given) ?? noOrganization
    const read = [...this.#parsed.values()].flatMap((parsed) => (parsed.ok ? parsed.policy : []))
    const all = [...read, ...scpsOf(organization)]
    for (const arn of awsPoliciesCounting(all, partition, this.#texts)) this.#aws(arn, true)
    const worn = [...users, ...roles, ...groups].flatMap(({ attached }) => attached)
    const boundaries = [...users, ...roles].flatMap(({ boundary }) => boundary ?? [])
    for (const arn of [...worn, ...boundaries])
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
      inventory: withProfileRoles(this.#texts.inventory ?? unknownInventory, roles),
      organization,
      origin: (policy) => {
        const start = this.#starts.get(policy)
        if (start === undefined) return undefined
        this.#lines ??= new Lines(this.#texts.details)
        return this.#lines.position(start)
      },
      problems: this.#problems,
    }
  }

  #items(name: string): readonly Entry[] {
    return itemsOf(this.#root[name])
  }

  #user(entry: Entry): User {
    const arn = this.#text(entry, 'Arn')
    const name = this.#text(entry, 'UserName')
    return {
      type: 'user',
      ...this.#worn(entry, arn, name),
      inline: this.#inline(entry, 'UserPolicyList', 'user', name),
      groups: listOf(entry.GroupList).flatMap((each) => textOf(each) ?? []),
      id: textOf(entry.UserId),
    }
  }

  #role(entry: Entry): Role {
    const arn = this.#text(entry, 'Arn')
    const name = this.#text(entry, 'RoleName')
    const path = arn.slice(arn.indexOf(':role') + 5)
    const trust = entry.AssumeRolePolicyDocument
    return {
      type: 'role',
      ...this.#worn(entry, arn, name),
      inline: this.#inline(entry, 'RolePolicyList', 'role', name),
      id: textOf(entry.RoleId),
      trust:
        trust === undefined
          ? undefined
          : this.#document(trust, 'trust', { type: 'resource', name: `trust of role/${name}` }, 'trust'),
      profiles: itemsOf(entry.InstanceProfileList).map(
        (profile): InstanceProfile => ({
          arn: this.#text(profile, 'Arn'),
          name: this.#text(profile, 'InstanceProfileName'),
        }),
      ),
      isServiceLinked: path.startsWith('/aws-service-role/'),
      isIdentityCenter: path.startsWith('/aws-reserved/sso.amazonaws.com/'),
    }
  }

  #worn(entry: Entry, arn: string, name: string) {
    const boundary = entry.PermissionsBoundary
    return {
      arn,
      name,
      account: arn.split(':')[4] ?? '',
      tags: Object.fromEntries(
        itemsOf(entry.Tags).map((tag) => [textOf(tag.Key) ?? '', textOf(tag.Value) ?? '']),
      ),
      attached: this.#attached(entry),
      boundary: isRecord(boundary) ? textOf(boundary.PermissionsBoundaryArn) : textOf(boundary),
    }
  }

  #group(entry: Entry): Group {
    const name = this.#text(entry, 'GroupName')
    return {
      arn: this.#text(entry, 'Arn'),
      name,
      inline: this.#inline(entry, 'GroupPolicyList', 'group', name),
      attached: this.#attached(entry),
    }
  }

  #attached(entry: Entry): readonly string[] {
    return itemsOf(entry.AttachedManagedPolicies).map((each) => this.#text(each, 'PolicyArn'))
  }

  #inline(entry: Entry, list: string, type: 'user' | 'role' | 'group', owner: string): readonly Document[] {
    return itemsOf(entry[list]).flatMap((each) => {
      const name = this.#text(each, 'PolicyName')
      const document = each.PolicyDocument
      const source = { type, name, inline: { name, owner } }
      return document === undefined
        ? []
        : (this.#document(document, 'identity', source, `inline ${name}`) ?? [])
    })
  }

  #managed(entry: Entry): void {
    const arn = this.#text(entry, 'Arn')
    const name = this.#text(entry, 'PolicyName')
    const isCustomerManaged = arn.split(':')[4] !== 'aws'
    const versions = new Map<string, Document>()
    for (const each of itemsOf(entry.PolicyVersionList)) {
      const document = each.Document
      const type = isCustomerManaged ? 'user-managed' : 'aws-managed'
      const read =
        document === undefined ? undefined : this.#document(document, 'identity', { type, arn, name }, arn)
      if (read !== undefined) versions.set(this.#text(each, 'VersionId'), read)
    }
    const defaultVersion = textOf(entry.DefaultVersionId) ?? [...versions.keys()][0] ?? 'v1'
    this.#policies.set(arn, { arn, isCustomerManaged, defaultVersion, versions })
  }

  /** Adds a managed policy of AWS that the dump does not have. */
  #aws(arn: string, isOptional = false): void {
    if (this.#policies.has(arn)) return
    const text = this.#texts.awsPolicy?.(arn)
    if (text === undefined) {
      if (this.#texts.awsPolicy !== undefined && !isOptional)
        this.#problems.push(`The policy ${arn} is not known.`)
      return
    }
    const read = readAwsPolicy(arn, text)
    if (read !== undefined) this.#policies.set(arn, read)
  }

  #document(value: DumpValue, kind: PolicyKind, source: Source, key: string): Document | undefined {
    const text = value instanceof Slice ? value.text : typeof value === 'string' ? decoded(value) : ''
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
    // What is equal of two documents is shared; each is a policy of its own.
    const policy = { ...parsed.policy }
    if (value instanceof Slice) this.#starts.set(policy, value.start)
    return { policy, source, key }
  }

  #text(entry: Entry, name: string): string {
    const text = textOf(entry[name])
    if (text === undefined) throw new WorldProblem(`The dump has an entry without ${name}.`)
    return text
  }
}

/** Documents in answers of IAM's API are URL-encoded; the AWS CLI decodes them. */
function decoded(text: string): string {
  if (!text.startsWith('%7B')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function byArn<Each extends { readonly arn: string }>(all: readonly Each[]): ReadonlyMap<string, Each> {
  return new Map(all.map((each) => [each.arn, each]))
}

function isRecord(value: DumpValue | undefined): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Slice)
}

function textOf(value: DumpValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function listOf(value: DumpValue | undefined): readonly DumpValue[] {
  return Array.isArray(value) ? value : []
}

function itemsOf(value: DumpValue | undefined): readonly Entry[] {
  return listOf(value).filter(isRecord)
}
