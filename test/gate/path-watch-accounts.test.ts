import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AttachUserPolicyCommand,
  CreateGroupCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DescribeCreateAccountStatusCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import {
  accessKeys,
  groups,
  instanceProfiles,
  roles,
  users,
} from '../../packages/server/src/directory/index.ts'
import type { World } from '../../packages/server/src/graph/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { partsOf, SentAccount, type WorldChange } from '../../packages/server/src/services/omen/index.ts'
import {
  AccountMirror,
  comparePathsTo,
  worldOf,
} from '../../packages/server/src/services/omen/search/index.ts'
import { allow, policyText } from '../kit/index.ts'

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess'
const seed = { users: { ops: { policies: ['AdministratorAccess'] }, dev: {} } }

/** Adds users without a call for each. */
function addUsers(omen: RunningOmen, count: number, groups: readonly string[] = []): void {
  const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)!
  const dev = account.table(users).findBy('name', 'dev')!
  for (let place = 0; place < count; place++) {
    const number = String(place).padStart(6, '0')
    account.table(users).put({ ...dev, id: `AIDAUSERUSERUS${number}`, name: `user-${number}`, groups })
  }
}

/** Takes all pieces of a generator: what it made, and what it returned. */
function ended<Piece, Value>(pieces: Generator<Piece, Value>) {
  const made: Piece[] = []
  for (;;) {
    const { done, value } = pieces.next()
    if (done === true) return { value, made, count: made.length }
    made.push(value)
  }
}

/** The account in the thread after some changes, and what else has changed since. */
function mirrorOf(before: AccountMirror | undefined, changes: readonly WorldChange[], sent: SentAccount) {
  const { change, keep } = sent.pending()
  keep()
  let mirror = before
  for (const each of change === undefined ? changes : [...changes, change])
    mirror = AccountMirror.after(mirror, each)
  assert.ok(mirror !== undefined)
  return mirror
}

/** What of an account a change may alter, as texts. */
function shown({ users, roles, groups, policies, inventory }: World) {
  const texts = (all: ReadonlyMap<string, object>) =>
    [...all].map(([key, each]) => [key, JSON.stringify(each, (_name, value) => value?.text ?? value)])
  return {
    users: texts(users),
    roles: texts(roles),
    groups: texts(groups),
    policies: [...policies.keys()],
    inventory,
  }
}

describe('paths to an administrator in a large house', () => {
  test('a change is told and refused among 3,000 users, and the rest of the account is not looked at again', async () => {
    await using omen = await createOmen({ seed, port: false, adminPaths: 'refuse' })
    addUsers(omen, 3_000)
    await omen.omen.deps.directory.commit([])
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    await ops.send(new TagUserCommand({ UserName: 'user-000007', Tags: [{ Key: 'a', Value: 'b' }] }))
    await assert.rejects(
      ops.send(new AttachUserPolicyCommand({ UserName: 'user-000007', PolicyArn: administrator })),
      { name: 'AccessDenied', message: /a path to an administrator for user\/user-000007\./ },
    )
    const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)!
    assert.deepEqual(account.table(users).findBy('name', 'user-000007')?.attached, [])
    const sent = new SentAccount(account, omen.omen.deps)
    const first = ended(sent.parts())
    assert.ok(first.count > 10, `${first.count} parts`)
    let mirror = mirrorOf(undefined, first.made, sent)
    const before = mirror.world
    const known = ended(comparePathsTo(before, undefined)).value
    const user = account.table(users).findBy('name', 'user-000008')!
    account.table(users).put({ ...user, attached: [administrator] })
    const { change } = sent.pending()
    assert.deepEqual(
      change?.put.map(({ kind, id }) => [kind, id]),
      [['users', user.id]],
    )
    mirror = mirrorOf(mirror, [], sent)
    const unchanged = [...mirror.world.users].filter(([arn, each]) => before.users.get(arn) === each)
    assert.equal(unchanged.length, mirror.world.users.size - 1)
    const asked = known.graph.asked
    const compared = ended(comparePathsTo(mirror.world, known)).value
    assert.deepEqual(
      compared.opened.map(({ from }) => from.replace(/^.*\//, '')),
      ['user-000008'],
    )
    assert.ok(compared.graph.asked - asked < 50, `${compared.graph.asked - asked} questions`)
    omen.omen.deps.directory.rollBack()
  })

  test('a change that takes long to judge keeps others waiting no longer than they take', async () => {
    await using omen = await createOmen({ seed, port: false, adminPaths: 'refuse' })
    const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)!
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    await ops.send(new CreateGroupCommand({ GroupName: 'all' }))
    addUsers(
      omen,
      1_000,
      [...account.table(groups).values()].map(({ id }) => id),
    )
    await omen.omen.deps.directory.commit([])
    const tag = (UserName: string) =>
      ops.send(new TagUserCommand({ UserName, Tags: [{ Key: 'a', Value: 'b' }] }))
    await tag('dev')
    const done: string[] = []
    const note = (name: string) => () => done.push(name)
    const large = new PutGroupPolicyCommand({
      GroupName: 'all',
      PolicyName: 'more',
      PolicyDocument: policyText(allow(['lambda:*', 'ec2:*', 'sts:*'])),
    })
    await Promise.all([
      ops.send(large).then(note('large')),
      ...['user-000001', 'user-000002', 'user-000003'].map((name) => tag(name).then(note(name))),
    ])
    assert.equal(done.at(-1), 'large', done.join())
  })

  test('users that come and go while they are read stop no call', async () => {
    await using omen = await createOmen({ seed, port: false })
    const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)!
    const table = account.table(users)
    const dev = table.findBy('name', 'dev')!
    for (const at of [0, 1]) {
      const sent = new SentAccount(account, omen.omen.deps)
      const parts = sent.parts()
      const made: WorldChange[] = []
      for (let part = 0; part < at; part++) {
        const { value } = parts.next()
        if (value !== undefined) made.push(value)
      }
      table.put({ ...dev, id: `${dev.id.slice(0, -1)}${at}`, name: `dev${at}`, attached: [administrator] })
      if (at === 1) table.delete(dev.id)
      const { world } = mirrorOf(undefined, [...made, ...ended(parts).made], sent)
      assert.deepEqual(
        [...world.users.values()].map(({ name }) => name),
        table.ordered('name').map(({ name }) => name),
      )
    }
    omen.omen.deps.directory.rollBack()
  })

  test('an account that is sent change by change is the account that is read whole', async () => {
    await using omen = await createOmen({
      seed: {
        users: { ops: { policies: ['AdministratorAccess'] }, dev: { groups: ['team'] } },
        groups: { team: {} },
        roles: { web: { trust: ['ec2.amazonaws.com'] } },
      },
      port: false,
    })
    const { deps } = omen.omen
    const account = deps.directory.loaded(parseAccountId(omen.account)!)!
    const dev = account.table(users).findBy('name', 'dev')!
    const [team] = [...account.table(groups).values()]
    const [role] = [...account.table(roles).values()].filter(({ name }) => name === 'web')
    const [key] = [...account.table(accessKeys).values()]
    assert.ok(team !== undefined && role !== undefined && key !== undefined)
    const byId = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: dev.id }, Action: 'sts:AssumeRole' }],
    }
    const profile = { ...team, id: 'AIPAPROFILE0000000000', name: 'web', roleId: role.id, tags: [] }
    const changes: readonly (() => void)[] = [
      () => account.table(users).put({ ...dev, id: 'AIDANEW00000000000000', name: '__proto__' }),
      () =>
        account.table(accessKeys).put({ ...key, id: 'AKIANEW0000000000000', owner: 'AIDANEW00000000000000' }),
      () => account.table(groups).put({ ...team, name: 'renamed' }),
      () => account.table(instanceProfiles).put(profile),
      () => account.table(roles).put({ ...role, trust: JSON.stringify(byId) }),
      () => account.table(users).put({ ...dev, name: 'renamed' }),
      () => account.table(instanceProfiles).delete(profile.id),
      () => account.table(users).delete(dev.id),
    ]
    const sent = new SentAccount(account, deps)
    let mirror = mirrorOf(undefined, ended(sent.parts()).made, sent)
    for (const [place, change] of changes.entries()) {
      change()
      mirror = mirrorOf(mirror, [], sent)
      assert.deepEqual(shown(mirror.world), shown(worldOf(partsOf(account, deps))), `change ${place}`)
    }
    deps.directory.rollBack()
  })

  test('a path into another account of the organization is refused', async () => {
    await using omen = await createOmen({ seed, port: false, adminPaths: 'refuse' })
    const ops = omen.as('user/ops').credentials
    const organizations = omen.client(OrganizationsClient, ops)
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
    const made = await organizations.send(
      new CreateAccountCommand({ AccountName: 'prod', Email: 'prod@example.com' }),
    )
    const { CreateAccountStatus } = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: made.CreateAccountStatus?.Id }),
    )
    const role = (account: string | undefined): string =>
      `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`
    const put = (Resource: string) =>
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'tools',
        PolicyDocument: policyText(allow('sts:AssumeRole', Resource)),
      })
    const iam = omen.client(IAMClient, ops)
    await assert.rejects(iam.send(put(role(CreateAccountStatus?.AccountId))), {
      name: 'AccessDenied',
      message: /a path to an administrator for user\/dev\./,
    })
    await iam.send(put(role('999988887777')))
  })
})
