import { attachablePolicies, managedPolicies } from '../../../authorization/catalogue/index.ts'
import {
  awsPoliciesCounting,
  readAwsPolicy,
  readInventory,
  readOrganization,
  readWorld,
  scpsOf,
  type World,
} from '../../../graph/index.ts'
import { type RecordKind, type WorldChange, withEveryUser } from '../index.ts'

/** The parsed form of an entry. */
interface Entry {
  readonly text: string
  readonly read: { readonly arn: string; readonly name?: string }
}

type Entries = Readonly<Record<RecordKind, ReadonlyMap<string, Entry>>>
type Maps = Pick<World, RecordKind>

/** The names of the lists in a dump. */
const lists: Readonly<Record<RecordKind, string>> = {
  users: 'UserDetailList',
  roles: 'RoleDetailList',
  groups: 'GroupDetailList',
  policies: 'Policies',
}

const kinds = Object.keys(lists) as RecordKind[] // the keys of a record of kinds

interface State {
  readonly partition: string
  readonly account: string
  readonly entries: Entries
  readonly maps: Maps
  readonly inventory: { readonly text: string; readonly read: World['inventory'] }
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
      inventory: inventory.read,
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
    inventory: { text: '{}', read: readInventory({}) },
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
    Object.assign(maps, { [kind]: mapOf(kind, entries[kind], aws) })
  }
  return {
    ...before,
    entries,
    maps,
    organization,
    inventory: inventoryAfter(before, maps.users, change.inventory),
  }
}

/** The inventory names each user, so it is read again if there are others. */
function inventoryAfter(
  { inventory, maps }: State,
  users: Maps['users'],
  text = inventory.text,
): State['inventory'] {
  if (text === inventory.text && haveEqualKeys(maps.users, users)) return inventory
  const names = [...users.values()].map(({ name }) => name)
  return { text, read: readInventory(withEveryUser(JSON.parse(text), names)) }
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

/** The entries of a kind after a change; the same map if none of them is another. */
function entriesAfter(
  kind: RecordKind,
  { entries, aws }: State,
  change: WorldChange,
): ReadonlyMap<string, Entry> {
  const before = entries[kind]
  const put = change.put.filter(([of, id, text]) => of === kind && before.get(id)?.text !== text)
  const gone = change.gone.filter(([of, id]) => of === kind && before.has(id))
  if (put.length + gone.length === 0) return before
  const after = new Map(before)
  for (const [, id] of gone) after.delete(id)
  if (put.length === 0) return after
  const world = readWorld({
    details: `{"${lists[kind]}":[${put.map(([, , text]) => text).join()}]}`,
    awsPolicy: (arn) => (aws.has(arn) ? undefined : managedPolicies(arn.split(':')[1]).find(arn)?.document),
    awsPolicies: attachablePolicies,
  })
  for (const [arn, policy] of world.policies)
    if (!policy.isCustomerManaged && !aws.has(arn)) aws.set(arn, policy)
  const read = [...world[kind].values()].filter(
    (each) => !('isCustomerManaged' in each) || each.isCustomerManaged,
  )
  for (const [at, [, id, text]] of put.entries()) after.set(id, { text, read: read[at]! })
  return after
}

/** Everything of a kind by ARN, groups by name; in the order of names, whatever the order of changes. */
function mapOf(kind: RecordKind, entries: ReadonlyMap<string, Entry>, aws: State['aws']) {
  const found = new Map<string, unknown>(kind === 'policies' ? aws : [])
  const inOrder = [...entries.values()]
    .map(({ read }) => ({ read, key: nameOf(read).toLowerCase() }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
  for (const { read } of inOrder) found.set(kind === 'groups' ? nameOf(read) : read.arn, read)
  return found
}

function nameOf({ arn, name }: Entry['read']): string {
  return name ?? arn.slice(arn.lastIndexOf('/') + 1)
}
