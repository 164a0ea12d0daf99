import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen, type RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { policyText } from '../kit/index.ts'

let omen: RunningOmen
let iam: IAM

before(async () => {
  omen = await createOmen()
  iam = omen.client(IAM, 'admin')
  const trust = policy([{ Effect: 'Allow', Principal: { AWS: omen.account }, Action: 'sts:AssumeRole' }])
  await iam.createRole({ RoleName: 'Hidden', Path: '/secret/', AssumeRolePolicyDocument: trust })
  await iam.createUser({ UserName: 'boss' })
})
after(() => omen.close())

function policy(statements: readonly object[]): string {
  return policyText(...statements)
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Asks the server's own API with a body. */
async function ask(key: Key, method: 'GET' | 'POST', path: string, body: object = {}) {
  const url = new URL(path, omen.endpoint)
  const text = method === 'GET' ? '' : JSON.stringify(body)
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host, 'content-type': 'application/json' },
    body: Buffer.from(text),
  }
  const signer = {
    accessKeyId: key.accessKeyId,
    secret: new Secret(key.secretAccessKey),
    region: 'us-east-1',
    service: 'omen',
  }
  const { host: _, ...headers } = signedHeaders(request, signer, omen.clock.now())
  return fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: text }) })
}

/** A user with these statements, and its key. */
async function userWith(name: string, statements: readonly object[]): Promise<Key> {
  await iam.createUser({ UserName: name })
  await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: policy(statements) })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: name })
  return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
}

describe('permissions of the house’s own API', () => {
  test('a Deny on a role or user holds however the name is written', async () => {
    const asker = await userWith('asker', [
      { Effect: 'Allow', Action: ['iam:SimulatePrincipalPolicy', 'iam:GetRole', 'sts:*'], Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'iam:*',
        Resource: [`arn:aws:iam::${omen.account}:role/secret/*`, `arn:aws:iam::${omen.account}:user/boss`],
      },
    ])
    const asked = (more: object) =>
      ask(asker, 'POST', '/_omen/can', { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', ...more })
    const ways = [
      'Hidden',
      'hidden',
      'role/hidden',
      'role/secret/Hidden',
      `arn:aws:iam::${omen.account}:role/secret/Hidden`,
      'assumed-role/hidden/day',
      `arn:aws:sts::${omen.account}:assumed-role/Hidden/day`,
      'boss',
      'BOSS',
    ]
    // of these nobody is meant, as of a name that nobody has
    const nobody = [
      'nobody',
      'role/public/Hidden',
      `arn:aws:sts::${omen.account}:assumed-role/hidden/day`,
      `arn:aws:sts::${omen.account}:assumed-role/Hidden/x`,
      `arn:aws:sts::${omen.account}:federated-user/hidden`,
      `arn:aws:sts::${omen.account}:federated-user/Hidden`,
      'user/asker/boss',
      'asker/boss',
    ]
    for (const who of ways) assert.equal((await asked({ who })).status, 403, who)
    for (const who of nobody) assert.equal((await asked({ who })).status, 404, who)
    assert.equal((await asked({ who: 'asker' })).status, 200)
    assert.equal((await asked({ who: 'asker', chain: ['hidden'] })).status, 403, 'a role of a chain')
    for (const who of ways) {
      const passed = await ask(asker, 'POST', '/_omen/pass', {
        who,
        role: 'Hidden',
        service: 'ec2.amazonaws.com',
      })
      assert.equal(passed.status, 403, who)
    }
    for (const name of ['Hidden', 'hidden'])
      assert.equal((await ask(asker, 'GET', `/_omen/mask/${name}.svg`)).status, 403)
  })

  test('only the server’s owner sees another account’s policies', async () => {
    const organizations = omen.client(Organizations, 'admin')
    await organizations.createOrganization({})
    await organizations.createAccount({ AccountName: 'member', Email: 'member@example.com' })
    const { Accounts } = await organizations.listAccounts({})
    const member = Accounts?.find(({ Name }) => Name === 'member')?.Id ?? ''
    const asker = await userWith('neighbour', [{ Effect: 'Allow', Action: '*', Resource: '*' }])
    const role = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
    const question = { who: 'neighbour', action: 'sts:AssumeRole', resource: role }
    const asked = (body: object, key: Key = asker) => ask(key, 'POST', '/_omen/can', body)
    assert.equal((await asked(question, omen.keys.admin)).status, 200)
    assert.equal((await asked(question)).status, 403)
    assert.equal((await asked({ ...question, chain: [role] })).status, 403)
    assert.equal((await asked({ ...question, who: role })).status, 403)
  })

  test('answers are kept by no cache and taken for nothing else', async () => {
    for (const path of ['/_omen/health', '/_omen/status', '/_omen/mask/Hidden.svg']) {
      const { headers } = await ask(omen.keys.admin, 'GET', path)
      assert.equal(headers.get('cache-control'), 'no-store', path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    }
  })

  test('events are followed from an instant, or from now on', async () => {
    const events = async (query: string) => {
      const answer = await ask(omen.keys.admin, 'GET', `/_omen/events${query}`)
      if (answer.status !== 200) return answer.status
      const { events } = (await answer.json()) as { events: { record: { eventName: string } }[] }
      return events.map(({ record }) => record.eventName)
    }
    const since = await events('?since=2000-01-01T00:00:00Z')
    assert.ok(Array.isArray(since) && since.includes('CreateRole'))
    omen.clock.advance(120_000)
    assert.deepEqual(await events(''), [])
    assert.equal(await events('?since=yesterday'), 400)
    const picture = await ask(omen.keys.admin, 'GET', '/_omen/mask/Hidden.svg')
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml')
  })

  test('a session policy and the end of a session hold here, too', async () => {
    const reader = await userWith('sessions', [{ Effect: 'Allow', Action: '*', Resource: '*' }])
    const sts = new STS({ ...omen.clientConfig(), credentials: reader })
    const { Credentials: given } = await sts.getFederationToken({
      Name: 'short',
      Policy: policy([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]),
    })
    sts.destroy()
    const url = new URL('/_omen/decisions', omen.endpoint)
    const signer = {
      accessKeyId: given?.AccessKeyId ?? '',
      secret: new Secret(given?.SecretAccessKey ?? ''),
      sessionToken: given?.SessionToken ?? '',
      region: 'us-east-1',
      service: 'omen',
    }
    const asked = async () => {
      const request = {
        method: 'GET' as const,
        rawPath: url.pathname,
        rawQuery: '',
        headers: { host: url.host },
        body: new Uint8Array(),
      }
      const { host: _, ...headers } = signedHeaders(request, signer, omen.clock.now())
      const answer = await fetch(url, { headers })
      return `${answer.status} ${((await answer.json()) as { error: string }).error}`
    }
    assert.match(await asked(), /^403 .*is not authorized to perform: sts:DecodeAuthorizationMessage/)
    omen.clock.advance(86_400_000)
    assert.match(await asked(), /^403 The session is over/)
  })
})
