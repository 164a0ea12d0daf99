import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { createOmen, type RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { allow, credentialsOf, openTrailServer } from './cloudtrail-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const

async function withProfile() {
  const server = await openTrailServer()
  const { Role: role } = await server.iam.createRole({
    RoleName: 'web',
    AssumeRolePolicyDocument: allow({
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  })
  await server.iam.createInstanceProfile({ InstanceProfileName: 'web' })
  await server.iam.addRoleToInstanceProfile({ InstanceProfileName: 'web', RoleName: 'web' })
  return { server, roleArn: role!.Arn! }
}

describe('Events of services', () => {
  it('show that EC2 assumed a role: who, shared, and without the session’s name (TRL-27, TRL-42, TRL-43)', async () => {
    const { server, roleArn } = await withProfile()
    await using _ = server
    const { Instances: made } = await server.ec2.runInstances({
      ...launch,
      IamInstanceProfile: { Name: 'web' },
    })
    const endpoint = await server.omen.metadataOf(made![0]!.InstanceId!)
    const token = await fetch(new URL('/latest/api/token', endpoint), {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
    })
    const headers = { 'x-aws-ec2-metadata-token': await token.text() }
    const given = await fetch(new URL('/latest/meta-data/iam/security-credentials/web', endpoint), {
      headers,
    })
    assert.equal(given.status, 200)
    const event = await server.event('AssumeRole')
    assert.deepEqual(event.userIdentity, { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' })
    assert.equal(event.sourceIPAddress, 'ec2.amazonaws.com')
    assert.equal(event.userAgent, 'ec2.amazonaws.com')
    assert.deepEqual(event.requestParameters, { roleArn, roleSessionName: made![0]!.InstanceId })
    const elements = event.responseElements as Record<string, Record<string, unknown>>
    assert.deepEqual(Object.keys(elements), [
      'credentials',
      'packedPolicySize',
      'sessionTokenUtilization',
      'sessionTokenSize',
    ])
    assert.deepEqual(Object.keys(elements.credentials!), ['accessKeyId', 'sessionToken', 'expiration'])
    assert.equal(event.readOnly, true)
    assert.ok(event.sharedEventID)
    for (const absent of ['tlsDetails', 'additionalEventData']) assert.ok(!(absent in event), absent)
    assert.deepEqual(event.resources, [{ accountId: '123456789012', type: 'AWS::IAM::Role', ARN: roleArn }])
  })

  it('have none for PassRole: the event of the call that passes the role shows it (TRL-34)', async () => {
    const { server, roleArn } = await withProfile()
    await using _ = server
    await server.iam.createUser({ UserName: 'alice' })
    await server.iam.putUserPolicy({
      UserName: 'alice',
      PolicyName: 'launch',
      PolicyDocument: allow({ Action: 'ec2:*', Resource: '*' }),
    })
    const { AccessKey: key } = await server.iam.createAccessKey({ UserName: 'alice' })
    const alice = server.as(credentialsOf(key!)).ec2
    await assert.rejects(alice.runInstances({ ...launch, IamInstanceProfile: { Name: 'web' } }))
    const event = await server.event('RunInstances')
    assert.equal(event.errorCode, 'Client.UnauthorizedOperation')
    assert.ok(String(event.errorMessage).includes(`iam:PassRole on resource: ${roleArn}`))
    assert.deepEqual(await server.events('PassRole'), [])
  })
})

/** Sends a call over TLS to a host of AWS's, and returns its event. */
async function callOverTls(omen: RunningOmen, host: string, body: string) {
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'test' },
    body: Buffer.from(body),
  }
  const { accessKeyId, secretAccessKey } = omen.keys.admin
  const service = host.split('.')[0]!
  const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service }
  const answer = await omen.omen.answer({
    ...request,
    headers: signedHeaders(request, signer, omen.clock.now()),
    remoteAddress: '192.0.2.7',
    secure: true,
    tls: { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
  })
  assert.equal(answer.status, 200)
  const { Events: found = [] } = await omen.client(CloudTrail).lookupEvents({ MaxResults: 1 })
  return JSON.parse(found[0]!.CloudTrailEvent!) as Record<string, unknown>
}

describe('Events of calls to AWS’s own hosts', () => {
  it('say which endpoint of STS was called (TRL-47)', async () => {
    await using omen = await createOmen()
    for (const [host, endpointType] of [
      ['sts.amazonaws.com', 'global'],
      ['sts.us-east-1.amazonaws.com', 'regional'],
    ] as const) {
      const event = await callOverTls(omen, host, 'Action=GetCallerIdentity&Version=2011-06-15')
      const RequestDetails = { endpointType, awsServingRegion: 'us-east-1' }
      assert.deepEqual(event.additionalEventData, { RequestDetails })
    }
  })

  it('say what they were encrypted with (TRL-17)', async () => {
    await using omen = await createOmen()
    const body = 'Action=CreateUser&Version=2010-05-08&UserName=alice'
    const event = await callOverTls(omen, 'iam.amazonaws.com', body)
    assert.equal(event.sourceIPAddress, '192.0.2.7')
    assert.deepEqual(event.tlsDetails, {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'iam.amazonaws.com',
    })
  })
})
