import { type AccountId, factsOf, iamArn, samlAddress } from '../../base/index.ts'
import type {
  ImageFinding,
  InlinePolicyImage,
  LentImage,
  NotTaken,
  RoleImage,
  SamlProviderImage,
  SourcePlace,
} from '../../image/index.ts'
import { derivedCharacters } from '../../sources/index.ts'
import type { Home } from './home.ts'

/** A permission set as files describe it. */
export interface SetDraft {
  readonly at: SourcePlace
  /** The account and region of IAM Identity Center. */
  readonly home: Home
  readonly name: string
  readonly instance: string
  readonly inline?: InlinePolicyImage
  readonly managed: readonly string[]
  /** Policies of the customer, which each account has under this path and name. */
  readonly referred: readonly PolicyReference[]
  readonly boundary?: string | PolicyReference
}

export interface PolicyReference {
  readonly name: string
  readonly path: string
}

/** The part that a resource adds to a permission set that another one makes. */
interface SetPart {
  readonly at: SourcePlace
  readonly home: Home
  readonly set: string
  readonly kind: string
  readonly what: string
  add(set: SetDraft): SetDraft
}

/** The people that have a permission set in an account. */
interface Assigned {
  readonly at: SourcePlace
  readonly home: Home
  readonly set: string
  readonly account: AccountId
  readonly kind: string
  readonly id: string
  readonly principal: string
  readonly isGroup: boolean
}

/** Attributes of users that are tags of their sessions, of one instance (behaviour SGN-86). */
interface Attributes {
  readonly at: SourcePlace
  readonly home: Home
  readonly instance: string
  /** `Title from ${path:title}`. */
  readonly tags: readonly string[]
}

/** The image that the roles of sets are added to. */
interface Target {
  lists(
    home: Home,
    at: SourcePlace,
  ): { readonly roles: RoleImage[]; readonly samlProviders: SamlProviderImage[] }
  lend(lent: LentImage): void
  find(finding: ImageFinding): void
  notTake(notTaken: NotTaken): void
}

/** A user who is in a group. */
interface Joined {
  readonly at: SourcePlace
  readonly home: Home
  readonly kind: string
  readonly id: string
  /** The user's id or name. */
  readonly user: string
}

/** The permission sets of templates and plans: each becomes a role in each account where a user or group has it (behaviour TPL-185). */
export class CenterDraft {
  readonly #sets = new Map<string, SetDraft>()
  readonly #parts: SetPart[] = []
  readonly #assigned: Assigned[] = []
  readonly #attributes: Attributes[] = []
  /** Names of users and groups, by their ids. */
  readonly #names = new Map<string, string>()
  /** Names of users, by the id or name of their group. */
  readonly #members = new Map<string, Joined[]>()

  set(arn: string, set: SetDraft): void {
    this.#sets.set(arn, set)
  }

  part(part: SetPart): void {
    this.#parts.push(part)
  }

  assign(assigned: Assigned): void {
    this.#assigned.push(assigned)
  }

  tag(attributes: Attributes): void {
    this.#attributes.push(attributes)
  }

  /** Notes the name of a user or group. */
  name(id: string, name: string): void {
    this.#names.set(id, name)
  }

  /** Notes that a user is in a group; each is named by id or name. */
  join(group: string, joined: Joined): void {
    const members = this.#members.get(group)
    if (members === undefined) this.#members.set(group, [joined])
    else members.push(joined)
  }

  /** Makes the roles, and names what belongs to no set of the files. */
  make(builder: Target): void {
    this.#notTakeMembers(builder)
    for (const part of this.#parts) {
      const set = this.#sets.get(part.set)
      if (set !== undefined) this.#sets.set(part.set, part.add(set))
      else notTake(builder, part, part.what)
    }
    const tagged = new Map(
      this.#attributes.map(({ instance, tags }) => [instance, ` with ${tagWords(tags)}`]),
    )
    const accounts = new Map<string, Map<AccountId, Assigned[]>>()
    for (const assigned of this.#assigned) {
      if (!this.#sets.has(assigned.set)) {
        notTake(builder, assigned, assigned.id)
        continue
      }
      const of = accounts.get(assigned.set) ?? new Map<AccountId, Assigned[]>()
      accounts.set(assigned.set, of)
      of.set(assigned.account, [...(of.get(assigned.account) ?? []), assigned])
    }
    for (const [arn, set] of this.#sets) {
      const of = accounts.get(arn)
      if (of === undefined) {
        const role = makeRole(set, set.home, builder)
        const message = `no file assigns the permission set ${set.name}: it is shown as role ${role.name} of account ${set.home.account} alone.`
        builder.find({ at: set.at, account: set.home.account, code: 'unassigned', message })
      }
      for (const [account, people] of of ?? []) {
        const role = makeRole(set, { ...set.home, account }, builder)
        const arn = iamArn({ id: account, partition: set.home.partition }, 'role', role.path!, role.name)
        for (const { principal, isGroup } of people)
          builder.lend({
            at: set.at,
            role: arn,
            who: `${this.#named(principal)} of IAM Identity Center${tagged.get(set.instance) ?? ''}`,
            to: `center/${isGroup ? 'group/' : ''}${this.#names.get(principal) ?? principal}`,
          })
      }
    }
    this.#noteAttributes(builder)
  }

  /** Names tags of sessions with roles that no file has. */
  #noteAttributes(builder: Target): void {
    const instances = new Set([...this.#sets.values()].map(({ instance }) => instance))
    for (const { at, home, instance, tags } of this.#attributes) {
      if (tags.length === 0 || instances.has(instance)) continue
      const message = `sessions of IAM Identity Center have ${tagWords(tags)}: no file has a permission set of the instance, so what aws:PrincipalTag allows them is not shown.`
      builder.find({ at, account: home.account, code: 'session-tags', message })
    }
  }

  /** Names members of groups of which no file says what they may use. */
  #notTakeMembers(builder: Target): void {
    const assigned = new Set(
      this.#assigned.flatMap(({ principal }) => [principal, this.#names.get(principal)]),
    )
    for (const [group, members] of this.#members)
      if (!assigned.has(group) && !assigned.has(this.#names.get(group) ?? group))
        for (const { at, home, kind, id } of members)
          builder.notTake({
            at,
            account: home.account,
            kind,
            name: id,
            reason: `no file says which permission sets the group ${this.#names.get(group) ?? group} may use`,
          })
  }

  #named(principal: string): string {
    const name = this.#names.get(principal) ?? principal
    const members = [...(this.#members.get(principal) ?? []), ...(this.#members.get(name) ?? [])]
    const users = [...new Set(members.map(({ user }) => this.#names.get(user) ?? user))]
    return users.length === 0 ? name : `${name} (${users.join(', ')})`
  }
}

function tagWords(tags: readonly string[]): string {
  return `the session tag${tags.length === 1 ? '' : 's'} ${tags.join(', ')}`
}

function notTake(
  builder: Target,
  { at, home, set, kind }: Pick<SetPart, 'at' | 'home' | 'set' | 'kind'>,
  name: string,
): void {
  const reason = `it belongs to the permission set ${set}, which the given files do not make`
  builder.notTake({ at, account: home.account, kind, name, reason })
}

/** The role that a permission set is in an account, as IAM Identity Center makes it (behaviours SSO-40 to SSO-46). */
function makeRole(set: SetDraft, home: Home, builder: Target): RoleImage {
  const { partition, account } = home
  const facts = factsOf(partition)
  const service = 'sso.amazonaws.com'
  const digits = [...derivedCharacters(`${set.instance} ${account}`, 16)]
  const hexadecimal = digits.map((each) => (each.charCodeAt(0) % 16).toString(16)).join('')
  const provider = `AWSSSO_${hexadecimal}_DO_NOT_DELETE`
  const lists = builder.lists(home, set.at)
  if (!lists.samlProviders.some(({ name }) => name === provider))
    lists.samlProviders.push({ at: set.at, name: provider })
  const owner = { id: account, partition }
  const policyArn = ({ path, name }: PolicyReference) => iamArn(owner, 'policy', path, name)
  const { boundary } = set
  const region = set.home.region === facts.globalRegion ? '' : `${set.home.region}/`
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: iamArn(owner, 'saml-provider', '/', provider) },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': samlAddress(partition) } },
      },
    ],
  }
  const role: RoleImage = {
    at: set.at,
    name: `AWSReservedSSO_${set.name}_*`,
    path: `/aws-reserved/${service}/${region}`,
    trust: JSON.stringify(trust),
    inline: set.inline === undefined ? [] : [set.inline],
    attached: [...set.managed, ...set.referred.map(policyArn)],
    boundaryArn:
      boundary === undefined ? null : typeof boundary === 'string' ? boundary : policyArn(boundary),
    maxSessionSeconds: 43_200,
  }
  lists.roles.push(role)
  return role
}
