import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  AssociateIamInstanceProfileCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { instanceProfiles, roles } from '../../packages/server/src/directory/index.ts'

import { account, launch, onlyAssociation, wearing } from './workload-house.ts'

async function token(endpoint: string, seconds = '60', headers: Record<string, string> = {}) {
  return fetch(`${endpoint}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': seconds, ...headers },
  })
}

const credentialsPath = '/latest/meta-data/iam/security-credentials/'

async function credentials(endpoint: string): Promise<Record<string, string>> {
  return (await fetch(`${endpoint}${credentialsPath}web`)).json() as Promise<Record<string, string>>
}

describe('The metadata service, version 1 and 2', () => {
  it('gives tokens that live as long as asked, and to nobody through a proxy (WKL-1, WKL-2, WKL-3, WKL-8)', async () => {
    await using w = await wearing({ tokens: 'required' })
    const refused = await fetch(`${w.endpoint}/latest/meta-data/`)
    assert.equal(refused.status, 401)
    assert.match(refused.headers.get('content-type') ?? '', /^text\/html/)
    assert.match(await refused.text(), /<title>401 - Unauthorized<\/title>/)
    for (const life of ['', '0', '21601', 'ten', '-1'])
      assert.equal((await token(w.endpoint, life)).status, 400)
    assert.equal((await token(w.endpoint, '60', { 'x-forwarded-for': '10.0.0.1' })).status, 403)
    const given = await token(w.endpoint)
    assert.equal(given.headers.get('x-aws-ec2-metadata-token-ttl-seconds'), '60')
    const headers = { 'x-aws-ec2-metadata-token': await given.text() }
    const read = await fetch(`${w.endpoint}/latest/meta-data/instance-id`, { headers })
    assert.equal(await read.text(), w.instanceId)
    w.server.omen.clock.advance(61_000)
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/instance-id`, { headers })).status, 401)
  })

  it("takes no other instance's token (WKL-2)", async () => {
    await using w = await wearing()
    const other = (await w.ec2.send(new RunInstancesCommand(launch))).Instances![0]!.InstanceId!
    const elsewhere = (await w.workload.metadataOf(account, other)).replace(/\/$/, '')
    assert.notEqual(elsewhere, w.endpoint)
    const headers = { 'x-aws-ec2-metadata-token': await (await token(elsewhere)).text() }
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/`, { headers })).status, 401)
    assert.equal((await fetch(`${elsewhere}/latest/meta-data/iam/`, { headers })).status, 404)
  })

  it('lists its tree, folders with a slash (WKL-4)', async () => {
    await using w = await wearing()
    const read = async (path: string) => (await fetch(w.endpoint + path)).text()
    assert.equal(await read('/'), 'latest')
    assert.equal(await read('/latest'), 'dynamic/\nmeta-data/')
    const names = (await read('/latest/meta-data/')).split('\n')
    for (const name of ['ami-id', 'iam/', 'instance-id', 'mac', 'network/', 'placement/'])
      assert(names.includes(name))
    assert.equal(await read('/latest/meta-data/placement/region'), 'us-east-1')
    assert.equal(await read('/2021-07-15/meta-data/placement/availability-zone'), 'us-east-1a')
    const document = JSON.parse(await read('/latest/dynamic/instance-identity/document'))
    assert.equal(document.instanceId, w.instanceId)
    assert.equal(document.accountId, account)
    for (const path of ['/latest/meta-data/nothing', '/latest/user-data', '/1999/meta-data/', '/%zz'])
      assert.equal((await fetch(w.endpoint + path)).status, 404)
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/`, { method: 'POST' })).status, 405)
  })

  it('returns the profile and the credentials of its role (WKL-5, WKL-6)', async () => {
    await using w = await wearing()
    const info = (await (await fetch(`${w.endpoint}/latest/meta-data/iam/info`)).json()) as Record<
      string,
      string
    >
    assert.deepEqual(Object.keys(info), ['Code', 'LastUpdated', 'InstanceProfileArn', 'InstanceProfileId'])
    assert.equal(info.InstanceProfileArn, 'arn:aws:iam::123456789012:instance-profile/web')
    assert.equal(await (await fetch(w.endpoint + credentialsPath)).text(), 'web')
    const given = await credentials(w.endpoint)
    assert.deepEqual(Object.keys(given), [
      'Code',
      'LastUpdated',
      'Type',
      'AccessKeyId',
      'SecretAccessKey',
      'Token',
      'Expiration',
    ])
    assert.equal(given.Code, 'Success')
    assert.equal(given.Type, 'AWS-HMAC')
    const lived = Date.parse(given.Expiration!) - Date.parse(given.LastUpdated!)
    assert.equal(lived, (6 * 60 + 35) * 60_000)
    const sts = w.server.omen.client(STSClient, {
      accessKeyId: given.AccessKeyId!,
      secretAccessKey: given.SecretAccessKey!,
      sessionToken: given.Token!,
    })
    const identity = await sts.send(new GetCallerIdentityCommand({}))
    assert.equal(identity.Arn, `arn:aws:sts::123456789012:assumed-role/web/${w.instanceId}`)
  })

  it('renews credentials long before they end; the old ones still live (WKL-20, WKL-21)', async () => {
    await using w = await wearing()
    const [first, same] = await Promise.all([credentials(w.endpoint), credentials(w.endpoint)])
    assert.equal(first.AccessKeyId, same.AccessKeyId)
    w.server.omen.clock.advance(3_599_000)
    assert.equal((await credentials(w.endpoint)).AccessKeyId, first.AccessKeyId)
    w.server.omen.clock.advance(2_000)
    const second = await credentials(w.endpoint)
    assert.notEqual(second.AccessKeyId, first.AccessKeyId)
    assert(Date.parse(second.Expiration!) > Date.parse(first.Expiration!))
  })

  it('hands out nothing once the profile is taken away (WKL-7)', async () => {
    await using w = await wearing()
    const before = await credentials(w.endpoint)
    const { AssociationId } = onlyAssociation(w)
    await w.ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }))
    assert.equal((await fetch(`${w.endpoint}${credentialsPath}web`)).status, 404)
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/iam/info`)).status, 404)
    await w.ec2.send(
      new AssociateIamInstanceProfileCommand({
        InstanceId: w.instanceId,
        IamInstanceProfile: { Name: 'web' },
      }),
    )
    assert.notEqual((await credentials(w.endpoint)).AccessKeyId, before.AccessKeyId)
  })

  it('says AssumeRoleUnauthorizedAccess once the role no longer trusts EC2, and recovers (WKL-9)', async () => {
    await using w = await wearing()
    assert.equal((await credentials(w.endpoint)).Code, 'Success')
    await w.server.role('web', 'lambda.amazonaws.com')
    const refused = await credentials(w.endpoint)
    assert.equal(refused.Code, 'AssumeRoleUnauthorizedAccess')
    assert.match(refused.Message!, /^EC2 cannot assume the role web\. {2}Please see documentation at /)
    await w.server.role('web')
    assert.equal((await credentials(w.endpoint)).Code, 'Success')
  })

  it('says InstanceProfileNotFound of a deleted profile, and nothing of a deleted role (WKL-10, WKL-11)', async () => {
    await using w = await wearing()
    const { account: kept, omen } = w.server
    kept.table(roles).delete(kept.table(roles).findBy('name', 'web')!.id)
    await omen.omen.deps.directory.commit([])
    assert.equal((await fetch(`${w.endpoint}${credentialsPath}web`)).status, 404)
    kept.table(instanceProfiles).delete(kept.table(instanceProfiles).findBy('name', 'web')!.id)
    await omen.omen.deps.directory.commit([])
    const info = (await (await fetch(`${w.endpoint}/latest/meta-data/iam/info`)).json()) as Record<
      string,
      string
    >
    assert.equal(info.Code, 'InstanceProfileNotFound')
  })

  it('is silent where it is switched off, where nothing runs, and for names instead of addresses (WKL-12, WKL-13)', async () => {
    await using w = await wearing()
    const { port } = new URL(w.endpoint)
    assert.equal(await statusFor(Number(port), 'rebound.example.com'), 403)
    const options = { InstanceId: w.instanceId, HttpEndpoint: 'disabled' } as const
    await w.ec2.send(new ModifyInstanceMetadataOptionsCommand(options))
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/`)).status, 403)
    await w.ec2.send(new ModifyInstanceMetadataOptionsCommand({ ...options, HttpEndpoint: 'enabled' }))
    await w.ec2.send(new StopInstancesCommand({ InstanceIds: [w.instanceId] }))
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/`)).status, 503)
    await w.ec2.send(new TerminateInstancesCommand({ InstanceIds: [w.instanceId] }))
    assert.equal((await fetch(`${w.endpoint}/latest/meta-data/`)).status, 404)
    const gone = await w.workload.metadataOf(account, w.instanceId).catch((error: unknown) => error)
    assert.equal((gone as { code: string }).code, 'InvalidInstanceID.NotFound')
  })
})

describe('The trail', () => {
  it('shows that EC2 assumed the role when the instance started, under its id (TRL-40, WKL-22)', async () => {
    await using w = await wearing()
    const trail = w.server.omen.client(CloudTrailClient)
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'AssumeRole' }]
    const events = async () => (await trail.send(new LookupEventsCommand({ LookupAttributes }))).Events
    const Events = await events()
    assert.equal(Events?.length, 1)
    const token = await (
      await fetch(`${w.endpoint}/latest/api/token`, {
        method: 'PUT',
        headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
      })
    ).text()
    const path = '/latest/meta-data/iam/security-credentials/web'
    const headers = { 'x-aws-ec2-metadata-token': token }
    assert.equal((await fetch(w.endpoint + path, { headers })).status, 200)
    assert.equal((await events())?.length, 1)
    const event = JSON.parse(Events![0]!.CloudTrailEvent!)
    assert.deepEqual(event.userIdentity, { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' })
    assert.equal(event.sourceIPAddress, 'ec2.amazonaws.com')
    assert.deepEqual(event.requestParameters, {
      roleArn: 'arn:aws:iam::123456789012:role/web',
      roleSessionName: w.instanceId,
    })
  })
})

describe('Container credentials', () => {
  const taskRole = 'arn:aws:iam::123456789012:role/task'
  const name = { service: 'ecs-tasks.amazonaws.com', sessionName: 'a-task' }

  it('need the token of the very wearer (WKL-31)', async () => {
    await using w = await wearing()
    await w.server.role('task', 'ecs-tasks.amazonaws.com')
    const one = await w.workload.containerOf(taskRole, name)
    const two = await w.workload.containerOf(taskRole, { ...name, sessionName: 'another-task' })
    const ask = async (uri: string, authorization?: string, more: Record<string, string> = {}) => {
      const headers = { ...(authorization === undefined ? {} : { authorization }), ...more }
      const response = await fetch(uri, { headers })
      return [response.status, (await response.json()) as Record<string, string>] as const
    }
    const [status, given] = await ask(one.uri, one.token)
    assert.equal(status, 200)
    assert.equal(given.RoleArn, taskRole)
    assert.equal((await ask(one.uri))[0], 403)
    assert.equal((await ask(one.uri, two.token))[0], 403)
    assert.equal((await ask(one.uri, one.token, { 'x-forwarded-for': '10.0.0.1' }))[0], 403)
    one.release()
    assert.equal((await ask(one.uri, one.token))[0], 403)
    assert.equal((await ask(two.uri, two.token))[0], 200)
  })

  it('end with the trust, and are refused for a role that is not there (WKL-33)', async () => {
    await using w = await wearing()
    await w.server.role('task', 'ecs-tasks.amazonaws.com')
    const { uri, token } = await w.workload.containerOf(taskRole, name)
    const ask = () => fetch(uri, { headers: { authorization: token } })
    assert.equal((await ask()).status, 200)
    await w.server.role('task', 'ec2.amazonaws.com')
    assert.equal((await ask()).status, 403)
    const missing = w.workload.containerOf('arn:aws:iam::123456789012:role/nothing', name)
    assert.equal(((await missing.catch((error: unknown) => error)) as { code: string }).code, 'NoSuchEntity')
  })
})

/** The status of a question that names the port's host otherwise, as a page in a browser can. */
function statusFor(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { port, host: '127.0.0.1', path: '/latest/meta-data/', headers: { host } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}
