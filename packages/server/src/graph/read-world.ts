import { type JsonNode, Lines, type Policy, type PolicyKind, parseJson, parsePolicy } from '@omen-iam/policy'
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
export interface WorldTexts {
  /** What `aws iam get-account-authorization-details` prints. */
  readonly details: string
  readonly inventory?: Inventory
  readonly organization?: Organization
  /** The text of a managed policy of AWS, for those that the dump does not have. */
  readonly awsPolicy?: (arn: string) => string | undefined
}

/** A file that is not what it must be. */
export class WorldProblem extends Error {
  override readonly name = 'WorldProblem'
}

const deepest = 64

/** Reads a dump of an account. @throws WorldProblem if it is no such dump */
export function readWorld(texts: WorldTexts): World {
  const root = parseJson(texts.details, deepest)
  if (root.type === 'problem') throw new WorldProblem(`The dump is not JSON: ${root.message}`)
  if (root.type !== 'object') throw new WorldProblem('The dump is not an object.')
  return new Reader(texts, root).world()
}

/** Reads one file of account details into a world. */
class Reader {
  readonly #texts: WorldTexts
  readonly #root: JsonNode
  readonly #lines: Lines
  readonly #origins = new WeakMap<Policy, { line: number; column: number }>()
  readonly #problems: string[] = []
  readonly #policies = new Map<string, ManagedPolicy>()

  constructor(texts: WorldTexts, root: JsonNode) {
    this.#texts = texts
    this.#root = root
    this.#lines = new Lines(texts.details)
  }

  world(): World {
    const users = this.#items('UserDetailList').map((node) => this.#user(node))
    const roles = this.#items('RoleDetailList').map((node) => this.#role(node))
    const groups = this.#items('GroupDetailList').map((node) => this.#group(node))
    for (const node of this.#items('Policies')) this.#managed(node)
    const first = [...users, ...roles, ...groups, ...this.#policies.values()][0]?.arn
    if (first === undefined) throw new WorldProblem('The dump has no user, group, role or policy.')
    for (const { attached } of [...users, ...roles, ...groups]) for (const arn of attached) this.#aws(arn)
    for (const { boundary } of [...users, ...roles]) if (boundary !== undefined) this.#aws(boundary)
    const [, partition = '', , , account = ''] = first.split(':')
    this.#aws(`arn:${partition}:iam::aws:policy/AdministratorAccess`)
    this.#aws(`arn:${partition}:iam::aws:policy/IAMFullAccess`)
    this.#aws(`arn:${partition}:iam::aws:policy/PowerUserAccess`)
    return {
      partition,
      account,
      users: byArn(users),
      roles: byArn(roles),
      groups: new Map(groups.map((group) => [group.name, group])),
      policies: this.#policies,
      inventory: this.#texts.inventory ?? unknownInventory,
      organization: this.#texts.organization ?? noOrganization,
      origin: (policy) => this.#origins.get(policy),
      problems: this.#problems,
    }
  }

  #items(name: string): readonly JsonNode[] {
    return itemsOf(member(this.#root, name))
  }

  #user(node: JsonNode): User {
    const arn = this.#text(node, 'Arn')
    const name = this.#text(node, 'UserName')
    return {
      type: 'user',
      ...this.#worn(node, arn, name),
      inline: this.#inline(node, 'UserPolicyList', 'user', name),
      groups: itemsOf(member(node, 'GroupList')).flatMap((each) => textOf(each) ?? []),
      id: textOf(member(node, 'UserId')),
    }
  }

  #role(node: JsonNode): Role {
    const arn = this.#text(node, 'Arn')
    const name = this.#text(node, 'RoleName')
    const path = arn.slice(arn.indexOf(':role') + 5)
    const trust = member(node, 'AssumeRolePolicyDocument')
    return {
      type: 'role',
      ...this.#worn(node, arn, name),
      inline: this.#inline(node, 'RolePolicyList', 'role', name),
      id: textOf(member(node, 'RoleId')),
      trust:
        trust && this.#document(trust, 'trust', { type: 'resource', name: `trust of role/${name}` }, 'trust'),
      profiles: itemsOf(member(node, 'InstanceProfileList')).map(
        (profile): InstanceProfile => ({
          arn: this.#text(profile, 'Arn'),
          name: this.#text(profile, 'InstanceProfileName'),
        }),
      ),
      isServiceLinked: path.startsWith('/aws-service-role/'),
      isIdentityCenter: path.startsWith('/aws-reserved/sso.amazonaws.com/'),
    }
  }

  #worn(node: JsonNode, arn: string, name: string) {
    const boundary = member(node, 'PermissionsBoundary')
    return {
      arn,
      name,
      account: arn.split(':')[4] ?? '',
      tags: Object.fromEntries(
        itemsOf(member(node, 'Tags')).map((tag) => [
          textOf(member(tag, 'Key')) ?? '',
          textOf(member(tag, 'Value')) ?? '',
        ]),
      ),
      attached: this.#attached(node),
      boundary: textOf(member(boundary, 'PermissionsBoundaryArn')) ?? textOf(boundary),
    }
  }

  #group(node: JsonNode): Group {
    const name = this.#text(node, 'GroupName')
    return {
      arn: this.#text(node, 'Arn'),
      name,
      inline: this.#inline(node, 'GroupPolicyList', 'group', name),
      attached: this.#attached(node),
    }
  }

  #attached(node: JsonNode): readonly string[] {
    return itemsOf(member(node, 'AttachedManagedPolicies')).map((each) => this.#text(each, 'PolicyArn'))
  }

  #inline(node: JsonNode, list: string, type: 'user' | 'role' | 'group', owner: string): readonly Document[] {
    return itemsOf(member(node, list)).flatMap((each) => {
      const name = this.#text(each, 'PolicyName')
      const document = member(each, 'PolicyDocument')
      const source = { type, name, inline: { name, owner } }
      const read = document && this.#document(document, 'identity', source, `inline ${name}`)
      return read ?? []
    })
  }

  #managed(node: JsonNode): void {
    const arn = this.#text(node, 'Arn')
    const name = this.#text(node, 'PolicyName')
    const isCustomerManaged = arn.split(':')[4] !== 'aws'
    const versions = new Map<string, Document>()
    for (const each of itemsOf(member(node, 'PolicyVersionList'))) {
      const document = member(each, 'Document')
      const type = isCustomerManaged ? 'user-managed' : 'aws-managed'
      const read = document && this.#document(document, 'identity', { type, arn, name }, arn)
      if (read !== undefined) versions.set(this.#text(each, 'VersionId'), read)
    }
    const defaultVersion = textOf(member(node, 'DefaultVersionId')) ?? [...versions.keys()][0] ?? 'v1'
    this.#policies.set(arn, { arn, isCustomerManaged, defaultVersion, versions })
  }

  /** Adds a managed policy of AWS that the dump does not have. */
  #aws(arn: string): void {
    if (this.#policies.has(arn)) return
    const text = this.#texts.awsPolicy?.(arn)
    if (text === undefined) {
      if (this.#texts.awsPolicy !== undefined) this.#problems.push(`The policy ${arn} is not known.`)
      return
    }
    const parsed = parsePolicy(text, 'identity', { lenient: true })
    if (!parsed.ok) return
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    const document = { policy: parsed.policy, source: { type: 'aws-managed' as const, arn, name }, key: arn }
    this.#policies.set(arn, {
      arn,
      isCustomerManaged: false,
      defaultVersion: 'v1',
      versions: new Map([['v1', document]]),
    })
  }

  #document(node: JsonNode, kind: PolicyKind, source: Document['source'], key: string): Document | undefined {
    const text =
      node.type === 'string' ? decoded(node.value) : this.#texts.details.slice(node.start, node.end)
    const parsed = parsePolicy(text, kind, { lenient: true })
    if (!parsed.ok) {
      this.#problems.push(`${source.name ?? source.arn ?? key}: ${parsed.message}`)
      return undefined
    }
    if (node.type !== 'string') {
      const { line, column } = this.#lines.position(node.start)
      this.#origins.set(parsed.policy, { line, column })
    }
    return { policy: parsed.policy, source, key }
  }

  #text(node: JsonNode, name: string): string {
    const text = textOf(member(node, name))
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

function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? node.members.findLast(({ key }) => key.value === name)?.value : undefined
}

function textOf(node: JsonNode | undefined): string | undefined {
  return node?.type === 'string' ? node.value : undefined
}

function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'list' ? node.items : []
}
