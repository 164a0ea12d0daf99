import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { type CreateOmenOptions, createOmen } from '../../packages/server/src/index.ts'
import { createRole, putPolicy } from './roles.ts'

async function server(t: TestContext, options: CreateOmenOptions = {}) {
  const omen = await createOmen({ port: false, ...options })
  t.after(() => omen.close())
  return omen
}

describe('a house without a port', () => {
  test('SDK clients of every protocol are answered, and no port is open', async (t) => {
    const omen = await server(t)
    const before = process.getActiveResourcesInfo().filter((name) => name.includes('TCP')).length
    const iam = omen.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'dev', Tags: [{ Key: 'a', Value: 'b c+=/@' }] }))
    const { Arn } = await omen.client(STSClient).send(new GetCallerIdentityCommand({}))
    assert.equal(Arn, 'arn:aws:iam::123456789012:user/admin')
    // awsJson and restJson, and faults
    const organizations = omen.client(OrganizationsClient)
    await assert.rejects(organizations.send(new ListRootsCommand({})), {
      name: 'AWSOrganizationsNotInUseException',
    })
    const lambda = omen.client(LambdaClient)
    await assert.rejects(
      lambda.send(new InvokeCommand({ FunctionName: 'f', Qualifier: '1', Payload: '{}' })),
      {
        name: 'ResourceNotFoundException',
      },
    )
    const { User } = await iam.send(new GetUserCommand({ UserName: 'dev' }))
    assert.deepEqual(User?.Tags, [{ Key: 'a', Value: 'b c+=/@' }])
    assert.equal(process.getActiveResourcesInfo().filter((name) => name.includes('TCP')).length, before)
    assert.equal(omen.endpoint, 'http://localhost')
  })

  test('listen opens one port; earlier clients continue', async (t) => {
    const omen = await server(t)
    const iam = omen.client(IAMClient)
    const [endpoint, again] = await Promise.all([omen.listen(), omen.listen()])
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal(again, endpoint)
    assert.equal(omen.endpoint, endpoint)
    assert.equal((await fetch(`${endpoint}/_omen/health`)).status, 200)
    await iam.send(new ListUsersCommand({}))
    await omen.client(IAMClient).send(new ListUsersCommand({}))
  })

  test('a client follows a clock that has been moved', async (t) => {
    const omen = await server(t)
    omen.clock.advance(86_400_000)
    await omen.client(IAMClient).send(new ListUsersCommand({}))
  })
})

describe('as', () => {
  test('a role has a session: its policies decide, whatever its trust policy names', async (t) => {
    const omen = await server(t)
    await createRole(omen, 'deployer')
    const deployer = omen.as('role/deployer', { sessionName: 'ci', tags: { team: 'x' } })
    assert.equal(deployer.arn, 'arn:aws:sts::123456789012:assumed-role/deployer/ci')
    const iam = new IAMClient(deployer.options)
    await assert.rejects(iam.send(new ListUsersCommand({})), { name: 'AccessDenied' })
    await putPolicy(omen, 'deployer', {
      Action: 'iam:ListUsers',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
    })
    assert.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 1)
    const other = new IAMClient(omen.as('arn:aws:iam::123456789012:role/deployer').options)
    await assert.rejects(other.send(new ListUsersCommand({})), { name: 'AccessDenied' })
  })

  test('session policies and MFA are part of the session', async (t) => {
    const omen = await server(t)
    await createRole(omen, 'wide')
    await putPolicy(omen, 'wide', { Action: 'iam:*' })
    const policy = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'iam:ListUsers',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
    }
    const listed = (options: object) =>
      new IAMClient(omen.as('role/wide', options).options).send(new ListUsersCommand({}))
    await listed({ policy, mfa: true })
    await assert.rejects(listed({ policy }), { name: 'AccessDenied' })
  })

  test('a user has one access key, a session of it with MFA; root and credentials are taken, too', async (t) => {
    const omen = await server(t)
    const iam = omen.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'dev' }))
    const first = omen.as('user/dev').credentials
    assert.deepEqual(omen.as('dev').credentials, first)
    const keys = await iam.send(new ListAccessKeysCommand({ UserName: 'dev' }))
    assert.deepEqual(
      keys.AccessKeyMetadata?.map(({ AccessKeyId }) => AccessKeyId),
      [first.accessKeyId],
    )
    assert.match(omen.as('dev', { mfa: true }).credentials.accessKeyId, /^ASIA/)
    assert.equal(omen.as('root').arn, 'arn:aws:iam::123456789012:root')
    assert.equal(omen.as(omen.keys.admin).arn, 'arn:aws:iam::123456789012:user/admin')
    assert.throws(() => omen.as('role/nobody'), { code: 'NoSuchEntity' })
    assert.throws(() => omen.as('role/x', { account: '999999999999' }), /no account 999999999999/)
  })

  test('fetch signs by host, by path of the house and by name', async (t) => {
    const omen = await server(t)
    const admin = omen.as('user/admin')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'Action=GetCallerIdentity&Version=2011-06-15'
    const named = await admin.fetch('https://sts.eu-west-1.amazonaws.com/', { method: 'POST', headers, body })
    assert.match(await named.text(), /user\/admin/)
    const other = await admin.fetch('http://localhost/', { method: 'POST', headers, body, service: 'sts' })
    assert.equal(other.status, 200)
    const who = await admin.fetch('/_omen/whoami')
    assert.equal(who.headers.get('x-omen-mode'), 'enforce')
    assert.equal(((await who.json()) as { arn: string }).arn, admin.arn)
    await assert.rejects(admin.fetch('http://localhost/'), /name the service/)
  })

  test('env opens the port and carries the credentials', async (t) => {
    const omen = await server(t)
    const env = await omen.as('user/admin').env()
    assert.equal(env.AWS_ENDPOINT_URL, omen.endpoint)
    assert.equal(env.AWS_ACCESS_KEY_ID, omen.keys.admin.accessKeyId)
    assert.ok(!('AWS_SESSION_TOKEN' in env))
  })
})

describe('snapshot and restore', () => {
  test('accounts, events, sessions and the clock go back; each snapshot is its own', async (t) => {
    const omen = await server(t, { randomSeed: 'snapshots', now: Date.UTC(2026, 0, 1) })
    const iam = omen.client(IAMClient)
    const names = async () =>
      (await iam.send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName)
    const events = async () => {
      const { Events = [] } = await omen.client(CloudTrailClient).send(new LookupEventsCommand({}))
      return Events.filter(({ EventName }) => EventName === 'CreateUser').length
    }
    await iam.send(new CreateUserCommand({ UserName: 'a' }))
    const one = await omen.snapshot()
    await iam.send(new CreateUserCommand({ UserName: 'b' }))
    const { Credentials } = await omen.client(STSClient).send(new GetSessionTokenCommand({}))
    const two = await omen.snapshot()
    omen.clock.advance(3_600_000)
    await iam.send(new CreateUserCommand({ UserName: 'c' }))
    assert.equal(await events(), 3)
    await omen.restore(one)
    assert.deepEqual(await names(), ['a', 'admin'])
    assert.equal(await events(), 1)
    assert.ok(Math.abs(omen.clock.now() - Date.UTC(2026, 0, 1)) < 600_000)
    await omen.restore(two)
    assert.deepEqual(await names(), ['a', 'admin', 'b'])
    assert.equal(await events(), 2)
    // again, and after further changes
    await iam.send(new CreateUserCommand({ UserName: 'd' }))
    await omen.restore(two)
    assert.deepEqual(await names(), ['a', 'admin', 'b'])
    assert.ok(Credentials)
    await iam.send(new CreateUserCommand({ UserName: 'd' }))
    assert.equal(await events(), 3)
    await assert.rejects(omen.restore({ snapshot: 99, clockShift: 0 }), /no snapshot 99/)
  })

  test('a denial from before is explained, one from after is forgotten', async (t) => {
    const omen = await server(t)
    await createRole(omen, 'none')
    const none = new IAMClient(omen.as('role/none').options)
    const denied = () => assert.rejects(none.send(new ListUsersCommand({})))
    await denied()
    const list = async () =>
      ((await (await omen.as('root').fetch('/_omen/decisions')).json()) as { denials: readonly unknown[] })
        .denials.length
    assert.equal(await list(), 1)
    const clean = await omen.snapshot()
    await denied()
    assert.equal(await list(), 2)
    await omen.restore(clean)
    assert.equal(await list(), 1)
    await denied()
    assert.equal(await list(), 2)
  })
})
