import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { endedSignIns } from '../../packages/server/src/directory/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

const omen = await createOmen()
after(() => omen.close())
const iam = omen.client(IAM, 'admin')

interface Entered {
  readonly ticket: string
  readonly arn: string
  readonly kind: string
  readonly role?: { readonly name: string }
  readonly switchedFrom?: { readonly name: string }
  readonly error?: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
  }
}

async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(omen.endpoint + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Entered }
}

type Keys = Omit<Entered['credentials'], 'sessionToken'> & { readonly sessionToken?: string }

/** The house's own API, asked with a key. */
async function ask(credentials: Keys, method: 'GET' | 'POST', path: string, body = '') {
  const url = new URL(path, omen.endpoint)
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host },
    body: Buffer.from(body),
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const signer = {
    accessKeyId,
    secret: new Secret(secretAccessKey),
    region: 'us-east-1',
    service: 'omen',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  const { host: _, ...headers } = signedHeaders(request, signer, omen.clock.now())
  const response = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function tokenFor(as?: string): Promise<string> {
  const link = (await omen.omen.consoleLink(as)) ?? ''
  return new URL(link, omen.endpoint).hash.replace('#link=', '')
}

const keysOf = ({ credentials: { accessKeyId, secretAccessKey, sessionToken } }: Entered) => ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
})

async function enter(as?: string): Promise<Entered> {
  const { status, body } = await post('/signin/link', { token: await tokenFor(as) })
  assert.equal(status, 200)
  return body
}

describe('signing out', () => {
  const session = (headers: Record<string, string>) =>
    fetch(`${omen.endpoint}/signin/session`, { headers }).then(({ status }) => status)

  test('SGN-47 ends the tickets of the sign-in, worn roles included, and no other', async () => {
    const [one, other] = [await enter(), await enter()]
    const with1 = { 'x-omen-signin': one.ticket }
    await iam.createRole({
      RoleName: 'left',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}',
    })
    const worn = await post('/signin/switch', { account: '123456789012', roleName: 'left' }, with1)
    assert.equal(worn.status, 200)
    assert.equal(await session(with1), 200)
    assert.equal((await post('/signin/logout', {}, with1)).status, 200)
    assert.equal(await session(with1), 401)
    assert.equal(await session({ 'x-omen-signin': worn.body.ticket }), 401)
    assert.equal(await session({ cookie: `omen-signin=${one.ticket}` }), 401)
    assert.equal((await post('/signin/exit', {}, with1)).status, 401)
    assert.equal(await session({ 'x-omen-signin': other.ticket }), 200)
    assert.equal((await post('/signin/logout', {}, with1)).status, 200, 'signing out twice is no error')
  })

  test('SGN-47 what was ended stays ended when a snapshot is loaded, and after a reset', async () => {
    const asRoot = async (path: string, body: object = {}) =>
      (await ask(omen.keys.root, 'POST', path, JSON.stringify(body))).status
    const { ticket } = await enter()
    const signed = { 'x-omen-signin': ticket }
    assert.equal(await asRoot('/_omen/snapshots/save', { name: 'before' }), 200)
    assert.equal((await post('/signin/logout', {}, signed)).status, 200)
    assert.equal(await asRoot('/_omen/snapshots/load', { name: 'before' }), 200)
    assert.equal(await session(signed), 401)
    assert.equal(await session({ 'x-omen-signin': (await enter()).ticket }), 200)
    const rootToken = await tokenFor('root')
    const { body } = await post('/signin/link', { token: rootToken })
    await post('/signin/logout', {}, { 'x-omen-signin': body.ticket })
    assert.equal(await asRoot('/_omen/reset'), 200)
    assert.equal(await session({ 'x-omen-signin': body.ticket }), 401)
    assert.equal(await session(signed), 401)
  })

  test('SGN-47 what was ended is forgotten when it would have ended by itself', async () => {
    const deps = omen.omen.deps
    const account = await deps.directory.find(deps.firstAccount)
    await post('/signin/logout', {}, { 'x-omen-signin': (await enter()).ticket })
    const ended = () => [...(account?.table(endedSignIns).values() ?? [])]
    assert.ok(ended().length > 0)
    omen.clock.advance(13 * 3_600_000)
    await post('/signin/logout', {}, { 'x-omen-signin': (await enter()).ticket })
    assert.equal(ended().length, 1)
    omen.clock.advance(-13 * 3_600_000)
  })
})

describe('one-time links', () => {
  test('SGN-7 a link signs in once, within ten minutes, and is recorded as ConsoleLogin', async () => {
    const token = await tokenFor()
    const first = await post('/signin/link', { token })
    assert.equal(first.body.arn, 'arn:aws:iam::123456789012:user/admin')
    assert.equal((await post('/signin/link', { token })).status, 401)
    const late = await tokenFor()
    omen.clock.advance(600_000)
    assert.equal((await post('/signin/link', { token: late })).body.error, 'LinkExpired')
    const trail = omen.client(CloudTrailClient, 'admin')
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'ConsoleLogin' }]
    const { Events } = await trail.send(new LookupEventsCommand({ LookupAttributes }))
    assert.equal(Events?.[0]?.Username, 'admin')
  })

  test('a link for a role signs admin in, who then wears it', async () => {
    const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`
    await iam.createRole({ RoleName: 'auditor', AssumeRolePolicyDocument: trust })
    const entered = await enter('role/auditor')
    assert.equal(entered.role?.name, 'auditor')
    assert.equal(entered.switchedFrom?.name, 'admin')
    const sts = new STS({ ...omen.clientConfig(), credentials: keysOf(entered) })
    assert.equal(
      (await sts.getCallerIdentity({})).Arn,
      'arn:aws:sts::123456789012:assumed-role/auditor/admin',
    )
    sts.destroy()
  })

  test('SGN-6 each tab switches roles as itself, whatever the browser’s cookie says', async () => {
    await iam.createUser({ UserName: 'alice' })
    await iam.putUserPolicy({
      UserName: 'alice',
      PolicyName: 'wear',
      PolicyDocument:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}',
    })
    const alice = await enter('alice')
    const admin = await enter()
    const body = { account: '123456789012', roleName: 'auditor' }
    const switched = await post('/signin/switch', body, {
      'x-omen-signin': alice.ticket,
      cookie: `omen-signin=${admin.ticket}`,
    })
    assert.equal(switched.body.switchedFrom?.name, 'alice')
    const back = await post('/signin/exit', {}, { 'x-omen-signin': switched.body.ticket })
    assert.equal(back.body.arn, 'arn:aws:iam::123456789012:user/alice')
    const forged = await post('/signin/exit', {}, { 'x-omen-signin': `${alice.ticket}x` })
    assert.equal(forged.status, 401)
  })
})

describe('the API behind the console', () => {
  test('asks the account’s policies for the action that each route names', async () => {
    await iam.createUser({ UserName: 'reader' })
    const reader = await enter('reader')
    // questions to Omen's own API are no last denials (behaviour RSN-31)
    const own = new IAM({ ...omen.clientConfig(), credentials: keysOf(reader) })
    await assert.rejects(own.listUsers({}), /not authorized to perform: iam:ListUsers/)
    own.destroy()
    const routes = [
      ['GET', '/_omen/events', '', 'cloudtrail:LookupEvents'],
      ['GET', '/_omen/seen', '', 'cloudtrail:LookupEvents'],
      ['GET', '/_omen/decisions', '', 'sts:DecodeAuthorizationMessage'],
      ['GET', '/_omen/decisions/last', '', 'sts:DecodeAuthorizationMessage'],
      [
        'POST',
        '/_omen/can',
        '{"who":"reader","action":"s3:GetObject","resource":"*"}',
        'iam:SimulatePrincipalPolicy',
      ],
      [
        'POST',
        '/_omen/pass',
        '{"who":"reader","role":"auditor","service":"ec2.amazonaws.com"}',
        'iam:SimulatePrincipalPolicy',
      ],
    ] as const
    for (const [method, path, body, action] of routes) {
      const refused = await ask(reader.credentials, method, path, body)
      assert.equal(refused.status, 403, path)
      assert.match(String(refused.body.error), new RegExp(`not authorized to perform: ${action}`), path)
      assert.match(String(refused.body.decision), /^d-/, path)
      await iam.putUserPolicy({
        UserName: 'reader',
        PolicyName: 'read',
        PolicyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }),
      })
      const answered = await ask(reader.credentials, method, path, body)
      assert.equal(answered.status, 200, path)
      await iam.deleteUserPolicy({ UserName: 'reader', PolicyName: 'read' })
    }
    const reset = await ask(reader.credentials, 'POST', '/_omen/reset')
    assert.equal(reset.status, 403, 'what no AWS action covers is the owner’s')
  })

  test('shows nobody but the owner another account', async () => {
    const reader = await enter('reader')
    const asked = await ask(
      reader.credentials,
      'POST',
      '/_omen/can',
      '{"who":"arn:aws:iam::210987654321:user/x","action":"s3:GetObject","resource":"*"}',
    )
    assert.notEqual(asked.status, 200)
  })
})

describe('pages of the console', () => {
  const navigating = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' }

  test('are one page under a strict policy for contents, whose script shows what the path names', async () => {
    for (const path of ['/_omen/', '/_omen/roles', '/_omen/roles/x%2Fy', '/_omen/events', '/_omen/d/d-1']) {
      const response = await fetch(omen.endpoint + path, { headers: navigating })
      assert.equal(response.status, 200, path)
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
      const policy = response.headers.get('content-security-policy') ?? ''
      assert.match(policy, /script-src 'self';/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(await response.text(), /<script(?![^>]*\bsrc=)/)
    }
  })

  test('an address without a page is one in a browser, and an error of the API for others', async () => {
    const there = await fetch(`${omen.endpoint}/_omen/nowhere`, { headers: navigating })
    assert.equal(there.status, 404)
    assert.match(there.headers.get('content-type') ?? '', /^text\/html/)
    const asked = await fetch(`${omen.endpoint}/_omen/nowhere`)
    assert.equal(asked.status, 404)
    assert.match(asked.headers.get('content-type') ?? '', /^application\/json/)
    const live = await fetch(`${omen.endpoint}/_omen/live`, { headers: navigating })
    assert.match(live.headers.get('content-type') ?? '', /^application\/json/)
  })

  test('a signed request asks the API, though a page has its path', async () => {
    const admin = await enter()
    const { body } = await ask(admin.credentials, 'GET', '/_omen/events')
    assert.ok(Array.isArray(body.events))
  })

  test('a browser that opens the root or a switch-role link is led into the console', async () => {
    const open = (path: string) =>
      fetch(omen.endpoint + path, { headers: navigating, redirect: 'manual' }).then(({ headers }) =>
        headers.get('location'),
      )
    assert.equal(await open('/'), '/_omen/')
    assert.equal(
      await open('/switchrole?account=123456789012&roleName=a'),
      '/_omen/switchrole?account=123456789012&roleName=a',
    )
  })
})

describe('what the picture of the house is drawn from', () => {
  test('says of each role whether the signer may put it on, with AWS’s sentence where not', async () => {
    const alice = await enter('alice')
    await iam.putUserPolicy({
      UserName: 'alice',
      PolicyName: 'see',
      PolicyDocument: '{"Statement":[{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*"}]}',
    })
    await iam.createRole({
      RoleName: 'closed',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    })
    const { body } = await ask(alice.credentials, 'GET', '/_omen/api/wearable')
    const of = new Map(
      (body.roles as { name: string; allowed: boolean; why?: string }[]).map((role) => [role.name, role]),
    )
    assert.equal(of.get('auditor')?.allowed, true)
    assert.equal(of.get('closed')?.allowed, false)
    assert.match(of.get('closed')?.why ?? '', /is not authorized to perform: sts:AssumeRole/)
  })

  test('lists the sessions that live, with who asked for them, until their time is over', async () => {
    const admin = await enter()
    const listed = async () => {
      const { body } = await ask(admin.credentials, 'GET', '/_omen/api/sessions')
      return body.sessions as { arn: string; by: string; roleArn: string }[]
    }
    await post(
      '/signin/switch',
      { account: '123456789012', roleName: 'auditor' },
      { 'x-omen-signin': admin.ticket },
    )
    const [newest] = await listed()
    assert.equal(newest?.arn, 'arn:aws:sts::123456789012:assumed-role/auditor/admin')
    assert.equal(newest?.by, 'arn:aws:iam::123456789012:user/admin')
    omen.clock.advance(3_700_000)
    assert.deepEqual(
      (await listed()).filter(({ roleArn }) => roleArn?.endsWith('/auditor')),
      [],
    )
  })
})
