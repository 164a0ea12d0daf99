import { attachablePolicies, managedPolicies } from '../../authorization/catalogue/index.ts'
import {
  type Account,
  accessKeys,
  groups,
  instanceProfiles,
  instances,
  loginProfiles,
  mfaDevices,
  oidcProviders,
  policies,
  resourcePolicies,
  roles,
  samlProviders,
  users,
} from '../../directory/index.ts'
import {
  awsPoliciesCounting,
  readAwsPolicy,
  readInventory,
  readOrganization,
  readWorld,
  scpsOf,
  type World,
} from '../../graph/index.ts'
import { functions } from '../lambda/index.ts'
import { detailEntries, inventoryOf, organizationOf, type WorldHouse } from './world.ts'

/** After so many records that are read, others may have their turn; after so many that are only compared. */
const recordsMost = 40
const comparedMost = 2_000

/** What a record was read as. */
interface Kept<Read> {
  readonly record: object
  /** What else the entry depends on. */
  readonly context: string
  /** Whether the entry depends on what `Contexts.wide` names. */
  readonly isWide: boolean
  readonly text: string
  readonly read: Read
}

/** What entries of one kind depend on beside their records. */
interface Contexts<Of> {
  readonly usual: string
  /** What those depend on for which `isWide` returns true. */
  readonly wide: string
  readonly isWide: (record: Of) => boolean
}

type Kind = 'users' | 'roles' | 'groups' | 'policies'

/** The names of the lists in a dump. */
const lists: Readonly<Record<Kind, string>> = {
  users: 'UserDetailList',
  roles: 'RoleDetailList',
  groups: 'GroupDetailList',
  policies: 'Policies',
}

/** A unique id of a user or a role, as stored trust policies have it in place of an ARN. */
const uniqueId = /A(?:ID|RO)A[A-Z0-9]{8,}/

/**
 * The world of one account, kept up to date: a record that has not changed is not read again, and what was read from it
 * is the same object.
 */
export class WorldKeeper {
  readonly #house: WorldHouse
  readonly #kept: Readonly<Record<Kind, Map<string, Kept<unknown>>>> = {
    users: new Map(),
    roles: new Map(),
    groups: new Map(),
    policies: new Map(),
  }
  /** The managed policies of AWS that some principal has. */
  readonly #aws = new Map<string, unknown>()
  #inventory:
    | {
        readonly versions: string
        readonly users: World['users']
        readonly text: string
        readonly read: World['inventory']
      }
    | undefined
  #organization: { readonly text: string; readonly read: World['organization'] } | undefined
  #world: World | undefined

  constructor(house: WorldHouse) {
    this.#house = house
  }

  /**
   * The account as it is now. It must not change between two pieces, or the rest must be read again.
   * @throws AccountNotLoaded if another account is needed that is not in memory
   */
  *read(account: Account): Generator<void, World> {
    const entries = detailEntries(account, this.#house)
    const versions = (...tables: readonly { readonly version: number }[]): string =>
      tables.map(({ version }) => version).join('.')
    const people = versions(account.table(users), account.table(roles))
    const ofGroups = versions(account.table(groups))
    const ofProfiles = versions(account.table(instanceProfiles))
    const usersNow = yield* this.#records(
      'users',
      account.table(users).ordered('name'),
      entries.user,
      only(ofGroups),
    )
    const organization = this.#readOrganization(account)
    const texts = { awsPolicies: attachablePolicies }
    for (const arn of awsPoliciesCounting(scpsOf(organization), account.partition, texts)) {
      const text = this.#aws.has(arn) ? undefined : managedPolicies(account.partition).find(arn)?.document
      if (text !== undefined) this.#aws.set(arn, readAwsPolicy(arn, text))
    }
    const world: World = {
      partition: account.partition,
      account: account.id,
      users: usersNow,
      groups: yield* this.#records('groups', account.table(groups).ordered('name'), entries.group, only('')),
      roles: yield* this.#records('roles', account.table(roles).ordered('name'), entries.role, {
        usual: ofProfiles,
        wide: `${ofProfiles} ${people}`,
        isWide: ({ trust }) => uniqueId.test(trust),
      }),
      policies: yield* this.#records(
        'policies',
        account.table(policies).ordered('name'),
        entries.policy,
        only(''),
      ),
      inventory: this.#readInventory(account, usersNow),
      organization,
      origin: () => undefined,
      problems: [],
    }
    this.#world = world
    return world
  }

  /** What the records of one kind are read as; the same map if nothing has changed. */
  *#records<Of extends object, Name extends Kind>(
    kind: Name,
    live: readonly (Of & { readonly id: string })[],
    entryOf: (record: Of) => object,
    { usual, wide, isWide: isWideFor }: Contexts<Of>,
  ): Generator<void, World[Name]> {
    const records = [...live] // calls between the pieces change the table
    const kept = this.#kept[kind]
    const changed: {
      readonly id: string
      readonly record: object
      readonly context: string
      readonly isWide: boolean
      readonly text: string
    }[] = []
    let isSame = kept.size === records.length
    let count = 0
    for (const record of records) {
      if (++count % comparedMost === 0) yield
      const known = kept.get(record.id)
      const isWide = known?.record === record ? known.isWide : isWideFor(record)
      const context = isWide ? wide : usual
      if (known?.record === record && known.context === context) continue
      const text = JSON.stringify(entryOf(record))
      if (known?.text === text) kept.set(record.id, { ...known, record, context, isWide })
      else {
        changed.push({ id: record.id, record, context, isWide, text })
        isSame = false
      }
    }
    for (let place = 0; place < changed.length; place += recordsMost) {
      const batch = changed.slice(place, place + recordsMost)
      const world = readWorld({
        details: `{"${lists[kind]}":[${batch.map(({ text }) => text).join()}]}`,
        awsPolicy: (arn) =>
          this.#aws.has(arn) ? undefined : managedPolicies(arn.split(':')[1]).find(arn)?.document,
        awsPolicies: attachablePolicies,
      })
      for (const [arn, policy] of world.policies)
        if (!policy.isCustomerManaged && !this.#aws.has(arn)) this.#aws.set(arn, policy)
      const read = [...world[kind].values()].filter(
        (each) => !('isCustomerManaged' in each) || each.isCustomerManaged,
      )
      for (const [at, { id, ...rest }] of batch.entries()) kept.set(id, { ...rest, read: read[at] })
      yield
    }
    if (kept.size > records.length) {
      const ids = new Set(records.map(({ id }) => id))
      for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id)
    }
    const before = this.#world?.[kind]
    const isAwsSame = kind !== 'policies' || this.#awsRead === this.#aws.size
    if (isSame && isAwsSame && before !== undefined) return before
    const found = new Map<string, unknown>()
    if (kind === 'policies') {
      this.#awsRead = this.#aws.size
      for (const [arn, policy] of this.#aws) found.set(arn, policy)
    }
    for (const { id } of records) {
      // `readWorld` has read a user, a role, a group or a policy
      const read = kept.get(id)?.read as { readonly arn: string; readonly name: string }
      found.set(kind === 'groups' ? read.name : read.arn, read)
    }
    return found as World[Name] // `readWorld` has read a list of this kind
  }

  /** How many managed policies of AWS the last map of policies has. */
  #awsRead = 0

  /** The inventory is made again if one of its tables has changed, or there are other users. */
  #readInventory(account: Account, usersNow: World['users']): World['inventory'] {
    const versions = [
      account.table(accessKeys),
      account.table(loginProfiles),
      account.table(mfaDevices),
      account.table(functions),
      account.table(instances),
      account.table(instanceProfiles),
      account.table(resourcePolicies),
      account.table(oidcProviders),
      account.table(samlProviders),
    ]
      .map(({ version }) => version)
      .join('.')
    const known = this.#inventory
    if (known?.versions === versions && haveEqualKeys(known.users, usersNow)) return known.read
    const made = inventoryOf(account, this.#house)
    const text = JSON.stringify(made)
    const read = known?.text === text ? known.read : readInventory(made)
    this.#inventory = { versions, users: usersNow, text, read }
    return read
  }

  #readOrganization(account: Account): World['organization'] {
    const made = organizationOf(account, this.#house)
    const text = JSON.stringify(made)
    if (this.#organization?.text !== text) this.#organization = { text, read: readOrganization(made) }
    return this.#organization?.read ?? readOrganization(made)
  }
}

/** The contexts of a kind whose entries all depend on the same. */
function only(usual: string): Contexts<unknown> {
  return { usual, wide: usual, isWide: () => false }
}

function haveEqualKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one === other) return true
  if (one.size !== other.size) return false
  for (const key of one.keys()) if (!other.has(key)) return false
  return true
}
