import type { AccountId, Partition } from '../../base/index.ts'
import {
  type Account,
  anywhereProfiles,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerUsers,
  type Group,
  groups,
  type InstanceProfile,
  identityPools,
  instanceProfiles,
  instances,
  type ManagedPolicy,
  oidcProviders,
  podAssociations,
  policies,
  provisionings,
  type Role,
  resourcePolicies,
  roles,
  samlProviders,
  type Table,
  type TableDefinition,
  trustAnchors,
  type User,
  users,
} from '../../directory/index.ts'
import {
  describeRecords,
  type GroupImage,
  type InstanceProfileImage,
  type ManagedPolicyImage,
  type RoleImage,
  type UserImage,
} from '../../image/index.ts'
import { functions } from '../lambda/index.ts'
import { type CredentialChange, SentOwners } from './sent-owners.ts'
import { organizationOf, resourcesOf, shownTrust, type WorldDeps } from './world.ts'

/** The kinds of records that are sent one by one. */
export type RecordKind = 'users' | 'roles' | 'groups' | 'policies'

/** A record of an account that is new or that differs, by its id. */
export type PutRecord =
  | { readonly kind: 'users'; readonly id: string; readonly image: UserImage }
  | { readonly kind: 'groups'; readonly id: string; readonly image: GroupImage }
  | { readonly kind: 'policies'; readonly id: string; readonly image: ManagedPolicyImage }
  | {
      readonly kind: 'roles'
      readonly id: string
      readonly image: RoleImage
      /** The instance profiles that hold the role. */
      readonly profiles: readonly InstanceProfileImage[]
    }

/** The changes of an account: the thread that searches has all earlier ones. */
export interface WorldChange extends Partial<CredentialChange> {
  readonly partition: Partition
  readonly account: AccountId
  readonly put: readonly PutRecord[]
  readonly gone: readonly (readonly [kind: RecordKind, id: string])[]
  /** JSON, the inventory without the credentials; absent if they are the same. */
  readonly inventory?: string
  readonly organization?: string
}

/** Records of one change when an account is sent for the first time. */
const recordsOfPart = 250

/** A unique id of a user or a role, as stored trust policies have it in place of an ARN. */
const uniqueId = /A(?:ID|RO)A[A-Z0-9]{8,}/

/** The records that an entry, and those of other records, are made of. */
interface AnyRecord {
  readonly id: string
  readonly name: string
  readonly groups?: readonly string[]
  readonly trust?: string
}

const kinds: readonly RecordKind[] = ['policies', 'groups', 'users', 'roles']

const definitions = { users, roles, groups, policies } as const

/** The tables of which the inventory is made. */
const inventoryTables = [
  functions,
  instances,
  instanceProfiles,
  resourcePolicies,
  oidcProviders,
  samlProviders,
  centerAssignments,
  provisionings,
  podAssociations,
  identityPools,
  trustAnchors,
  anywhereProfiles,
] as const

/** The tables of the people beside it. */
const principalsTables = [centerUsers, centerGroups, centerMemberships] as const

interface Sent {
  /** The version of the table when its records were sent; undefined before the first time. */
  version: number | undefined
  readonly records: Map<string, AnyRecord>
}

/** The changes of an account, and the function that marks them as sent. */
export interface Pending {
  /** Undefined if nothing has changed. */
  readonly change: WorldChange | undefined
  keep(): void
}

/**
 * One account as a thread has it: what has changed since is found by the tables' own lists of changes, so that it costs what
 * has changed and not what there is.
 */
export class SentAccount {
  readonly account: Account
  readonly #deps: WorldDeps
  readonly #sent: Readonly<Record<RecordKind, Sent>> = {
    users: { version: undefined, records: new Map() },
    roles: { version: undefined, records: new Map() },
    groups: { version: undefined, records: new Map() },
    policies: { version: undefined, records: new Map() },
  }
  readonly #owners: SentOwners
  /** Roles whose trust policy names a principal by its unique id: how it is shown depends on who there is. */
  readonly #byId = new Set<string>()
  #profiles:
    | { readonly version: number; readonly roleOf: ReadonlyMap<string, string | undefined> }
    | undefined
  #inventory: { readonly versions: string; readonly text: string } | undefined
  #organization: string | undefined
  /** Increases with every change that counts as sent. */
  stamp = 0

  constructor(account: Account, deps: WorldDeps) {
    this.account = account
    this.#deps = deps
    this.#owners = new SentOwners(account)
  }

  /**
   * The account in parts, for the first time: each is to be sent before the next is asked for, and others may have their turn
   * between. Calls between the parts may change the account: `pending` has these changes.
   * @throws AccountNotLoaded if another account is needed that is not in memory
   */
  *parts(): Generator<WorldChange> {
    const describe = this.#describer()
    for (const kind of kinds) {
      const sent = this.#sent[kind]
      if (sent.version !== undefined) continue
      const table = this.#table(kind)
      const { version } = table
      const records = [...table.values()]
      for (let place = 0; place < records.length; place += recordsOfPart) {
        const part = records.slice(place, place + recordsOfPart)
        const put = part.map((record) => describe(kind, record))
        yield { ...this.#head(), put, gone: [] }
        for (const record of part) this.#note(kind, record.id, record)
        this.stamp++
      }
      sent.version = version
    }
    for (const part of this.#owners.parts()) {
      yield { ...this.#head(), put: [], gone: [], ...part }
      this.stamp++
    }
  }

  /** Returns the changes since. @throws AccountNotLoaded if another account is needed that is not in memory */
  pending(): Pending {
    const changed = new Map(kinds.map((kind) => [kind, this.#changedOf(kind)]))
    this.#addDependents(changed)
    const versions = new Map(kinds.map((kind) => [kind, this.#table(kind).version]))
    const put: PutRecord[] = []
    const gone: [RecordKind, string][] = []
    const notes: (readonly [RecordKind, string, AnyRecord | undefined])[] = []
    const describe = this.#describer()
    for (const [kind, ids] of changed) {
      const table = this.#table(kind)
      for (const id of ids) {
        const record = table.find(id)
        notes.push([kind, id, record])
        if (record === undefined) {
          if (this.#sent[kind].records.has(id)) gone.push([kind, id])
        } else put.push(describe(kind, record))
      }
    }
    const owners = this.#owners.pending(this.#renamedIn(changed.get('users')!))
    const profiles = this.#profilesNow()
    const inventory = this.#inventoryNow(changed)
    const organization = JSON.stringify(organizationOf(this.account, this.#deps))
    const isInventoryNew = inventory.text !== this.#inventory?.text
    const isOrganizationNew = organization !== this.#organization
    const { credentials } = owners
    const isSame =
      put.length + gone.length + credentials.length === 0 && !isInventoryNew && !isOrganizationNew
    const keep = (): void => {
      for (const [kind, version] of versions) this.#sent[kind].version = version
      for (const note of notes) this.#note(...note)
      owners.keep()
      this.#profiles = profiles
      this.#inventory = inventory
      this.#organization = organization
      if (!isSame) this.stamp++
    }
    if (isSame) return { change: undefined, keep }
    const change = {
      ...this.#head(),
      put,
      gone,
      ...(credentials.length > 0 ? { credentials } : {}),
      ...(isInventoryNew ? { inventory: inventory.text } : {}),
      ...(isOrganizationNew ? { organization } : {}),
    }
    return { change, keep }
  }

  /** Describes records as images of the account have them. */
  #describer(): (kind: RecordKind, record: AnyRecord) => PutRecord {
    const images = describeRecords(this.account, shownTrust(this.account, this.#deps))
    let held: ReadonlyMap<string | undefined, readonly InstanceProfile[]> | undefined
    const profilesOf = (role: string): readonly InstanceProfileImage[] => {
      held ??= Map.groupBy(this.account.table(instanceProfiles).values(), ({ roleId }) => roleId)
      return held.get(role)?.map(images.instanceProfile) ?? []
    }
    return (kind, record) => {
      const { id } = record
      switch (kind) {
        case 'users':
          return { kind, id, image: images.user(record as User) } // of the table of this kind
        case 'groups':
          return { kind, id, image: images.group(record as Group) } // of the table of this kind
        case 'policies':
          return { kind, id, image: images.policy(record as ManagedPolicy) } // of the table of this kind
        case 'roles': {
          const image = images.role(record as Role) // of the table of this kind
          return { kind, id, image, profiles: profilesOf(id) }
        }
      }
    }
  }

  #table(kind: RecordKind): Table<AnyRecord> {
    // the records of each have what `AnyRecord` names
    return this.account.table(definitions[kind] as TableDefinition<never>) as unknown as Table<AnyRecord>
  }

  #head() {
    return { partition: this.account.partition, account: this.account.id }
  }

  #note(kind: RecordKind, id: string, record: AnyRecord | undefined): void {
    const { records } = this.#sent[kind]
    if (record === undefined) records.delete(id)
    else records.set(id, record)
    if (kind !== 'roles') return
    if (record?.trust !== undefined && uniqueId.test(record.trust)) this.#byId.add(id)
    else this.#byId.delete(id)
  }

  /** The ids of the records of a kind that are other objects than those that were sent. */
  #changedOf(kind: RecordKind): Set<string> {
    const { version, records } = this.#sent[kind]
    const table = this.#table(kind)
    const named = version === undefined ? undefined : table.changedSince(version)
    const ids = named ?? new Set([...records.keys(), ...table.keys()])
    return new Set([...ids].filter((id) => table.find(id) !== records.get(id)))
  }

  /** Adds the records whose entries are made of others that have changed. */
  #addDependents(changed: ReadonlyMap<RecordKind, Set<string>>): void {
    const changedRoles = changed.get('roles')!
    const changedUsers = changed.get('users')!
    const renamed = new Set([...changed.get('groups')!].filter((id) => this.#isOther('groups', id)))
    if (renamed.size > 0)
      for (const { id, groups: own = [] } of this.account.table(users).values())
        if (own.some((group) => renamed.has(group))) changedUsers.add(id)
    const before = this.#profiles?.roleOf
    const now = this.#profilesNow().roleOf
    if (before !== now && before !== undefined)
      for (const profile of new Set([...before.keys(), ...now.keys()]))
        if (before.get(profile) !== now.get(profile))
          for (const role of [before.get(profile), now.get(profile)])
            if (role !== undefined) changedRoles.add(role)
    if (this.#byId.size > 0 && this.#hasOtherPrincipals(changed))
      for (const id of this.#byId) changedRoles.add(id)
  }

  /** Whether a record is new, gone, or has another name. */
  #isOther(kind: RecordKind, id: string): boolean {
    const now = this.#table(kind).find(id)
    return now?.name !== this.#sent[kind].records.get(id)?.name
  }

  #hasOtherPrincipals(changed: ReadonlyMap<RecordKind, ReadonlySet<string>>): boolean {
    return (['users', 'roles'] as const).some((kind) =>
      [...changed.get(kind)!].some((id) => this.#isOther(kind, id)),
    )
  }

  /** Whether the inventory may name other people: someone is gone or renamed, or is new and a policy may name them by id. */
  #namesPrincipalsAnew(changed: ReadonlyMap<RecordKind, ReadonlySet<string>>): boolean {
    if (!this.#hasOtherPrincipals(changed)) return false
    if (this.account.table(functions).size + this.account.table(resourcePolicies).size > 0) return true
    return (['users', 'roles'] as const).some((kind) => this.#renamedIn(changed.get(kind)!, kind).size > 0)
  }

  /** The principals among these that are gone or renamed. */
  #renamedIn(ids: ReadonlySet<string>, kind: 'users' | 'roles' = 'users'): ReadonlySet<string> {
    const { records } = this.#sent[kind]
    return new Set([...ids].filter((id) => records.has(id) && this.#isOther(kind, id)))
  }

  #profilesNow() {
    const table = this.account.table(instanceProfiles)
    if (this.#profiles?.version === table.version) return this.#profiles
    const roleOf = new Map([...table.values()].map(({ id, roleId }) => [id, roleId]))
    return { version: table.version, roleOf }
  }

  #inventoryNow(changed: ReadonlyMap<RecordKind, ReadonlySet<string>>) {
    const { account } = this
    const principals =
      account.table(centerAssignments).size === 0 ? undefined : this.#deps.directory.people(account.id)
    const versionIn = (of: Account) => (definition: unknown) =>
      of.table<never, never>(definition as TableDefinition<never>).version // only the version is read
    const versions = [
      ...inventoryTables.map(versionIn(account)),
      ...(principals === undefined ? [] : principalsTables.map(versionIn(principals))),
    ].join('.')
    const isSame = this.#inventory?.versions === versions && !this.#namesPrincipalsAnew(changed)
    if (isSame && this.#inventory !== undefined) return this.#inventory
    return { versions, text: JSON.stringify(resourcesOf(this.account, this.#deps)) }
  }
}
