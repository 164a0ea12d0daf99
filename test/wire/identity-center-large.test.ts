import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { peopleBeside } from '../../packages/server/src/base/index.ts'
import { leave } from '../../packages/server/src/center/index.ts'
import {
  centerAssignments,
  centerGroups,
  centerLeavings,
  centerMemberships,
  centerUsers,
  Directory,
} from '../../packages/server/src/directory/index.ts'
import { centerServer } from './center-house.ts'

const omen = await createOmen()
after(() => omen.close())

test('SSO-104: nothing that people and clients ask looks at the whole of a directory', async () => {
  const server = await centerServer(omen)
  const { password, set } = await server.lent('alice', 'Developer', '{"Version":"2012-10-17","Statement":[]}')
  const group = (await server.store('CreateGroup', { DisplayName: 'all' })).GroupId
  const { directory, firstAccount } = omen.omen.deps
  const account = await directory.find(firstAccount)
  assert.ok(account)
  const people = await directory.findPeople(firstAccount)
  const users = 3_000
  const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  await directory.settle(async () => {
    for (let n = 0; n < users; n++) {
      const id = idOf(n)
      const given = { DisplayName: id, Emails: [{ Value: `${id}@Example.com` }] }
      people
        .table(centerUsers)
        .put({ id, userName: `name${n}`, given, enabled: true, createdAt: 1, updatedAt: 1 })
      people.table(centerMemberships).put({ id: `of-${id}`, group, user: id, createdAt: 1 })
    }
    await directory.commit([])
  })
  people.table(centerUsers).values = () => assert.fail('all users')
  people.table(centerGroups).values = () => assert.fail('all groups')
  people.table(centerMemberships).values = () => assert.fail('all memberships')
  account.table(centerAssignments).values = () => assert.fail('all assignments')

  const seen = new Set<string>()
  let token: string | undefined
  let pages = 0
  do {
    const page = await server.store('ListUsers', { MaxResults: 100, ...(token && { NextToken: token }) })
    for (const { UserId } of page.Users) seen.add(UserId)
    token = page.NextToken
    pages++
  } while (token !== undefined)
  assert.deepEqual([seen.size, pages], [users + 1, 31])
  const first = await server.store('ListGroupMemberships', { GroupId: group, MaxResults: 2 })
  const second = await server.store('ListGroupMemberships', {
    GroupId: group,
    MaxResults: 2,
    NextToken: first.NextToken,
  })
  const members = [...first.GroupMemberships, ...second.GroupMemberships].map(
    ({ MemberId }) => MemberId.UserId,
  )
  assert.deepEqual(members, [idOf(0), idOf(1), idOf(2), idOf(3)])
  const unique = (AttributePath: string, AttributeValue: string) =>
    server.store('GetUserId', { AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } } })
  assert.equal((await unique('userName', 'NAME2999')).UserId, idOf(2_999))
  assert.equal((await unique('emails.value', `${idOf(2_998).toUpperCase()}@example.com`)).UserId, idOf(2_998))
  assert.equal((await unique('emails.value', idOf(2_998))).UserId, undefined)
  const of = await server.store('ListGroupMembershipsForMember', { MemberId: { UserId: idOf(7) } })
  assert.deepEqual(
    of.GroupMemberships.map(({ GroupId }: { GroupId: string }) => GroupId),
    [group],
  )
  await server.assign(set, 'GROUP', group)
  const listed = await server.admin('ListAccountAssignments', {
    AccountId: omen.account,
    PermissionSetArn: set,
  })
  assert.equal(listed.AccountAssignments.length, 2)
  const forGroup = { PrincipalType: 'GROUP', PrincipalId: group }
  for (const [filter, length] of [
    [{}, 1],
    [{ Filter: { AccountId: omen.account } }, 1],
    [{ Filter: { AccountId: '999999999999' } }, 0],
  ] as const) {
    const answer = await server.admin('ListAccountAssignmentsForPrincipal', { ...forGroup, ...filter })
    assert.equal(answer.AccountAssignments.length, length, JSON.stringify(filter))
  }
  const { accessToken } = await server.tokens('alice', password)
  assert.equal((await server.portal('/assignment/accounts', accessToken)).accountList.length, 1)
  await server.store('DeleteUser', { UserId: idOf(0) })
  assert.equal(people.table(centerMemberships).find(`of-${idOf(0)}`), undefined)
  await server.unassign(set, 'GROUP', group)

  // another node reads it in parts, and finds the same
  const again = await new Directory(directory.store).findPeople(firstAccount)
  assert.equal(again.table(centerUsers).size, users)
  assert.equal(again.table(centerUsers).range('id', '0000', undefined, 1)[0]?.id, idOf(1))
})

test('SSO-130: a change of a user leaves the account as it is, and the account is used without its directory', async () => {
  const server = await centerServer(omen)
  const { directory, firstAccount } = omen.omen.deps
  const [account, people] = [await directory.find(firstAccount), await directory.findPeople(firstAccount)]
  assert.ok(account)
  const before = [account.revision, people.revision]
  await server.user('bob')
  assert.deepEqual([account.revision, people.revision], [before[0], before[1]! + 1])
  await server.set('Other')
  assert.deepEqual([account.revision, people.revision], [before[0]! + 1, before[1]! + 1])

  directory.forget(peopleBeside(firstAccount))
  await server.set('Third')
  await server.admin('ListInstances', {})
  assert.equal(directory.loaded(peopleBeside(firstAccount)), undefined)
  assert.equal((await server.store('ListUsers', { MaxResults: 1 })).Users.length, 1)
  assert.ok(directory.loaded(peopleBeside(firstAccount)))
})

test('SSO-131: a group with many members is deleted in parts, and nobody sees what is left meanwhile', async () => {
  const server = await centerServer(omen)
  const { directory, firstAccount } = omen.omen.deps
  const people = await directory.findPeople(firstAccount)
  const { GroupId } = await server.store('CreateGroup', { DisplayName: 'crowd' })
  const user = await server.user('carol')
  const members = 900
  const membership = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`
  await directory.settle(async () => {
    for (let n = 0; n < members; n++) {
      const id = membership(n)
      people
        .table(centerMemberships)
        .put({ id, group: GroupId, user: n === members - 1 ? user : `user-${n}`, createdAt: 1 })
    }
    await directory.commit([])
  })
  // what a node that was killed after the first part leaves
  await directory.settle(async () => {
    people.table(centerGroups).delete(GroupId)
    leave(people, { id: GroupId, by: 'group' })
    await directory.commit([])
  })
  const left = people.table(centerMemberships).range('group', `${GroupId} `).length
  assert.ok(left > members / 2 && left < members, String(left))
  assert.deepEqual(
    (await server.store('ListGroupMembershipsForMember', { MemberId: { UserId: user } })).GroupMemberships,
    [],
  )
  const asked = { GroupIds: [GroupId], MemberId: { UserId: user } }
  assert.equal((await server.store('IsMemberInGroups', asked)).Results[0].MembershipExists, false)
  const last = { MembershipId: membership(members - 1) }
  assert.match(
    (await server.store('DescribeGroupMembership', last)).__type ?? '',
    /ResourceNotFoundException/,
  )

  // the next deletion brings it to its end, in commits of some hundred
  const { revision } = people
  await server.store('DeleteUser', { UserId: user })
  assert.equal(people.table(centerMemberships).range('group', `${GroupId} `).length, 0)
  assert.equal(people.table(centerLeavings).size, 0)
  assert.ok(people.revision - revision > members / 300, String(people.revision - revision))
})

test('SSO-132: of the groups of a user, the first thousand count for what is lent', async () => {
  const server = await centerServer(omen)
  const { directory, firstAccount } = omen.omen.deps
  const people = await directory.findPeople(firstAccount)
  const { password, user, set } = await server.lent(
    'dave',
    'Groups',
    '{"Version":"2012-10-17","Statement":[]}',
  )
  await server.unassign(set, 'USER', user)
  const idOf = (n: number) => `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`
  await directory.settle(async () => {
    for (let n = 0; n < 1_001; n++) {
      const at = { createdAt: 1, updatedAt: 1 }
      people.table(centerGroups).put({ id: idOf(n), displayName: `many${n}`, ...at })
      people.table(centerMemberships).put({ id: idOf(n), group: idOf(n), user, createdAt: 1 })
    }
    await directory.commit([])
  })
  const { accessToken } = await server.tokens('dave', password)
  const lent = async () => (await server.portal('/assignment/accounts', accessToken)).accountList.length
  await server.assign(set, 'GROUP', idOf(1_000))
  assert.equal(await lent(), 0)
  await server.assign(set, 'GROUP', idOf(999))
  assert.equal(await lent(), 1)
})

test('SSO-130: snapshots have the people of a directory, and nothing is left of one that is deleted', async () => {
  await omen.reset()
  const server = await centerServer(omen)
  const { directory, firstAccount } = omen.omen.deps
  const { password, user, set } = await server.lent('erin', 'Kept', '{"Version":"2012-10-17","Statement":[]}')
  await server.own('POST', '/_omen/snapshots/save', { name: 'before' })
  const inProcess = await omen.snapshot()
  for (const back of [
    () => server.own('POST', '/_omen/snapshots/load', { name: 'before' }),
    () => omen.restore(inProcess),
  ]) {
    await server.store('DeleteUser', { UserId: user })
    await back()
    assert.equal((await server.store('ListUsers', {})).Users[0]?.UserName, 'erin')
    await server.tokens('erin', password)
  }
  await server.unassign(set, 'USER', user)
  assert.deepEqual(await server.admin('DeleteInstance', {}), {})
  assert.deepEqual((await directory.store.loadAccount(peopleBeside(firstAccount)))?.items, [])
})
