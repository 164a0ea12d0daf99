import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { firstPosition } from '../../packages/server/src/store/index.ts'
import { account } from '../kit/index.ts'
import { allow, credentialsOf, lasting, openTrailServer, organizationWithMember } from './cloudtrail-house.ts'

const dated = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const trust = allow({ Principal: { AWS: account }, Action: 'sts:AssumeRole' })

/** The part of every management event that is the same here. */
function common(name: string, source: string, readOnly: boolean) {
  return {
    eventVersion: '1.11',
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: 'us-east-1',
    sourceIPAddress: '127.0.0.1',
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  }
}

async function withUser(policy: string) {
  const server = await openTrailServer()
  await server.iam.createUser({ UserName: 'alice' })
  await server.iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument: policy })
  const { AccessKey: key } = await server.iam.createAccessKey({ UserName: 'alice' })
  const { User: user } = await server.iam.getUser({ UserName: 'alice' })
  const identity = {
    type: 'IAMUser',
    principalId: user!.UserId,
    arn: user!.Arn,
    accountId: account,
    accessKeyId: key!.AccessKeyId,
    userName: 'alice',
  }
  return { server, key: credentialsOf(key!), identity, alice: server.as(credentialsOf(key!)) }
}

describe('Events of IAM', () => {
  it('show a role made, its trust policy plain and percent-encoded (TRL-2, TRL-12, TRL-13, TRL-21, TRL-35)', async () => {
    const { server, alice, identity } = await withUser(allow({ Action: 'iam:*', Resource: '*' }))
    await using _ = server
    const tags = [{ Key: 'team', Value: 'red' }]
    const { Role: role } = await alice.iam.createRole({
      Path: '/',
      RoleName: 'r',
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: 3_600,
      Tags: tags,
    })
    const event = await server.event('CreateRole')
    const made = (event.responseElements as { role: Record<string, unknown> }).role
    assert.match(String(made.createDate), dated)
    assert.deepEqual(lasting(event), {
      ...common('CreateRole', 'iam', false),
      userIdentity: identity,
      requestParameters: {
        path: '/',
        roleName: 'r',
        assumeRolePolicyDocument: trust,
        maxSessionDuration: 3_600,
        tags: [{ key: 'team', value: 'red' }],
      },
      responseElements: {
        role: {
          path: '/',
          roleName: 'r',
          roleId: role!.RoleId,
          arn: role!.Arn,
          createDate: made.createDate,
          assumeRolePolicyDocument: role!.AssumeRolePolicyDocument,
          tags: [{ key: 'team', value: 'red' }],
        },
      },
    })
    assert.ok(role!.AssumeRolePolicyDocument!.startsWith('%7B%22'))
  })

  it('write null where nothing comes back, and of reads (TRL-3, TRL-36)', async () => {
    const { server, alice } = await withUser(allow({ Action: 'iam:*', Resource: '*' }))
    await using _ = server
    await alice.iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument: trust })
    const document = allow({ Action: 's3:*', Resource: '*' })
    await alice.iam.putRolePolicy({ RoleName: 'r', PolicyName: 'inline', PolicyDocument: document })
    await alice.iam.getRole({ RoleName: 'r' })
    const put = await server.event('PutRolePolicy')
    assert.deepEqual(put.requestParameters, { roleName: 'r', policyName: 'inline', policyDocument: document })
    assert.equal(put.responseElements, null)
    const got = await server.event('GetRole')
    assert.equal(got.readOnly, true)
    assert.deepEqual(got.requestParameters, { roleName: 'r' })
    assert.equal(got.responseElements, null)
  })

  it('are in us-east-1, as those of Organizations; STS’s where it was called (TRL-14)', async () => {
    await using server = await openTrailServer()
    const west = { ...server.omen.clientConfig(), region: 'eu-west-1', maxAttempts: 2 }
    const [iam, sts, organizations] = [new IAM(west), new STS(west), new Organizations(west)]
    await iam.listUsers({})
    await organizations.createOrganization({})
    await sts.getCallerIdentity({})
    for (const client of [iam, sts, organizations]) client.destroy()
    await server.omen.omen.deps.recorder.flush()
    const { events } = await server.omen.omen.deps.directory.store.eventsAfter(firstPosition, 100)
    const regionOf = (name: string) => {
      const found = events.findLast((event) => event.name === name)!
      const { awsRegion } = JSON.parse(found.json) as { awsRegion: string }
      assert.equal(found.region, awsRegion)
      return awsRegion
    }
    assert.deepEqual(['ListUsers', 'CreateOrganization', 'GetCallerIdentity'].map(regionOf), [
      'us-east-1',
      'us-east-1',
      'eu-west-1',
    ])
  })

  it('never hold a secret (TRL-30)', async () => {
    const { server, alice } = await withUser(allow({ Action: '*', Resource: '*' }))
    await using _ = server
    const password = 'Very-Secret-Pass-1'
    await alice.iam.createLoginProfile({
      UserName: 'alice',
      Password: password,
      PasswordResetRequired: false,
    })
    await alice.iam.updateLoginProfile({ UserName: 'alice', Password: `${password}2` })
    await alice.iam.changePassword({ OldPassword: `${password}2`, NewPassword: `${password}3` })
    const { AccessKey: key } = await alice.iam.createAccessKey({ UserName: 'alice' })
    const { VirtualMFADevice: device } = await alice.iam.createVirtualMFADevice({ VirtualMFADeviceName: 'd' })
    const seed = Buffer.from(device!.Base32StringSeed!).toString('utf8')
    const { Credentials: session } = await alice.sts.getSessionToken({})
    const created = await server.event('CreateAccessKey')
    const shown = (created.responseElements as { accessKey: Record<string, unknown> }).accessKey
    assert.deepEqual(Object.keys(shown).sort(), ['accessKeyId', 'createDate', 'status', 'userName'])
    const profile = await server.event('CreateLoginProfile')
    assert.deepEqual(profile.requestParameters, { userName: 'alice', passwordResetRequired: false })
    assert.deepEqual((await server.event('UpdateLoginProfile')).requestParameters, { userName: 'alice' })
    assert.equal((await server.event('ChangePassword')).requestParameters, null)
    const { Events: all = [] } = await server.cloudtrail.lookupEvents({})
    const text = JSON.stringify(all)
    for (const secret of [password, key!.SecretAccessKey!, session!.SecretAccessKey!, seed])
      assert.ok(!text.includes(secret))
    assert.ok(text.includes(session!.SessionToken!))
  })

  it('name the model’s exception; a refusal is AccessDenied and has no parameters (TRL-8, TRL-9)', async () => {
    const { server, alice } = await withUser(allow({ Action: 'iam:GetRole', Resource: '*' }))
    await using _ = server
    await assert.rejects(alice.iam.getRole({ RoleName: 'none' }))
    const missing = await server.event('GetRole')
    assert.equal(missing.errorCode, 'NoSuchEntityException')
    assert.equal(missing.errorMessage, 'The role with name none cannot be found.')
    assert.deepEqual(missing.requestParameters, { roleName: 'none' })
    await assert.rejects(alice.iam.createUser({ UserName: 'eve' }))
    const refused = await server.event('CreateUser')
    assert.equal(refused.errorCode, 'AccessDenied')
    assert.match(String(refused.errorMessage), /is not authorized to perform: iam:CreateUser on resource/)
    assert.equal(refused.requestParameters, null)
    assert.equal(refused.responseElements, null)
    await assert.rejects(alice.cloudtrail.lookupEvents({}))
    assert.equal((await server.events('LookupEvents')).at(0)?.errorCode, 'AccessDenied')
  })

  it('are there for what does not parse and for what is not served, and not for wrong signatures (TRL-19, TRL-50)', async () => {
    const { server, alice, identity, key } = await withUser(allow({ Action: '*', Resource: '*' }))
    await using _ = server
    await assert.rejects(alice.iam.createRole({ RoleName: 'not a name!', AssumeRolePolicyDocument: trust }))
    // kept already: no look-up hurries it
    const kept = await server.omen.omen.deps.directory.store.eventsAfter(firstPosition, 1_000)
    assert.ok(kept.events.some(({ name }) => name === 'CreateRole'))
    const unparsed = await server.event('CreateRole')
    assert.deepEqual(unparsed.userIdentity, identity)
    assert.match(String(unparsed.errorCode), /^Validation/)
    assert.equal(unparsed.requestParameters, null)
    assert.equal(unparsed.readOnly, false)
    await assert.rejects(alice.cloudtrail.createDashboard({ Name: 'd' }))
    assert.equal((await server.event('CreateDashboard')).errorCode, 'NotImplemented')
    const forger = server.as({ ...key, secretAccessKey: 'x'.repeat(40) })
    await assert.rejects(forger.iam.listRoles({}))
    assert.deepEqual(await server.events('ListRoles'), [])
  })

  it('cannot be forged by what a caller writes (TRL-7)', async () => {
    const { server, alice } = await withUser(allow({ Action: 'iam:*', Resource: '*' }))
    await using _ = server
    const value = 'x"}\n{"eventName":"DeleteTrail"}\u2028\u202e'.replace(/["{}]/g, '=')
    await assert.rejects(alice.iam.createUser({ UserName: 'eve', Tags: [{ Key: 'a', Value: value }] }))
    const { Events: all = [] } = await server.cloudtrail.lookupEvents({})
    for (const { CloudTrailEvent: text } of all)
      assert.ok(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/.test(text!))
  })
})

describe('Events of STS', () => {
  it('show who assumed a role, the token but not the secret (TRL-11, TRL-31, TRL-42, TRL-47)', async () => {
    const { server, alice, identity } = await withUser(allow({ Action: 'sts:*', Resource: '*' }))
    await using _ = server
    const { Role: role } = await server.iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument: trust })
    const { Credentials: session, AssumedRoleUser: user } = await alice.sts.assumeRole({
      RoleArn: role!.Arn!,
      RoleSessionName: 'work',
      DurationSeconds: 900,
      ExternalId: 'shared-word',
    })
    const event = await server.event('AssumeRole')
    const elements = event.responseElements as { credentials: Record<string, unknown> }
    assert.match(String(elements.credentials.expiration), dated)
    const percent = Math.floor((session!.SessionToken!.length * 100) / 4_096)
    assert.ok(!('sharedEventID' in event))
    assert.deepEqual(lasting(event), {
      ...common('AssumeRole', 'sts', true),
      userIdentity: identity,
      requestParameters: {
        roleArn: role!.Arn,
        roleSessionName: 'work',
        durationSeconds: 900,
        externalId: 'shared-word',
      },
      responseElements: {
        credentials: {
          accessKeyId: session!.AccessKeyId,
          sessionToken: session!.SessionToken,
          expiration: elements.credentials.expiration,
        },
        assumedRoleUser: { assumedRoleId: user!.AssumedRoleId, arn: user!.Arn },
        packedPolicySize: percent,
        sessionTokenUtilization: percent,
        sessionTokenSize: session!.SessionToken!.length,
      },
      additionalEventData: {
        RequestDetails: { endpointType: 'regional', awsServingRegion: 'us-east-1' },
      },
      resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: role!.Arn }],
    })

    const worn = server.as(credentialsOf(session!))
    await worn.sts.getCallerIdentity({})
    const call = await server.event('GetCallerIdentity')
    const attributes = (call.userIdentity.sessionContext as { attributes: unknown }).attributes
    assert.deepEqual(call.userIdentity, {
      type: 'AssumedRole',
      principalId: `${role!.RoleId}:work`,
      arn: user!.Arn,
      accountId: account,
      accessKeyId: session!.AccessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: role!.RoleId,
          arn: role!.Arn,
          accountId: account,
          userName: 'r',
        },
        attributes,
      },
    })
    assert.deepEqual(Object.keys(attributes as object), ['creationDate', 'mfaAuthenticated'])
    assert.match((attributes as { creationDate: string }).creationDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.equal(call.requestParameters, null)
  })

  it('show federation, whose sessions name their issuer (TRL-15, TRL-25)', async () => {
    const { server, alice, identity } = await withUser(allow({ Action: 'sts:*', Resource: '*' }))
    await using _ = server
    const { Credentials: session } = await alice.sts.getFederationToken({
      Name: 'guest',
      Policy: allow({ Action: 'iam:ListRoles', Resource: '*' }),
    })
    const event = await server.event('GetFederationToken')
    assert.equal(event.readOnly, false)
    await server.as(credentialsOf(session!)).sts.getCallerIdentity({})
    const { userIdentity } = await server.event('GetCallerIdentity')
    assert.equal(userIdentity.type, 'FederatedUser')
    assert.equal(userIdentity.principalId, `${account}:guest`)
    assert.deepEqual((userIdentity.sessionContext as { sessionIssuer: unknown }).sessionIssuer, {
      type: 'IAMUser',
      principalId: identity.principalId,
      arn: identity.arn,
      accountId: account,
      userName: 'alice',
    })
  })

  it('show a refused AssumeRole to the caller’s account only (TRL-8, TRL-41)', async () => {
    const { server, alice } = await withUser(allow({ Action: 'iam:*', Resource: '*' }))
    await using _ = server
    await assert.rejects(
      alice.sts.assumeRole({ RoleArn: `arn:aws:iam::${account}:role/none`, RoleSessionName: 'xx' }),
    )
    const event = await server.event('AssumeRole')
    assert.equal(event.errorCode, 'AccessDenied')
    assert.equal(event.requestParameters, null)
    for (const absent of ['resources', 'sharedEventID']) assert.ok(!(absent in event))
  })

  it('show root by its account (TRL-20), and a user’s session of its own (TRL-21)', async () => {
    const { server, alice } = await withUser(allow({ Action: '*', Resource: '*' }))
    await using _ = server
    await server.as('root').sts.getCallerIdentity({})
    assert.deepEqual((await server.event('GetCallerIdentity')).userIdentity, {
      type: 'Root',
      principalId: account,
      arn: `arn:aws:iam::${account}:root`,
      accountId: account,
      accessKeyId: server.omen.keys.root.accessKeyId,
    })
    const { Credentials: session } = await alice.sts.getSessionToken({})
    await server.as(credentialsOf(session!)).ec2.describeInstances({})
    const { userIdentity } = await server.event('DescribeInstances')
    assert.equal(userIdentity.type, 'IAMUser')
    assert.deepEqual(Object.keys(userIdentity.sessionContext as object), ['attributes'])
  })
})

describe('Events across accounts', () => {
  it('are in both with one sharedEventID; the owner sees where the caller comes from (TRL-28, TRL-41)', async () => {
    await using server = await openTrailServer()
    const { member: other } = await organizationWithMember(server.omen)
    const RoleArn = `arn:aws:iam::${other}:role/OrganizationAccountAccessRole`
    const { Credentials: session } = await server.sts.assumeRole({ RoleArn, RoleSessionName: 'across' })
    const theirs = server.as(credentialsOf(session!))
    const here = await server.event('AssumeRole')
    const { Events: found = [] } = await theirs.cloudtrail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }],
    })
    assert.equal(found.length, 1)
    assert.equal(found[0]!.Username, undefined)
    const there = JSON.parse(found[0]!.CloudTrailEvent!) as typeof here
    assert.equal(there.sharedEventID, here.sharedEventID)
    assert.ok(here.sharedEventID)
    assert.notEqual(there.eventID, here.eventID)
    assert.equal(there.recipientAccountId, other)
    assert.deepEqual(there.userIdentity, {
      type: 'AWSAccount',
      principalId: here.userIdentity.principalId,
      accountId: account,
    })
    assert.deepEqual(there.resources, here.resources)
  })
})

describe('What audit mode let through', () => {
  it('says in the event what it would have refused (TRL-44)', async () => {
    await using omen = await createOmen({ mode: 'audit' })
    const { IAM } = await import('@aws-sdk/client-iam')
    const { CloudTrail } = await import('@aws-sdk/client-cloudtrail')
    const iam = omen.client(IAM)
    await iam.createUser({ UserName: 'nobody' })
    const { AccessKey: key } = await iam.createAccessKey({ UserName: 'nobody' })
    await omen.client(IAM, credentialsOf(key!)).createUser({ UserName: 'made' })
    const { Events: found = [] } = await omen.client(CloudTrail).lookupEvents({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'made' }],
    })
    const event = JSON.parse(found[0]!.CloudTrailEvent!) as Record<string, Record<string, unknown>>
    assert.match(String(event.additionalEventData!.wouldDeny), /not authorized to perform: iam:CreateUser/)
    assert.ok(!('errorCode' in event))
  })
})
