import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { account, policyText } from '../kit/index.ts'

const omen = await createOmen()
const iam = omen.client(IAM, 'admin')
after(() => omen.close())

const trust = (statement: object = {}) =>
  policyText({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', ...statement })

interface Answer {
  readonly ticket: string
  readonly firstSwitch?: boolean
  readonly role?: { readonly displayName?: string; readonly color?: string; readonly hatched?: boolean }
  readonly entries: readonly {
    readonly account: string
    readonly roleName: string
    readonly pinned?: boolean
    readonly check: { readonly allowed: boolean; readonly why?: string; readonly needsMfa?: boolean }
  }[]
  readonly allowed?: boolean
  readonly why?: string
}

async function call(path: string, ticket: string, fields?: object) {
  const response = await fetch(omen.endpoint + path, {
    method: fields === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', 'x-omen-signin': ticket },
    ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

async function enter(as: string): Promise<string> {
  const link = (await omen.omen.consoleLink(as)) ?? ''
  const token = new URL(link, omen.endpoint).hash.replace('#link=', '')
  return (await call('/signin/link', '', { token })).body.ticket
}

describe('the history of switches', () => {
  before(async () => {
    for (const UserName of ['alice', 'bob']) {
      await iam.createUser({ UserName })
      await iam.putUserPolicy({
        UserName,
        PolicyName: 'wear',
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}',
      })
    }
    await iam.createRole({ RoleName: 'deployer', Path: '/team/', AssumeRolePolicyDocument: trust() })
    await iam.createRole({
      RoleName: 'break-glass',
      AssumeRolePolicyDocument: trust({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    })
  })

  test('SGN-45 is kept per original identity, checked before use, and says so once at the first switch', async () => {
    const alice = await enter('alice')
    const fields = {
      account,
      roleName: 'team/deployer',
      displayName: 'Deploy',
      color: 'f2b0a9',
      hatched: 'yes',
    }
    const first = await call('/signin/switch', alice, fields)
    assert.equal(first.body.firstSwitch, true)
    const second = await call('/signin/switch', alice, fields)
    assert.equal(second.body.firstSwitch, undefined)
    const { entries } = (await call('/signin/history', second.body.ticket)).body
    assert.deepEqual(
      entries.map(({ roleName, check }) => [roleName, check.allowed]),
      [['team/deployer', true]],
    )
    assert.deepEqual((await call('/signin/history', await enter('bob'))).body.entries, [])

    await iam.updateAssumeRolePolicy({
      RoleName: 'deployer',
      PolicyDocument: trust({ Principal: { Service: 'ec2.amazonaws.com' } }),
    })
    const stale = (await call('/signin/history', alice)).body.entries[0]?.check
    assert.equal(stale?.allowed, false)
    assert.match(stale?.why ?? '', /alice is not authorized to perform: sts:AssumeRole/)
    await iam.updateAssumeRolePolicy({ RoleName: 'deployer', PolicyDocument: trust() })
  })

  test('SGN-46 the name, color and hatching are shown again wherever the role is worn', async () => {
    const alice = await enter('alice')
    const worn = await call('/signin/switch', alice, {
      account,
      roleName: 'team/deployer',
      displayName: `${'x'.repeat(70)}`,
      color: '#zzzzzz',
    })
    assert.deepEqual(Object.keys(worn.body.role ?? {}), ['arn', 'name', 'id', 'displayName'])
    assert.equal(worn.body.role?.displayName, 'x'.repeat(64))
    const again = await call('/signin/session', worn.body.ticket)
    assert.equal(again.body.role?.displayName, 'x'.repeat(64))
  })

  test('SGN-45 a check says what is missing, and root learns that it cannot switch', async () => {
    const check = async (as: string, roleName: string) =>
      (await call('/signin/check', await enter(as), { account, roleName })).body
    assert.deepEqual(await check('alice', 'team/deployer'), { allowed: true })
    const glass = (await check('alice', 'break-glass')) as { allowed: boolean; needsMfa?: boolean }
    assert.equal(glass.allowed, false)
    assert.equal(glass.needsMfa, true)
    assert.match((await check('alice', 'nobody')).why ?? '', /sts:AssumeRole on resource: .*role\/nobody$/)
    assert.match(
      (await check('root', 'team/deployer')).why ?? '',
      /Roles may not be assumed by root accounts/,
    )
    const anonymous = await call('/signin/check', '', { account, roleName: 'team/deployer' })
    assert.equal(anonymous.status, 401)
  })

  test('SGN-45 holds 50 roles: the oldest that is not pinned gives way', async () => {
    const bob = await enter('bob')
    for (let index = 0; index < 52; index++) {
      const roleName = `r${index}`
      await iam.createRole({ RoleName: roleName, AssumeRolePolicyDocument: trust() })
      assert.equal((await call('/signin/switch', bob, { account, roleName })).status, 200)
      if (index === 0) await call('/signin/history', bob, { change: 'pin', account, roleName })
    }
    const names = async () =>
      (await call('/signin/history', bob)).body.entries.map(({ roleName }) => roleName)
    const kept = await names()
    assert.equal(kept.length, 50)
    assert.ok(kept.includes('r0'))
    assert.ok(!kept.includes('r1') && !kept.includes('r2') && kept.includes('r3'))
    await call('/signin/history', bob, { change: 'remove', account, roleName: 'r3' })
    assert.ok(!(await names()).includes('r3'))
    await call('/signin/history', bob, { change: 'clear' })
    assert.deepEqual(await names(), ['r0'])
    await call('/signin/history', bob, { change: 'unpin', account, roleName: 'r0' })
    await call('/signin/history', bob, { change: 'clear' })
    assert.deepEqual(await names(), [])
    assert.equal((await call('/signin/history', bob, { change: 'burn' })).status, 400)
  })

  test('SGN-14 SGN-16 switching back is recorded as AWS records it', async () => {
    const alice = await enter('alice')
    const worn = await call('/signin/switch', alice, { account, roleName: 'team/deployer' })
    await call('/signin/exit', worn.body.ticket, {})
    const trail = omen.client(CloudTrail, 'admin')
    const { Events = [] } = await trail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'signin.amazonaws.com' }],
      MaxResults: 2,
    })
    const records = Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent))
    assert.deepEqual(
      records.map(({ eventName, responseElements }) => [eventName, responseElements]),
      [
        ['ExitRole', { ExitRole: 'Success' }],
        ['SwitchRole', { SwitchRole: 'Success' }],
      ],
    )
    assert.equal(records[1].additionalEventData.SwitchFrom, `arn:aws:iam::${account}:user/alice`)
    assert.equal(records[0].additionalEventData.SwitchTo, `arn:aws:iam::${account}:user/alice`)
  })
})

test('WIRE-71 a page under a stranger’s name gets neither console nor sign-in', async () => {
  const { port } = new URL(omen.endpoint)
  const ask = (host: string, path: string, headers: object = { 'accept-language': 'en' }) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ port, path, headers: { host, ...headers } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  for (const path of ['/_omen/', '/_omen/roles', '/_omen/api/server', '/signin', '/signin/session']) {
    assert.equal(await ask(`rebound.example.com:${port}`, path), 421, path)
    assert.notEqual(await ask(`localhost:${port}`, path), 421, path)
    assert.notEqual(await ask(`omen.localhost:${port}`, path), 421, path)
  }
  assert.notEqual(await ask('omen.example.com', '/signin/session', {}), 421, 'a program is no page')
})
