/** The longest turns of the main thread beside a directory of IAM Identity Center of the greatest size. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import { parseAccountId, peopleBeside, Secret, systemRandom } from '../../packages/server/src/base/index.ts'
import {
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centerUsers,
  Directory,
} from '../../packages/server/src/directory/index.ts'
import { enableCenter, Omen, setCenterPassword } from '../../packages/server/src/gate/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

const size = { users: 99_900, groups: 9_900, members: 90_000, assignments: 5_000, together: 2_000 } as const
/** Calls of a row. */
const repeats = 10
const account = parseAccountId('123456789012')!
const password = 'Correct-Horse-7'
const host = '127.0.0.1'

const idOf = (kind: string, n: number) => `${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`
const userOf = (n: number) => idOf('aaaaaaaa', n)
const groupOf = (n: number) => idOf('bbbbbbbb', n)
const membershipOf = (n: number) => idOf('cccccccc', n)

/** Writes the figures to standard output. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-people-'))
  const store = await openSqliteStore({ file: join(folder, 'omen.db') })
  const omen = await Omen.open({
    store,
    apis: servedApis,
    masterKey: systemRandom.bytes(32),
    account,
    mode: 'enforce',
    version: 'bench',
    complain: (error) => process.stderr.write(`${String(error)}\n`),
  })
  try {
    const asked = await ground(omen)
    await fill(omen, asked.set)
    await rows(asked)
    for (let n = 0; n < 2; n++)
      await row('the directory read from the disk', 1, () => new Directory(store).find(peopleBeside(account)))
  } finally {
    await omen.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Asked = Awaited<ReturnType<typeof ground>>
type Input = Readonly<Record<string, unknown>>

/** An instance with a permission set. */
async function ground(omen: Omen) {
  const { deps, firstKeys } = omen
  const first = (await deps.directory.find(account))!
  const send = async (service: string, type: string, more: Record<string, string>, text: string) => {
    const headers = { host, 'content-type': type, ...more }
    const body = Buffer.from(text)
    const request = { method: 'POST', rawPath: '/', rawQuery: '', headers, body }
    const { accessKeyId, secretAccessKey } = firstKeys.admin
    const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service }
    const signed = signedHeaders(request, signer, Date.now())
    const answer = await omen.answer({ ...request, headers: signed, remoteAddress: host, secure: false })
    if (answer.status !== 200) throw new Error(`${text}: ${answer.body}`)
    return answer.body?.toString() ?? ''
  }
  const call = async (service: string, target: string, input: Input) =>
    JSON.parse(
      (await send(
        service,
        'application/x-amz-json-1.1',
        { 'x-amz-target': target },
        JSON.stringify(input),
      )) || '{}',
    )
  await enableCenter(deps, undefined, (service, operation, input) => {
    if (service === 'organizations') return call(service, `AWSOrganizationsV20161128.${operation}`, input)
    const form = new URLSearchParams({
      Action: operation,
      Version: '2010-05-08',
      ...(input as Record<string, string>), // texts alone, as CreateServiceLinkedRole has
    })
    return send(service, 'application/x-www-form-urlencoded', {}, form.toString())
  })
  const center = centerOf(first)!
  const store = (operation: string, input: Input) =>
    call('identitystore', `AWSIdentityStore.${operation}`, { IdentityStoreId: center.storeId, ...input })
  const InstanceArn = `arn:aws:sso:::instance/${center.id}`
  const admin = (operation: string, input: Input) =>
    call('sso', `SWBExternalService.${operation}`, { InstanceArn, ...input })
  const { PermissionSet } = await admin('CreatePermissionSet', { Name: 'Reader' })
  const arn: string = PermissionSet.PermissionSetArn
  const start = async (fields: Record<string, string>) => {
    const body = Buffer.from(new URLSearchParams(fields).toString())
    const headers = { host, 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}` }
    const request = { method: 'POST', rawPath: '/signin/portal', rawQuery: '', headers, body }
    const answer = await omen.answer({ ...request, remoteAddress: host, secure: false })
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.body}`)
    return answer
  }
  return { store, admin, start, arn, set: arn.slice(arn.lastIndexOf('/') + 1) }
}

/** User 0 is in every group, and every user in group 0. */
async function fill({ deps }: Omen, set: string): Promise<void> {
  const { directory } = deps
  const people = await directory.findPeople(account)
  const owner = (await directory.find(account))!
  const put = async (most: number, one: (n: number) => void) => {
    for (let from = 0; from < most; from += size.together) {
      for (let n = from; n < Math.min(most, from + size.together); n++) one(n)
      await directory.commit([])
    }
  }
  const at = { createdAt: 1, updatedAt: 1 }
  await put(size.users, (n) => {
    const Name = { GivenName: `Given${n}`, FamilyName: `Family${n}` }
    const Emails = [{ Value: `user${n}@example.com`, Type: 'work', Primary: true }]
    const given = { DisplayName: `User ${n}`, Name, Emails, Title: 'Engineer', Locale: 'en' }
    people.table(centerUsers).put({ id: userOf(n), userName: `user${n}`, given, enabled: true, ...at })
  })
  await put(size.groups, (n) =>
    people
      .table(centerGroups)
      .put({ id: groupOf(n), displayName: `group${n}`, description: 'of the bench', ...at }),
  )
  const member = (n: number, group: number, user: number) =>
    people
      .table(centerMemberships)
      .put({ id: membershipOf(n), group: groupOf(group), user: userOf(user), createdAt: 1 })
  await put(size.members, (n) => member(n, 0, n))
  await put(size.groups - 1, (n) => member(size.members + n, n + 1, 0))
  await put(size.assignments, (n) =>
    owner.table(centerAssignments).put({ account, set, type: 'GROUP', principal: groupOf(n) }),
  )
  await setCenterPassword('user0', password, deps)
}

async function rows({ store, admin, start, arn }: Asked): Promise<void> {
  const each = (operation: string, input: (n: number) => Input) =>
    row(operation, repeats, (n) => store(operation, input(n)))
  await each('CreateUser', (n) => ({
    UserName: `new${n}`,
    DisplayName: 'New',
    Name: { GivenName: 'New', FamilyName: 'User' },
  }))
  await each('CreateGroup', (n) => ({ DisplayName: `new${n}` }))
  await each('CreateGroupMembership', (n) => ({
    GroupId: groupOf(n + 1),
    MemberId: { UserId: userOf(n + 1) },
  }))
  await each('ListUsers', () => ({ MaxResults: 100 }))
  await each('ListGroups', () => ({ MaxResults: 100 }))
  const unique = (AttributePath: string, AttributeValue: string) => ({
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  })
  await row('GetUserId by name', repeats, (n) => store('GetUserId', unique('userName', `user${n + 500}`)))
  await row('GetUserId by e-mail address', repeats, (n) =>
    store('GetUserId', unique('emails.value', `user${n + 500}@example.com`)),
  )
  await each('ListGroupMemberships', () => ({ GroupId: groupOf(0), MaxResults: 100 }))
  await each('ListGroupMembershipsForMember', () => ({ MemberId: { UserId: userOf(0) }, MaxResults: 100 }))
  const place = { PermissionSetArn: arn, AccountId: account, MaxResults: 100 }
  await row('ListAccountAssignments', repeats, () => admin('ListAccountAssignments', place))
  await row('ListAccountAssignmentsForPrincipal', repeats, () =>
    admin('ListAccountAssignmentsForPrincipal', { PrincipalId: groupOf(3), PrincipalType: 'GROUP' }),
  )
  await start({ userName: 'user0', password })
  await row('sign-in and the portal, 10,000 groups', 3, () => start({ userName: 'user0', password }))
  await row('DeleteUser of 10,000 groups', 1, () => store('DeleteUser', { UserId: userOf(0) }))
  await row('DeleteGroup of 90,000 members', 1, () => store('DeleteGroup', { GroupId: groupOf(0) }))
}

async function row(name: string, times: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let most = 0
  collected = 0
  const begun = performance.now()
  for (let n = 0; n < times; n++) most = Math.max(most, await longestTurn(() => work(n)))
  const lasted = (performance.now() - begun) / times
  await new Promise((resolve) => setTimeout(resolve, 20))
  const figures = [most, collected, lasted].map((each) => each.toFixed(1))
  process.stdout.write(
    `${name.padEnd(44)} longest turn ${figures[0]} ms, collection of memory ${figures[1]} ms; ${figures[2]} ms in all\n`,
  )
}

/** The longest time that the collector of memory stopped the thread for, in milliseconds, since the row began. */
let collected = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collected = Math.max(collected, duration)
}).observe({ entryTypes: ['gc'] })

/** The most processor time of this thread between two passes of the event loop while work goes on, in milliseconds. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [most, isOver] = [0, false]
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    most = Math.max(most, (user + system) / 1_000)
    before = process.threadCpuUsage()
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isOver = true
  look()
  return most
}
