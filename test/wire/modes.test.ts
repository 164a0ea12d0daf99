import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STS, STSClient } from '@aws-sdk/client-sts'
import { createOmen, type Mode, type RunningOmen } from '../../packages/server/src/index.ts'
import { trustPolicy } from '../kit/index.ts'

/** A server, and a user of it who may do nothing. */
async function serverWith(mode: Mode) {
  const omen = await createOmen({ mode })
  const iam = omen.client(IAMClient, 'admin')
  await iam.send(new CreateUserCommand({ UserName: 'dev' }))
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
  const dev = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
  return { omen, dev, [Symbol.asyncDispose]: () => omen.close() }
}

async function modeHeader(omen: RunningOmen): Promise<string | null> {
  return (await fetch(`${omen.endpoint}/_omen/health`)).headers.get('x-omen-mode')
}

const foreign = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

describe('modes', { concurrency: true }, () => {
  test('enforce refuses what is not allowed, and unknown keys', async () => {
    await using server = await serverWith('enforce')
    const { omen, dev } = server
    await assert.rejects(omen.client(IAMClient, dev).send(new ListUsersCommand({})), { name: 'AccessDenied' })
    await assert.rejects(omen.client(STSClient, foreign).send(new GetCallerIdentityCommand({})), {
      name: 'InvalidClientTokenId',
    })
    assert.equal(await modeHeader(omen), 'enforce')
  })

  test('audit lets a denial through and records it as wouldDeny; signatures still count', async () => {
    await using server = await serverWith('audit')
    const { omen, dev } = server
    const { Users: users } = await omen.client(IAMClient, dev).send(new ListUsersCommand({}))
    assert.equal(users?.length, 2)
    const wrong = { ...dev, secretAccessKey: 'x'.repeat(40) }
    await assert.rejects(omen.client(IAMClient, wrong).send(new ListUsersCommand({})), {
      name: 'SignatureDoesNotMatch',
    })
    await assert.rejects(omen.client(STSClient, foreign).send(new GetCallerIdentityCommand({})), {
      name: 'InvalidClientTokenId',
    })
    const { Events: events } = await omen.client(CloudTrailClient).send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ListUsers' }],
      }),
    )
    const record: unknown = JSON.parse(events?.[0]?.CloudTrailEvent ?? '{}')
    assert.ok(
      typeof record === 'object' &&
        record !== null &&
        'additionalEventData' in record &&
        !('errorCode' in record),
    )
    assert.match(
      JSON.stringify(record.additionalEventData),
      /"wouldDeny":"User: .*user\/dev is not authorized to perform: iam:ListUsers/,
    )
    assert.equal(await modeHeader(omen), 'audit')
  })

  test('off takes unknown keys for root and asks no permission; known keys say who', async () => {
    await using server = await serverWith('off')
    const { omen, dev } = server
    const root = await omen.client(STSClient, foreign).send(new GetCallerIdentityCommand({}))
    assert.equal(root.Arn, 'arn:aws:iam::123456789012:root')
    const known = await omen.client(STSClient, dev).send(new GetCallerIdentityCommand({}))
    assert.equal(known.Arn, 'arn:aws:iam::123456789012:user/dev')
    await omen.client(IAMClient, dev).send(new ListUsersCommand({}))
    // what would be root's end everywhere else (STS-2)
    const { Role: role } = await omen.client(IAMClient, foreign).send(
      new CreateRoleCommand({
        RoleName: 'worn',
        AssumeRolePolicyDocument: trustPolicy({ Service: 'ec2.amazonaws.com' }),
      }),
    )
    const worn = await omen
      .client(STSClient, foreign)
      .send(new AssumeRoleCommand({ RoleArn: role!.Arn!, RoleSessionName: 'anybody' }))
    assert.match(worn.AssumedRoleUser!.Arn!, /:assumed-role\/worn\/anybody$/)
    assert.equal(await modeHeader(omen), 'off')
  })

  test('off opens nothing that credentials of a kind cannot do (STS-72)', async () => {
    await using omen = await createOmen({ mode: 'off' })
    const sts = omen.client(STS, 'admin')
    const { Credentials: given } = await sts.getFederationToken({ Name: 'guest' })
    const guest = omen.client(STS, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    })
    const refused = (operation: string, kind: string) => ({
      name: 'AccessDenied',
      message: `Cannot call ${operation} with ${kind} credentials`,
    })
    await assert.rejects(guest.getSessionToken({}), refused('GetSessionToken', 'session'))
    await assert.rejects(
      guest.getFederationToken({ Name: 'other' }),
      refused('GetFederationToken', 'session'),
    )
    await assert.rejects(sts.getScopedCredentials({}), refused('GetScopedCredentials', 'long-term'))
  })

  test('off is not for pages of other sites (WIRE-64)', async () => {
    await using omen = await createOmen({ mode: 'off' })
    const here = new URL(omen.endpoint).host
    const body = 'Action=ListUsers&Version=2010-05-08'
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const status = async (path: string, headers: Readonly<Record<string, string>>) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      const sent = request(omen.endpoint + path, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', reject)
      sent.end(path === '/' ? body : '{}')
      return promise
    }
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
      // a name of the attacker's that leads here
      { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      { host: 'evil.example', 'sec-fetch-site': 'same-origin' },
      { host: here, origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      { host: 'omen', origin: 'http://omen', 'sec-fetch-site': 'same-origin' },
    ]
    for (const headers of foreign) {
      assert.equal(await status('/', { ...form, ...headers }), 403, JSON.stringify(headers))
      // under a name that is not this machine's it is answered nothing at all (behaviour WIRE-71)
      const refused = headers.host === 'evil.example' || headers.host === 'omen' ? 421 : 403
      assert.equal(await status('/_omen/keys/rotate', headers), refused, JSON.stringify(headers))
    }
    for (const headers of [
      {},
      { host: 'omen.docker' },
      { origin: `http://${here}`, 'sec-fetch-site': 'same-origin' },
      // a development server that passes on what its own pages ask, under its name or under this one
      { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-origin' },
      { host: 'app.localhost', origin: 'https://app.localhost' },
    ]) {
      assert.equal(await status('/', { ...form, ...headers }), 200, JSON.stringify(headers))
      assert.equal(await status('/_omen/keys/rotate', headers), 200, JSON.stringify(headers))
    }
    // a browser says nothing of the page that gets something by plain http from a name that it was led to
    const got = async (headers: Readonly<Record<string, string>>) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      request(`${omen.endpoint}/?${body}`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
      return promise
    }
    for (const headers of [
      { host: 'evil.example', 'accept-language': 'en' },
      { host: 'evil.example', 'accept-language': '*', 'user-agent': 'curl' },
      { host: '192.168.0.7', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
    ]) {
      assert.equal(await got(headers), 403, JSON.stringify(headers))
    }
    assert.equal(await got({ 'user-agent': 'curl/8.5.0' }), 200)
    // whatever is no GET they would send with the page's name: this is a program
    assert.equal(await status('/', { ...form, 'accept-language': 'en' }), 200)
    assert.equal((await fetch(`${omen.endpoint}/?${body}`)).status, 200)
    // in a container nobody's address is its own
    const reached = async (headers: Readonly<Record<string, string>>) => {
      const sent = { method: 'POST', rawPath: '/', rawQuery: '', body: Buffer.from(body), secure: false }
      const whole = { ...sent, headers: { ...form, ...headers }, remoteAddress: '172.17.0.1' }
      return (await omen.omen.answer(whole)).status
    }
    for (const name of ['omen:4977', 'omen.test', 'localhost:4977', '192.168.0.7:4977', '[fd00::1]:4977']) {
      const own = { host: name, origin: `http://${name}`, 'sec-fetch-site': 'same-origin' }
      assert.equal(await reached(own), 200, name)
    }
    const rebound = { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }
    assert.equal(await reached(rebound), 403)
  })
})

describe('other quotas than AWS’s', () => {
  test('IAM-30 LimitExceeded names the quota as it is set here', async () => {
    await using omen = await createOmen({ quotas: { RolesPerAccount: 1 } })
    const iam = omen.client(IAMClient)
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
    }
    const role = (name: string) =>
      iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }))
    await role('first')
    await assert.rejects(role('second'), {
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for RolesPerAccount: 1',
    })
  })
})

describe('a house in process', () => {
  test('the same seed gives the same ids and keys', async () => {
    const ids = async () => {
      await using omen = await createOmen({ randomSeed: 'masks', now: Date.UTC(2026, 0, 1) })
      const { User: user } = await omen.client(IAMClient).send(new CreateUserCommand({ UserName: 'dev' }))
      return [omen.keys.admin.accessKeyId, user?.UserId]
    }
    assert.deepEqual(await ids(), await ids())
  })

  test('its clock moves sessions and signatures alike', async () => {
    await using omen = await createOmen({ now: Date.UTC(2030, 0, 1) })
    const sts = omen.client(STSClient)
    // the SDK corrects its clock by the answer's Date and tries again
    const identity = await sts.send(new GetCallerIdentityCommand({}))
    assert.equal(identity.Account, '123456789012')
    omen.clock.advance(86_400_000)
    assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, '123456789012')
  })
})
