import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { groups, policies, roles, type User, users } from '../../packages/server/src/directory/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'
import { SentAccount, type WorldChange } from '../../packages/server/src/services/omen/index.ts'
import {
  AccountMirror,
  comparePathsTo,
  type Known,
} from '../../packages/server/src/services/omen/search/index.ts'
import { Collections, measured, type Piece } from './collections.ts'
import { accountOf } from './graph-account.ts'
import { line } from './policy-rate.ts'

const watched = 5_000

interface InlinePolicy {
  readonly PolicyName: string
  readonly PolicyDocument: unknown
}

/** What of an entry of a dump is put into the server. */
interface Entry {
  readonly UserName?: string
  readonly RoleName?: string
  readonly GroupName?: string
  readonly PolicyName?: string
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[]
  readonly GroupList?: readonly string[]
  readonly AttachedManagedPolicies?: readonly { readonly PolicyArn: string }[]
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string }
  readonly UserPolicyList?: readonly InlinePolicy[]
  readonly RolePolicyList?: readonly InlinePolicy[]
  readonly AssumeRolePolicyDocument?: unknown
  readonly PolicyVersionList?: readonly { readonly VersionId: string; readonly Document: unknown }[]
}

type NameOf = 'UserName' | 'RoleName' | 'GroupName' | 'PolicyName'

/**
 * What a running server does to watch the paths to an administrator of 10,000 users and roles: the first look, and looks
 * after changes. Processor time; the pieces are those of the main thread.
 */
export async function benchWatch(): Promise<void> {
  await using omen = await createOmen({
    port: false,
    seed: { users: { ops: { policies: ['AdministratorAccess'] } } },
  })
  const name = fill(omen, watched)
  const { deps } = omen.omen
  await deps.directory.commit([])
  const account = deps.directory.loaded(parseAccountId(omen.account)!)
  const user = account?.table(users).findBy('name', name)
  if (account === undefined || user === undefined) throw new Error('the account is not in memory')
  const sent = new SentAccount(account, deps)
  let mirror: AccountMirror | undefined
  let known: Known | undefined
  function* changes(): Generator<void, readonly WorldChange[]> {
    const made: WorldChange[] = []
    for (const change of sent.parts()) {
      made.push(change)
      yield
    }
    const { change, keep } = sent.pending()
    keep()
    return change === undefined ? made : [...made, change]
  }
  const look = async (what: string): Promise<void> => {
    const collections = new Collections()
    const read = inPieces(changes())
    let now = mirror
    for (const change of read.value) now = AccountMirror.after(now, change)
    mirror = now
    if (now === undefined) throw new Error('nothing was sent')
    const compared = inPieces(comparePathsTo(now.world, known))
    known = compared.value
    const pieces = read.pieces // what the thread does keeps nobody waiting
    const times = pieces.map(({ took }) => took)
    const without = await collections.without(pieces)
    line(
      what,
      `${sum(read.pieces).toFixed(0)} + ${sum(compared.pieces).toFixed(0)} ms`,
      `sent by the main thread + compared by the other; ${compared.value.opened.length} opened; the longest of ${pieces.length} pieces ${longest(times)} ms, ${long(times)} above 10; without garbage collection ${longest(without)} ms, ${long(without)} above 10`,
    )
  }
  await look('watch: the first look at 10,000 users and roles')
  const put = (change: Partial<User>): void =>
    account.table(users).put({ ...(account.table(users).find(user.id) ?? user), ...change })
  put({ tags: [...user.tags, { Key: 'x', Value: 'y' }] })
  await look('watch: a tag of a user')
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
  put({ inline: { own: JSON.stringify({ Version: '2012-10-17', Statement }) } })
  await look('watch: a policy of a user')
  put({ attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] })
  await look('watch: a user becomes an administrator')
  account
    .table(users)
    .put({ ...user, id: 'AIDANEWUSERNEWUSER000', name: 'new', inline: {}, attached: [], groups: [] })
  await look('watch: a new user')
  const group = account.table(groups).findBy('name', 'team-3-leads')
  if (group !== undefined)
    account
      .table(groups)
      .put({ ...group, inline: { more: JSON.stringify({ Version: '2012-10-17', Statement }) } })
  await look('watch: a policy of a group')
  deps.directory.rollBack()
}

function sum(pieces: readonly Piece[]): number {
  return pieces.reduce((all, { took }) => all + took, 0)
}

function longest(times: readonly number[]): string {
  return times.reduce((most, each) => Math.max(most, each), 0).toFixed(0)
}

/** How many pieces take longer than is wanted. */
function long(times: readonly number[]): number {
  return times.filter((each) => each > 10).length
}

/** Does all pieces; what they end with, and what each took. */
function inPieces<Value>(work: Generator<unknown, Value>): {
  readonly value: Value
  readonly pieces: readonly Piece[]
} {
  const pieces: Piece[] = []
  for (;;) {
    const { value: next, piece } = measured(() => work.next())
    pieces.push(piece)
    if (next.done === true) return { value: next.value, pieces }
  }
}

/** Puts the account of the bench into a server, with so many users and as many roles. Returns the name of a user that comes to no administrator. */
export function fill(omen: Awaited<ReturnType<typeof createOmen>>, size: number): string {
  const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)
  if (account === undefined) throw new Error('the account is not in memory')
  const details: Readonly<Record<string, readonly Entry[]>> = JSON.parse(
    accountOf({ account: omen.account, users: size, roles: size }).details,
  )
  const common = (entry: Entry, name: NameOf, kind: string) => ({
    id: kind + String(entry[name]).replaceAll(/\W/g, '').toUpperCase().padStart(17, 'A'),
    name: String(entry[name]),
    path: '/',
    createdAt: 0,
    tags: entry.Tags ?? [],
    attached: (entry.AttachedManagedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    ...(entry.PermissionsBoundary === undefined
      ? {}
      : { boundaryArn: entry.PermissionsBoundary.PermissionsBoundaryArn }),
  })
  const inline = (all: Entry['UserPolicyList'] = []) =>
    Object.fromEntries(
      all.map(({ PolicyName, PolicyDocument }) => [String(PolicyName), JSON.stringify(PolicyDocument)]),
    )
  const ids = new Map<string, string>()
  for (const entry of details.GroupDetailList ?? []) {
    const group = { ...common(entry, 'GroupName', 'AGPA'), inline: {} }
    ids.set(group.name, group.id)
    account.table(groups).put(group)
  }
  for (const entry of details.Policies ?? []) {
    const versions = (entry.PolicyVersionList ?? []).map(({ VersionId, Document }) => ({
      id: String(VersionId),
      document: JSON.stringify(Document),
      createdAt: 0,
    }))
    account.table(policies).put({
      ...common(entry, 'PolicyName', 'ANPA'),
      updatedAt: 0,
      defaultVersion: 'v1',
      versions,
      nextVersion: 2,
    })
  }
  for (const entry of details.UserDetailList ?? [])
    account.table(users).put({
      ...common(entry, 'UserName', 'AIDA'),
      inline: inline(entry.UserPolicyList),
      groups: (entry.GroupList ?? []).flatMap((name) => ids.get(name) ?? []),
    })
  for (const entry of details.RoleDetailList ?? [])
    account.table(roles).put({
      ...common(entry, 'RoleName', 'AROA'),
      inline: inline(entry.RolePolicyList),
      trust: JSON.stringify(entry.AssumeRolePolicyDocument),
      maxSessionSeconds: 3600,
    })
  const [plain] = [...account.table(users).values()].filter(
    ({ groups: own, attached, boundaryArn, name }) =>
      own.length === 1 && attached.length === 0 && boundaryArn === undefined && name !== 'ops',
  )
  return plain?.name ?? ''
}
