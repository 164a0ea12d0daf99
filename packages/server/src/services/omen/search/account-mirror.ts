import { attachablePolicies, managedPolicies } from '../../../authorization/catalogue/index.ts'
import type { AccountId, Partition } from '../../../base/index.ts'
import {
  awsPoliciesCounting,
  isEqualPart,
  readAwsPolicy,
  readInventory,
  readOrganization,
  scpsOf,
  type World,
  worldOfImage,
} from '../../../graph/index.ts'
import { emptyAccount, type SourcePlace } from '../../../image/index.ts'
import { type CredentialKind, credentialKinds, type RecordKind, type WorldChange } from '../index.ts'

/** A record as the graph has it. */
type Read = NonNullable<ReturnType<World[RecordKind]['get']>> & { readonly name?: string }

type Entries = Readonly<Record<RecordKind, ReadonlyMap<string, Read>>>
type Maps = Pick<World, RecordKind>
type Credentials = Readonly<Record<CredentialKind, ReadonlyMap<string, string>>>

const kinds: readonly RecordKind[] = ['users', 'roles', 'groups', 'policies']

/** The place of everything that is sent: it is in no file. */
const at: SourcePlace = { file: '', line: 1, column: 1 }

interface State {
  readonly partition: Partition
  readonly account: AccountId
  readonly entries: Entries
  readonly maps: Maps
  /** The names of the users of credentials, by their ids. */
  readonly credentials: Credentials
  /** The inventory as it was sent, without the credentials. */
  readonly resources: { readonly text: string; readonly read: World['inventory'] }
  readonly inventory: World['inventory']
  readonly organization: { readonly text: string; readonly read: World['organization'] }
  /** The managed policies of AWS that count, by ARN. They never change, so all states of an account share them. */
  readonly aws: Map<string, unknown>
}

/**
 * An account in the thread that searches. A change makes another one: what has not changed is the same object, by which the
 * graph knows what it need not ask again.
 */
export class AccountMirror {
  readonly #state: State
  #world: World | undefined

  private constructor(state: State) {
    this.#state = state
  }

  /** The account after a change; `undefined` is an account of which nothing is known. */
  static after(before: AccountMirror | undefined, change: WorldChange): AccountMirror {
    return new AccountMirror(changed(before === undefined ? empty(change) : before.#state, change))
  }

  get world(): World {
    const { partition, account, maps, inventory, organization } = this.#state
    this.#world ??= {
      partition,
      account,
      ...maps,
      inventory,
      organization: organization.read,
      origin: () => undefined,
      problems: [],
    }
    return this.#world
  }
}

function empty({ partition, account }: WorldChange): State {
  const none = new Map()
  return {
    partition,
    account,
    entries: { users: none, roles: none, groups: none, policies: none },
    maps: { users: none, roles: none, groups: none, policies: none },
    credentials: { accessKeys: none, loginProfiles: none, mfaDevices: none },
    resources: { text: '{}', read: readInventory({}) },
    inventory: readInventory({}),
    organization: { text: '{}', read: readOrganization({}) },
    aws: new Map(),
  }
}

function changed(before: State, change: WorldChange): State {
  const { partition, aws } = before
  const organization = again(before.organization, change.organization, readOrganization)
  const known = aws.size
  const texts = { awsPolicies: attachablePolicies }
  for (const arn of awsPoliciesCounting(scpsOf(organization.read), partition, texts)) noteAws(arn, before)
  const entries = { ...before.entries }
  for (const kind of kinds) entries[kind] = entriesAfter(kind, before, change)
  const maps = { ...before.maps }
  for (const kind of kinds) {
    if (entries[kind] === before.entries[kind] && !(kind === 'policies' && aws.size > known)) continue
    Object.assign(maps, { [kind]: mapAfter(kind, before, entries[kind]) })
  }
  const resources = again(before.resources, change.inventory, readInventory)
  const credentials = credentialsAfter(before.credentials, change)
  const isSame =
    resources === before.resources &&
    credentials === before.credentials &&
    haveEqualKeys(before.maps.users, maps.users)
  const inventory = isSame ? before.inventory : inventoryOf(resources.read, credentials, maps.users)
  return { ...before, entries, maps, organization, credentials, resources, inventory }
}

function credentialsAfter(before: Credentials, { credentials = [] }: WorldChange): Credentials {
  if (credentials.length === 0) return before
  const after = { ...before }
  for (const kind of credentialKinds) {
    const changed = credentials.filter(([of]) => of === kind)
    if (changed.length === 0) continue
    const users = new Map(before[kind])
    for (const [, id, user] of changed) {
      if (user === undefined) users.delete(id)
      else users.set(id, user)
    }
    after[kind] = users
  }
  return after
}

/** The inventory with the credentials of all users: it counts those of each, also of those who have none. */
function inventoryOf(
  resources: World['inventory'],
  { accessKeys, loginProfiles, mfaDevices }: Credentials,
  users: Maps['users'],
): World['inventory'] {
  const counted = (owners: ReadonlyMap<string, string>): ReadonlyMap<string, number> => {
    const counts = new Map([...users.values()].map(({ name }) => [name, 0]))
    for (const name of owners.values()) counts.set(name, (counts.get(name) ?? 0) + 1)
    return counts
  }
  return {
    ...resources,
    accessKeys: counted(accessKeys),
    loginProfiles: new Set(loginProfiles.values()),
    mfaDevices: counted(mfaDevices),
  }
}

function haveEqualKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one === other) return true
  if (one.size !== other.size) return false
  for (const key of one.keys()) if (!other.has(key)) return false
  return true
}

function again<Read>(
  before: { readonly text: string; readonly read: Read },
  text: string | undefined,
  read: (made: unknown) => Read,
) {
  return text === undefined || text === before.text ? before : { text, read: read(JSON.parse(text)) }
}

function noteAws(arn: string, { aws, partition }: State): void {
  if (aws.has(arn)) return
  const text = managedPolicies(partition).find(arn)?.document
  if (text !== undefined) aws.set(arn, readAwsPolicy(arn, text))
}

/** The records of a kind after a change; the same map if none of them is another. */
function entriesAfter(
  kind: RecordKind,
  { account, partition, entries, aws }: State,
  change: WorldChange,
): ReadonlyMap<string, Read> {
  const before = entries[kind]
  const put = change.put.filter((record) => record.kind === kind)
  const gone = change.gone.filter(([of, id]) => of === kind && before.has(id))
  if (put.length + gone.length === 0) return before
  const after = new Map(before)
  for (const [, id] of gone) after.delete(id)
  if (put.length === 0) return after
  const image = {
    ...emptyAccount(account, partition, at),
    [kind]: put.map((record) => record.image),
    instanceProfiles: put.flatMap((record) => (record.kind === 'roles' ? record.profiles : [])),
  }
  const world = worldOfImage(image, {
    awsPolicy: (arn) => (aws.has(arn) ? undefined : managedPolicies(arn.split(':')[1]).find(arn)?.document),
    awsPolicies: attachablePolicies,
  })
  for (const [arn, policy] of world.policies)
    if (!policy.isCustomerManaged && !aws.has(arn)) aws.set(arn, policy)
  const read: readonly Read[] = [...world[kind].values()].filter(
    (each) => !('isCustomerManaged' in each) || each.isCustomerManaged,
  )
  let isSame = gone.length === 0
  for (const [place, { id }] of put.entries()) {
    const was = before.get(id)
    const is = read[place]!
    if (was !== undefined && isEqualPart(was, is)) continue
    after.set(id, is)
    isSame = false
  }
  return isSame ? before : after
}

/** Everything of a kind after a change. If nothing is new or gone, what differs takes the place of what was there. */
function mapAfter(kind: RecordKind, { entries, maps, aws }: State, after: Entries[RecordKind]) {
  const before = entries[kind]
  const replaced = [...after].filter(([id, read]) => before.get(id) !== read)
  const isInPlace = replaced.every(([id, read]) => {
    const was = before.get(id)
    return was !== undefined && keyOf(kind, was) === keyOf(kind, read)
  })
  if (replaced.length === 0 || !isInPlace || before.size !== after.size) return mapOf(kind, after, aws)
  const found = new Map<string, unknown>(maps[kind])
  for (const [, read] of replaced) found.set(keyOf(kind, read), read)
  if (kind === 'policies') for (const [arn, policy] of aws) found.set(arn, policy)
  return found
}

/** Everything of a kind by ARN, groups by name; in the order of names, whatever the order of changes. */
function mapOf(kind: RecordKind, entries: ReadonlyMap<string, Read>, aws: State['aws']) {
  const found = new Map<string, unknown>(kind === 'policies' ? aws : [])
  const inOrder = [...entries.values()]
    .map((read) => ({ read, key: nameOf(read).toLowerCase() }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
  for (const { read } of inOrder) found.set(keyOf(kind, read), read)
  return found
}

function keyOf(kind: RecordKind, read: Read): string {
  return kind === 'groups' ? nameOf(read) : read.arn
}

function nameOf({ arn, name }: Read): string {
  return name ?? arn.slice(arn.lastIndexOf('/') + 1)
}
