import type { AccountId, Partition } from '../base/index.ts'
import { centerQuotas } from '../directory/index.ts'
import {
  type AccessKeyImage,
  type AccountImage,
  emptyAccount,
  type Image,
  type ImageFinding,
  type LastUseImage,
  type NotTaken,
  type OrganizationImage,
  type ServiceImage,
  type SourcePlace,
  type ThingImage,
} from '../image/index.ts'
import { intakeLimits } from './limits.ts'
import { IntakeProblem, placeText } from './problem.ts'

/** An account that an answer speaks of. */
interface Owner {
  readonly id: AccountId
  readonly partition: Partition
}

/** The lists of an account's image, and the member that identifies an entity in each. */
export const accountLists = {
  users: (thing: { name: string }) => thing.name.toLowerCase(),
  groups: (thing: { name: string }) => thing.name.toLowerCase(),
  roles: (thing: { name: string }) => thing.name.toLowerCase(),
  policies: (thing: { name: string }) => thing.name.toLowerCase(),
  instanceProfiles: (thing: { name: string }) => thing.name.toLowerCase(),
  oidcProviders: (thing: { url: string }) => thing.url,
  samlProviders: (thing: { name: string }) => thing.name.toLowerCase(),
  accessKeys: (thing: { id: string }) => thing.id,
  loginProfiles: (thing: { user: string }) => thing.user.toLowerCase(),
  mfaDevices: (thing: { serial: string }) => thing.serial.toLowerCase(),
  resourcePolicies: (thing: { arn: string }) => thing.arn,
  podAssociations: (thing: { id: string }) => thing.id,
  identityPools: (thing: { id: string }) => thing.id,
  trustAnchors: (thing: { id: string }) => thing.id,
  certificateProfiles: (thing: { id: string }) => thing.id,
  centerUsers: (thing: { id: string }) => thing.id,
  centerGroups: (thing: { id: string }) => thing.id,
  centerMemberships: (thing: { group: string; user: string }) => `${thing.group} ${thing.user}`,
  permissionSets: (thing: { id: string }) => thing.id,
  centerAssignments: (thing: { account: string; set: string; type: string; principal: string }) =>
    `${thing.account} ${thing.set} ${thing.type} ${thing.principal}`,
} as const

/** The lists that have nearly all of a large account. */
const identityLists = ['users', 'groups', 'roles', 'policies', 'instanceProfiles'] as const

export type AccountList = keyof typeof accountLists
type ThingOf<L extends AccountList> = AccountImage[L][number]

/** The lists of an organization's image, and the member that identifies an entity in each. */
export const organizationLists = {
  accounts: (thing: { account: string }) => thing.account,
  units: (thing: { id: string }) => thing.id,
  policies: (thing: { id: string }) => thing.id,
  attachments: (thing: { policyId: string; target: string }) => `${thing.policyId} ${thing.target}`,
} as const

export type OrganizationList = keyof typeof organizationLists

type Things = Map<string, ThingImage>

/** A key of the credential report, which has no ids. */
export interface ReportedKey extends ThingImage {
  readonly user: string | null
  readonly createdAt: number
  readonly active: boolean
  readonly lastUsed: LastUseImage | undefined
}

/** An account whose image is put together of several answers. */
class AccountDraft {
  readonly own: Omit<AccountImage, AccountList>
  readonly lists = new Map<AccountList, Things>()
  extra: Partial<Omit<AccountImage, AccountList>> = {}
  readonly keyUses = new Map<string, LastUseImage>()
  readonly reportedKeys: ReportedKey[] = []

  constructor(own: Omit<AccountImage, AccountList>) {
    this.own = own
  }
}

/**
 * Builds an image. Several answers about one entity are joined; if they contradict each other, an IntakeProblem names
 * both places.
 */
export class Draft {
  readonly #accounts = new Map<AccountId, AccountDraft>()
  readonly #notTaken: NotTaken[] = []
  readonly #findings: ImageFinding[] = []
  readonly #organization = new Map<OrganizationList, Things>()
  readonly #centers = new Map<string, Owner>()
  #trustedServices: readonly ServiceImage[] | undefined
  #organizationOwn: Omit<OrganizationImage, OrganizationList> | undefined

  /** Notes that an account exists. */
  account(id: AccountId, partition: Partition, at: SourcePlace): void {
    this.#account(id, partition, at)
    this.onAccount(id, partition)
  }

  /** Called with each account of an entity with its own ARN. */
  onAccount: (id: AccountId, partition: Partition) => void = () => {}

  add<L extends AccountList>(id: AccountId, partition: Partition, list: L, thing: ThingOf<L>): void {
    const draft = this.#account(id, partition, thing.at)
    if (list !== 'resourcePolicies') this.onAccount(id, partition)
    let things = draft.lists.get(list)
    if (things === undefined) {
      things = new Map()
      draft.lists.set(list, things)
    }
    const key = (accountLists[list] as (thing: ThingOf<L>) => string)(thing) // the list's own
    join(things, key, thing, `${list.replace(/ies$/, 'y').replace(/s$/, '')} ${key}`)
  }

  /** Sets what an account has only one of. */
  set(
    id: AccountId,
    partition: Partition,
    members: Partial<Omit<AccountImage, AccountList | 'account' | 'partition' | 'at'>>,
    at: SourcePlace,
  ): void {
    const draft = this.#account(id, partition, at)
    const before = draft.extra.center
    const pages = [before, members.center].flatMap((each) => each?.entitlements ?? [])
    const center = members.center && {
      ...before,
      ...members.center,
      ...(pages.length === 0 ? {} : { entitlements: pages }),
    }
    draft.extra = { ...draft.extra, ...members, ...(center === undefined ? {} : { center }) }
  }

  /** Notes which account owns an instance of IAM Identity Center, by the id of the instance or of its directory. */
  ownCenter(id: string, account: Owner): void {
    this.#centers.set(id, account)
  }

  /** The account that owns an instance or a directory, if an answer says it. */
  ownerOfCenter(id: string): Owner | undefined {
    return this.#centers.get(id)
  }

  /** Notes the last use of a key; the key itself comes from another answer. */
  useKey(id: AccountId, partition: Partition, key: string, use: LastUseImage, at: SourcePlace): void {
    this.#account(id, partition, at).keyUses.set(key, use)
  }

  /** Notes a key of which only user and dates are known. */
  reportKey(id: AccountId, partition: Partition, key: ReportedKey): void {
    this.#account(id, partition, key.at).reportedKeys.push(key)
  }

  addToOrganization<L extends OrganizationList>(list: L, thing: OrganizationImage[L][number]): void {
    let things = this.#organization.get(list)
    if (things === undefined) {
      things = new Map()
      this.#organization.set(list, things)
    }
    const key = (organizationLists[list] as (thing: OrganizationImage[L][number]) => string)(thing) // the list's own
    join(things, key, thing, `${list.replace(/ies$/, 'y').replace(/s$/, '')} ${key}`)
  }

  /** Notes services that have trusted access: the answer does not say to which organization. */
  trustServices(services: readonly ServiceImage[]): void {
    this.#trustedServices = [...(this.#trustedServices ?? []), ...services]
  }

  setOrganization(members: Omit<OrganizationImage, OrganizationList>): void {
    const before = this.#organizationOwn
    if (before === undefined) {
      this.#organizationOwn = members
      return
    }
    if (before.managementAccount !== members.managementAccount)
      throw new IntakeProblem(
        members.at,
        `it is of the organization of ${members.managementAccount}; ${placeText(before.at)} is of that of ${before.managementAccount}`,
      )
    const enabled = [...(before.enabledPolicyTypes ?? []), ...(members.enabledPolicyTypes ?? [])]
    this.#organizationOwn = {
      ...before,
      ...members,
      at: before.at,
      ...(enabled.length === 0 ? {} : { enabledPolicyTypes: [...new Set(enabled)] }),
    }
  }

  notTake(notTaken: NotTaken): void {
    this.#notTaken.push(notTaken)
  }

  find(finding: ImageFinding): void {
    this.#findings.push(finding)
  }

  /** Adds all of another image. @throws IntakeProblem if they contradict each other */
  addImage(image: Image): void {
    for (const account of image.accounts) {
      const { account: id, partition, at } = account
      const rest: Record<string, unknown> = { ...account }
      for (const name of ['account', 'partition', 'at', ...Object.keys(accountLists)]) delete rest[name]
      this.set(id, partition, rest, at)
      for (const list of Object.keys(accountLists) as AccountList[]) // the object's own keys
        for (const thing of account[list]) this.add(id, partition, list, thing)
    }
    if (image.organization !== undefined) {
      const { accounts, units, policies, attachments, ...settings } = image.organization
      this.setOrganization(settings)
      for (const each of accounts) this.addToOrganization('accounts', each)
      for (const each of units) this.addToOrganization('units', each)
      for (const each of policies) this.addToOrganization('policies', each)
      for (const each of attachments) this.addToOrganization('attachments', each)
    }
    this.#notTaken.push(...image.notTaken)
    this.#findings.push(...image.findings)
  }

  /** Takes out users, groups, roles and policies: what is added later of them is joined elsewhere. */
  takeIdentities(): Image {
    const accounts: AccountImage[] = []
    for (const { own, lists } of this.#accounts.values()) {
      const taken: Partial<Record<AccountList, readonly ThingImage[]>> = {}
      for (const list of identityLists) {
        const things = lists.get(list)
        if (things === undefined) continue
        taken[list] = [...things.values()]
        lists.delete(list)
      }
      if (Object.keys(taken).length > 0) accounts.push({ ...own, ...taken } as AccountImage) // each list holds what was added to it
    }
    return { accounts, notTaken: [], findings: [] }
  }

  image(): Image {
    const parts = this.imageInParts()
    for (;;) {
      const part = parts.next()
      if (part.done) return part.value
    }
  }

  /** The image, in parts of some milliseconds. @throws IntakeProblem if two things have one id, or there are too many */
  *imageInParts(): Generator<undefined, Image> {
    for (const draft of this.#accounts.values()) this.#joinKeys(draft)
    const organization = this.#organizationImage()
    const accounts: AccountImage[] = []
    for (const draft of this.#accounts.values()) accounts.push(yield* accountImage(draft))
    return {
      accounts,
      ...(organization === undefined ? {} : { organization }),
      notTaken: this.#notTaken,
      findings: this.#findings,
    }
  }

  #account(id: AccountId, partition: Partition, at: SourcePlace): AccountDraft {
    let draft = this.#accounts.get(id)
    if (draft === undefined) {
      if (this.#accounts.size >= intakeLimits.accounts)
        throw new IntakeProblem(at, `more than ${intakeLimits.accounts} accounts`)
      draft = new AccountDraft(emptyAccount(id, partition, at))
      this.#accounts.set(id, draft)
    }
    if (draft.own.partition !== partition)
      throw new IntakeProblem(
        at,
        `account ${id} is of partition ${draft.own.partition} at ${placeText(draft.own.at)}`,
      )
    return draft
  }

  /** Joins keys with their use from other answers. */
  #joinKeys({ own, lists, keyUses, reportedKeys }: AccountDraft): void {
    const keys = (lists.get('accessKeys') ?? new Map()) as Map<string, AccessKeyImage> // only keys were added
    for (const [id, lastUsed] of keyUses) {
      const key = keys.get(id)
      if (key !== undefined) keys.set(id, { ...key, lastUsed })
    }
    const byDate = new Map([...keys.values()].map((key) => [`${key.user} ${secondOf(key.createdAt)}`, key]))
    for (const { at, user, createdAt, active, lastUsed } of reportedKeys) {
      const key = byDate.get(`${user} ${secondOf(createdAt)}`)
      if (key === undefined) {
        const reason = 'the credential report has no ids of keys: add the answer of list-access-keys'
        const name = `${active ? 'active' : 'inactive'} key of ${user ?? 'the root user'}`
        this.#notTaken.push({ at, account: own.account, kind: 'access key', name, reason })
      } else if (lastUsed !== undefined && (key.lastUsed?.at ?? 0) < lastUsed.at)
        keys.set(key.id, { ...key, lastUsed })
    }
    reportedKeys.length = 0
  }

  #organizationImage(): OrganizationImage | undefined {
    const settings = this.#organizationOwn
    const list = <L extends OrganizationList>(name: L) =>
      [...(this.#organization.get(name)?.values() ?? [])] as OrganizationImage[L][number][] // only these were added
    const [accounts, units, policies, attachments] = [
      list('accounts'),
      list('units'),
      list('policies'),
      list('attachments'),
    ]
    const trusted = this.#trustedServices === undefined ? {} : { trustedServices: this.#trustedServices }
    if (settings !== undefined) return { ...settings, ...trusted, accounts, units, policies, attachments }
    const [thing] = [...accounts, ...units, ...policies, ...attachments]
    if (thing !== undefined)
      throw new IntakeProblem(
        thing.at,
        'it is part of an organization whose management account is not known: add the answer of describe-organization',
      )
    return undefined
  }
}

/** Things whose ids are compared in one turn. */
const comparedTogether = 1_000

function* accountImage(draft: AccountDraft): Generator<undefined, AccountImage> {
  const ids = new Map<string, ThingImage>()
  const lists: Partial<Record<AccountList, readonly ThingImage[]>> = {}
  for (const [list, things] of draft.lists) {
    const most = mostOf(list)
    if (things.size > most)
      throw new IntakeProblem(draft.own.at, `account ${draft.own.account} has more than ${most} ${list}`)
    const all = [...things.values()]
    lists[list] = all
    // some kinds of entities have an id
    for (const [place, thing] of (all as (ThingImage & { id?: string })[]).entries()) {
      if (place % comparedTogether === comparedTogether - 1) yield
      if (thing.id === undefined) continue
      const other = ids.get(thing.id)
      if (other !== undefined)
        throw new IntakeProblem(
          thing.at,
          `the id ${thing.id} is that of another thing, at ${placeText(other.at)}`,
        )
      ids.set(thing.id, thing)
    }
  }
  return { ...draft.own, ...draft.extra, ...lists } as AccountImage // each list holds what was added to it
}

/** A directory has more users and memberships than an account has of anything. */
function mostOf(list: AccountList): number {
  if (list === 'centerUsers') return centerQuotas.users
  return list === 'centerMemberships' ? centerQuotas.memberships : intakeLimits.things
}

function secondOf(instant: number | undefined): number {
  return Math.floor((instant ?? 0) / 1000)
}

/** Members of which the later of two values counts: answers are fetched one after the other. */
const latest: Readonly<Record<string, (value: unknown) => number>> = {
  passwordLastUsed: (value) => value as number, // as the type has it
  lastUsed: (value) => (value as { at: number }).at, // as above
  updatedAt: (value) => value as number, // as above
}

function join(things: Things, key: string, thing: ThingImage, what: string): void {
  const kept = things.get(key)
  if (kept === undefined) {
    things.set(key, thing)
    return
  }
  const joined: Record<string, unknown> = { ...kept }
  for (const [name, value] of Object.entries(thing)) {
    if (name === 'at' || value === undefined) continue
    const before = joined[name]
    if (before === undefined) joined[name] = value
    else if (name === 'tagMaps') joined[name] = { ...before, ...value }
    else if (latest[name] !== undefined) {
      if (latest[name](value) > latest[name](before)) joined[name] = value
    } else if (!sameValue(before, value))
      throw new IntakeProblem(thing.at, `${what} is also at ${placeText(kept.at)}, with another ${name}`)
  }
  things.set(key, joined as unknown as ThingImage) // members of the same type
}

/** Returns whether two values are equal, wherever they are written. */
export function sameValue(one: unknown, other: unknown): boolean {
  return one === other || plain(one) === plain(other)
}

function plain(value: unknown): string {
  return JSON.stringify(value, (name, each: unknown) =>
    name === 'at' && typeof each === 'object' ? undefined : each,
  )
}
