import type { AccountId } from '../../base/index.ts'
import {
  emptyAccount,
  type GrowingAccount,
  type IdentityImage,
  type Image,
  type ImageFinding,
  type InlinePolicyImage,
  type LentImage,
  type ManagedPolicyImage,
  type NotTaken,
  type OrganizationImage,
  type SourcePlace,
  type UnderKeyImage,
  type UserImage,
} from '../../image/index.ts'
import { CenterDraft } from './center.ts'
import { CertificateDraft } from './certificates.ts'
import type { Home } from './home.ts'

export type { Home } from './home.ts'

/** An image that records where the statements of its policies are written. */
export interface TemplateImage extends Image {
  /** By `placeKey` of the place of a document and the document. */
  readonly statementPlaces: ReadonlyMap<string, readonly SourcePlace[]>
}

/** The key of a document in `statementPlaces`. */
export function placeKey(at: SourcePlace, document: string): string {
  return `${at.file}:${at.line}:${at.column} ${document}`
}

/** Lists of entities with permissions. */
export type IdentityList = 'users' | 'groups' | 'roles'

/** Something that a resource adds to a user, group or role, which another resource makes. */
interface Addition {
  readonly home: Home
  readonly list: IdentityList
  readonly name: string
  readonly at: SourcePlace
  readonly kind: string
  /** Its own name, for messages. */
  readonly what: string
  add(identity: IdentityImage): IdentityImage
}

/** An alias of a key of AWS KMS. */
export const keyAlias = 'AWS::KMS::Alias'

const words = { users: 'user', groups: 'group', roles: 'role' } as const

/** Builds the image of templates: entities, and what other resources add to them. */
export class ImageBuilder {
  readonly #accounts = new Map<AccountId, GrowingAccount>()
  readonly #additions: Addition[] = []
  readonly #notTaken: NotTaken[] = []
  readonly #underKeys: UnderKeyImage[] = []
  readonly #lent: LentImage[] = []
  readonly #readPolicies = new Map<string, ManagedPolicyImage>()
  readonly #findings: ImageFinding[] = []
  readonly #places = new Map<string, readonly SourcePlace[]>()
  readonly #known = new Map<string, IdentityImage>()
  /** Whether files are compared or looked at, and nothing is made of them. */
  readonly isPlanned: boolean
  #organization: OrganizationImage | undefined
  /** Permission sets of IAM Identity Center, and who has them. */
  readonly center = new CenterDraft()
  /** Profiles and trust anchors of IAM Roles Anywhere. */
  readonly certificates = new CertificateDraft()

  /** With parts, what is added to an identity that nothing makes is taken as a part of it (behaviour TPL-148). */
  constructor({ parts = false }: { readonly parts?: boolean | undefined } = {}) {
    this.isPlanned = parts
  }

  /** Notes what is known of an identity that exists, in case that something is added to it. */
  know({ account }: Home, list: IdentityList, identity: IdentityImage): void {
    this.#known.set(`${account} ${list} ${identity.name.toLowerCase()}`, identity)
  }

  /** The lists of an account, to add to. */
  lists({ account, partition }: Home, at: SourcePlace): GrowingAccount {
    const before = this.#accounts.get(account)
    if (before !== undefined) return before
    const lists = emptyAccount(account, partition, at)
    this.#accounts.set(account, lists)
    return lists
  }

  /** Notes under which key of AWS KMS a resource is. */
  under(keyed: UnderKeyImage): void {
    this.#underKeys.push(keyed)
  }

  /** Notes who gets a role. */
  lend(lent: LentImage): void {
    this.#lent.push(lent)
  }

  /** Notes a managed policy that exists: what is attached of it is then known (behaviour TPL-192). */
  knowPolicy(arn: string, policy: ManagedPolicyImage): void {
    if (this.isPlanned) this.#readPolicies.set(arn, policy)
  }

  /** Adds an inline policy to an entity of the same templates. */
  inline(home: Home, list: IdentityList, name: string, policy: InlinePolicyImage, kind: string): void {
    const key = policy.name.toLowerCase() // names match without case (behaviour IAM-4)
    this.#additions.push({
      home,
      list,
      name,
      at: policy.at,
      kind,
      what: policy.name,
      add: (identity) => ({
        ...identity,
        inline: [...(identity.inline ?? []).filter(({ name }) => name.toLowerCase() !== key), policy],
      }),
    })
  }

  /** Attaches a managed policy to an entity of the same templates. */
  attach(home: Home, list: IdentityList, name: string, arn: string, at: SourcePlace, kind: string): void {
    this.#additions.push({
      home,
      list,
      name,
      at,
      kind,
      what: arn,
      add: (identity) => ({ ...identity, attached: [...new Set([...(identity.attached ?? []), arn])] }),
    })
  }

  /** Makes a user of the same templates a member of a group. */
  join(home: Home, user: string, group: string, at: SourcePlace, kind: string): void {
    this.#additions.push({
      home,
      list: 'users',
      name: user,
      at,
      kind,
      what: group,
      add: (identity: UserImage) => ({
        ...identity,
        groups: [...new Set([...(identity.groups ?? []), group])],
      }),
    })
  }

  notTake(notTaken: NotTaken): void {
    this.#notTaken.push(notTaken)
  }

  find(finding: ImageFinding): void {
    this.#findings.push(finding)
  }

  /** Records where the statements of a document are written. */
  notePlaces(at: SourcePlace, document: string, places: readonly SourcePlace[]): void {
    this.#places.set(placeKey(at, document), places)
  }

  /** The organization of an account, to add to. */
  organization(
    home: Home,
    at: SourcePlace,
    change: (organization: OrganizationImage) => OrganizationImage,
  ): void {
    const before = this.#organization ?? {
      at,
      managementAccount: home.account,
      accounts: [],
      units: [],
      policies: [],
      attachments: [],
    }
    this.#organization = change(before)
  }

  image(): TemplateImage {
    this.center.make(this)
    this.certificates.make(this)
    this.#add()
    return {
      statementPlaces: this.#places,
      accounts: [...this.#accounts.values()],
      ...(this.#organization === undefined ? {} : { organization: this.#organization }),
      notTaken: this.#notTaken,
      findings: this.#findings,
      ...(this.#lent.length === 0 ? {} : { lent: this.#lent }),
      ...(this.#readPolicies.size === 0 ? {} : { readPolicies: this.#readPolicies }),
      ...(this.#underKeys.length === 0 ? {} : { underKeys: withoutAliases(this.#underKeys) }),
    }
  }

  #add(): void {
    const changed = new Map<GrowingAccount, Map<IdentityList, Map<string, IdentityImage>>>()
    for (const addition of this.#additions) {
      const { home, list, name, at, kind, what } = addition
      const lists = this.lists(home, at)
      const byList = changed.get(lists) ?? new Map<IdentityList, Map<string, IdentityImage>>()
      changed.set(lists, byList)
      const identities =
        byList.get(list) ?? new Map(lists[list].map((each) => [each.name.toLowerCase(), each]))
      byList.set(list, identities)
      const identity = identities.get(name.toLowerCase()) ?? this.#partOf(addition, lists)
      if (identity !== undefined) identities.set(name.toLowerCase(), addition.add(identity))
      else {
        const reason = `it belongs to the ${words[list]} ${name}, which the given files do not make`
        this.#notTaken.push({ at, account: home.account, kind, name: what, reason })
      }
    }
    this.#additions.length = 0
    for (const [lists, byList] of changed)
      for (const [list, identities] of byList)
        lists[list] = lists[list].map((each) => identities.get(each.name.toLowerCase()) ?? each)
  }

  /** An identity that the files do not make, with nothing of its own. */
  #partOf({ home, list, name, at, kind }: Addition, lists: GrowingAccount): IdentityImage | undefined {
    if (!this.isPlanned) return undefined
    const before = this.#known.get(`${home.account} ${list} ${name.toLowerCase()}`)
    const part: IdentityImage = { at, name, ...before, isPart: true }
    lists[list].push(part)
    const message = `the ${words[list]} ${name} is not made by the given files: only what they add to it is shown.`
    this.#findings.push({ at, account: home.account, code: 'part', message: `${kind}: ${message}` })
    return part
  }
}

/** Resources under keys: an alias that the templates make is its key. */
function withoutAliases(all: readonly UnderKeyImage[]): readonly UnderKeyImage[] {
  const aliases = new Map(
    all.flatMap(({ type, arn, key }) => (type === keyAlias ? [[arn, key] as const] : [])),
  )
  return all.flatMap((each) =>
    each.type === keyAlias ? [] : [{ ...each, key: aliases.get(each.key) ?? each.key }],
  )
}
