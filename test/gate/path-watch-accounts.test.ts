import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AttachUserPolicyCommand, IAMClient, PutUserPolicyCommand, TagUserCommand } from '@aws-sdk/client-iam'
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DescribeCreateAccountStatusCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { users } from '../../packages/server/src/directory/index.ts'
import { comparePathsTo } from '../../packages/server/src/gate/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { WorldKeeper } from '../../packages/server/src/services/omen/index.ts'

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess'
const seed = { users: { ops: { policies: ['AdministratorAccess'] }, dev: {} } }

/** Adds users without a call for each. */
function addUsers(omen: RunningOmen, count: number): void {
  const account = omen.omen.house.directory.loaded(parseAccountId(omen.account)!)!
  const dev = account.table(users).findBy('name', 'dev')!
  for (let place = 0; place < count; place++) {
    const number = String(place).padStart(6, '0')
    account.table(users).put({ ...dev, id: `AIDAUSERUSERUS${number}`, name: `user-${number}` })
  }
}

function ended<Value>(pieces: Generator<unknown, Value>): { readonly value: Value; readonly count: number } {
  for (let count = 0; ; count++) {
    const { done, value } = pieces.next()
    if (done === true) return { value, count }
  }
}

describe('paths to an administrator in a large house', () => {
  test('a change is told and refused among 3,000 users, and the rest of the account is not looked at again', async () => {
    await using omen = await createOmen({ seed, port: false, adminPaths: 'refuse' })
    addUsers(omen, 3_000)
    await omen.omen.house.directory.commit([])
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    await ops.send(new TagUserCommand({ UserName: 'user-000007', Tags: [{ Key: 'a', Value: 'b' }] }))
    await assert.rejects(
      ops.send(new AttachUserPolicyCommand({ UserName: 'user-000007', PolicyArn: administrator })),
      { name: 'AccessDenied', message: /a path to an administrator for user\/user-000007\./ },
    )
    const account = omen.omen.house.directory.loaded(parseAccountId(omen.account)!)!
    assert.deepEqual(account.table(users).findBy('name', 'user-000007')?.attached, [])
    const keeper = new WorldKeeper(omen.omen.house)
    const first = ended(keeper.read(account))
    assert.ok(first.count > 50, `${first.count} pieces`)
    const known = ended(comparePathsTo(first.value, undefined)).value
    const user = account.table(users).findBy('name', 'user-000008')!
    account.table(users).put({ ...user, attached: [administrator] })
    const second = ended(keeper.read(account))
    assert.ok(second.count < 5, `${second.count} pieces`)
    const unchanged = [...second.value.users].filter(([arn, each]) => first.value.users.get(arn) === each)
    assert.equal(unchanged.length, second.value.users.size - 1)
    const asked = known.graph.asked
    const compared = ended(comparePathsTo(second.value, known)).value
    assert.deepEqual(
      compared.opened.map(({ from }) => from.replace(/^.*\//, '')),
      ['user-000008'],
    )
    assert.ok(compared.graph.asked - asked < 50, `${compared.graph.asked - asked} questions`)
    omen.omen.house.directory.rollBack()
  })

  test('users that come and go while they are read stop no call', async () => {
    await using omen = await createOmen({ seed, port: false })
    const account = omen.omen.house.directory.loaded(parseAccountId(omen.account)!)!
    const table = account.table(users)
    const dev = table.findBy('name', 'dev')!
    for (const at of [0, 1]) {
      const reading = new WorldKeeper(omen.omen.house).read(account)
      for (let pieces = 0; pieces < at; pieces++) reading.next()
      table.put({ ...dev, id: `${dev.id.slice(0, -1)}${at}`, name: `dev${at}`, attached: [administrator] })
      assert.ok(ended(reading).value.users.size >= 2)
    }
    omen.omen.house.directory.rollBack()
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
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource }],
        }),
      })
    const iam = omen.client(IAMClient, ops)
    await assert.rejects(iam.send(put(role(CreateAccountStatus?.AccountId))), {
      name: 'AccessDenied',
      message: /a path to an administrator for user\/dev\./,
    })
    await iam.send(put(role('999988887777')))
  })
})
