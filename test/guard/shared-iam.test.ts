import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { S3 } from '@aws-sdk/client-s3'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { needs, startMoto, startReader, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

/** The upstream's own IAM, asked past the guard. */
function iamOf(upstream: UpstreamServer): IAM {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return new IAM({ endpoint: upstream.url, region: 'us-east-1', credentials, maxAttempts: 1 })
}

describe('the upstream has the IAM of the house', needs('moto'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let there: IAM
  const settled = async () => server.omen.omen.sharedIam?.settled()

  before(async () => {
    moto = await startMoto()
    there = iamOf(moto)
    await there.createRole({
      RoleName: 'before',
      AssumeRolePolicyDocument: allowing({ action: 'sts:AssumeRole' }),
    })
    server = await guardServer({
      upstream: { url: moto.url, sharedIam: true },
      forward: ['lambda'],
      seed: {
        roles: {
          before: {
            trust: 'lambda.amazonaws.com',
            policies: [JSON.parse(allowing({ action: 's3:GetObject' }))],
          },
        },
      },
    })
  })
  after(async () => {
    there?.destroy()
    await server?.close()
    await moto?.close()
  })

  test('what existed before is there, with the documents of the house (GRD-120)', async () => {
    await settled()
    const { Role } = await there.getRole({ RoleName: 'before' })
    assert.match(decodeURIComponent(Role!.AssumeRolePolicyDocument!), /lambda\.amazonaws\.com/)
    assert.deepEqual((await there.listRolePolicies({ RoleName: 'before' })).PolicyNames, ['inline-1'])
    assert.deepEqual(server.omen.omen.sharedIam?.state.existed, ['role before'])
    assert.deepEqual(server.omen.omen.sharedIam?.state.refused, [])
  })

  test('a function can be created with a role that was created a moment before (GRD-121)', async () => {
    const Role = await server.role('worker', 'lambda.amazonaws.com')
    const lambda = server.omen.client(Lambda, 'admin')
    const { FunctionArn } = await lambda.createFunction({
      FunctionName: 'work',
      Role,
      Runtime: 'python3.12',
      Handler: 'a.b',
      Code: { ZipFile: emptyZip },
    })
    assert.match(FunctionArn!, /:function:work$/)
  })

  test('each change follows: policies, groups, profiles, providers, and what is deleted (GRD-120)', async () => {
    const { iam } = server
    const { Policy } = await iam.createPolicy({
      PolicyName: 'reads',
      PolicyDocument: allowing({ action: 's3:GetObject' }),
    })
    for (let version = 0; version < 6; version++) {
      const made = await iam.createPolicyVersion({
        PolicyArn: Policy!.Arn,
        PolicyDocument: allowing({ action: 's3:GetObject', resource: `arn:aws:s3:::${version}` }),
        SetAsDefault: true,
      })
      const versions = await iam.listPolicyVersions({ PolicyArn: Policy!.Arn })
      const old = versions.Versions!.filter(({ VersionId }) => VersionId !== made.PolicyVersion!.VersionId)
      for (const { VersionId } of old) await iam.deletePolicyVersion({ PolicyArn: Policy!.Arn, VersionId })
      await settled()
    }
    await iam.attachRolePolicy({ RoleName: 'worker', PolicyArn: Policy!.Arn })
    await iam.createGroup({ GroupName: 'devs', Path: '/team/' })
    await server.user('dev', allowing({ action: 'sqs:*' }))
    await iam.addUserToGroup({ GroupName: 'devs', UserName: 'dev' })
    await iam.createInstanceProfile({ InstanceProfileName: 'machine' })
    await iam.addRoleToInstanceProfile({ InstanceProfileName: 'machine', RoleName: 'worker' })
    await iam.createOpenIDConnectProvider({
      Url: 'https://id.example.com',
      ClientIDList: ['a'],
      ThumbprintList: ['a'.repeat(40)],
    })
    await settled()
    const { PolicyVersion } = await there.getPolicyVersion({
      PolicyArn: Policy!.Arn,
      VersionId: (await there.getPolicy({ PolicyArn: Policy!.Arn })).Policy!.DefaultVersionId,
    })
    assert.match(decodeURIComponent(PolicyVersion!.Document!), /arn:aws:s3:::5/)
    const attached = await there.listAttachedRolePolicies({ RoleName: 'worker' })
    assert.deepEqual(
      attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName),
      ['reads'],
    )
    assert.deepEqual(
      (await there.listGroupsForUser({ UserName: 'dev' })).Groups?.map(({ Path }) => Path),
      ['/team/'],
    )
    const { InstanceProfile } = await there.getInstanceProfile({ InstanceProfileName: 'machine' })
    assert.equal(InstanceProfile?.Roles?.[0]?.RoleName, 'worker')
    assert.equal((await there.listOpenIDConnectProviders({})).OpenIDConnectProviderList?.length, 1)
    assert.equal(
      (await there.listAccessKeys({ UserName: 'dev' })).AccessKeyMetadata?.length,
      0,
      'no key leaves',
    )

    await iam.removeRoleFromInstanceProfile({ InstanceProfileName: 'machine', RoleName: 'worker' })
    await iam.deleteInstanceProfile({ InstanceProfileName: 'machine' })
    await iam.detachRolePolicy({ RoleName: 'worker', PolicyArn: Policy!.Arn })
    await iam.deleteRole({ RoleName: 'worker' })
    await iam.deletePolicy({ PolicyArn: Policy!.Arn })
    await settled()
    assert.deepEqual(server.omen.omen.sharedIam?.state.refused, [])
    await assert.rejects(there.getRole({ RoleName: 'worker' }), /not found/)
    await assert.rejects(there.getPolicy({ PolicyArn: Policy!.Arn }), /not found|does not exist/)
  })

  test('after a reset of the upstream through the guard it has everything again (GRD-122)', async () => {
    const unsigned = await send(server.omen.endpoint, { method: 'POST', path: '/moto-api/reset' })
    assert.equal(unsigned.status, 403)
    await there.getRole({ RoleName: 'before' })
    const as = server.admin
    const reset = await send(server.omen.endpoint, {
      method: 'POST',
      path: '/moto-api/reset',
      service: 'omen',
      as,
    })
    assert.deepEqual(
      [reset.status, JSON.parse(reset.body)],
      [200, { status: 'reset', by: '/moto-api/reset' }],
    )
    await settled()
    assert.deepEqual(
      (await there.listRoles({})).Roles?.map(({ RoleName }) => RoleName),
      ['before'],
    )
  })

  test('a policy that is gone at the upstream refuses nobody any more (GRD-123)', async () => {
    const s3 = server.omen.client(S3, 'admin')
    const Bucket = 'closed'
    await s3.createBucket({ Bucket })
    const deny = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${Bucket}`,
    }
    await s3.putBucketPolicy({ Bucket, Policy: policyText(deny) })
    await assert.rejects(s3.listObjectsV2({ Bucket }), /explicit deny/)
    await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' })
    await assert.rejects(s3.listObjectsV2({ Bucket }), /explicit deny/)
    server.omen.clock.advance(2_000)
    await assert.rejects(s3.listObjectsV2({ Bucket }), /bucket does not exist/)
  })

  test('after a reset of the house the upstream has nothing that is gone (GRD-122)', async () => {
    await server.role('passing', 'lambda.amazonaws.com')
    await settled()
    await there.getRole({ RoleName: 'passing' })
    await server.omen.reset()
    await settled()
    await assert.rejects(there.getRole({ RoleName: 'passing' }), /not found/)
    await there.getRole({ RoleName: 'before' })
  })

  test('what only the upstream has is left alone unless it is asked for (GRD-130)', async () => {
    const trust = allowing({ action: 'sts:AssumeRole' }).replace(
      '"Action"',
      `"Principal":{"AWS":"${account}"},"Action"`,
    )
    const AssumeRolePolicyDocument = trust.replace(',"Resource":"*"', '')
    const make = (RoleName: string) => there.createRole({ RoleName, AssumeRolePolicyDocument })
    const assume = (omen: GuardServer['omen'], name: string) =>
      omen.client(STS, 'admin').assumeRole({
        RoleArn: `arn:aws:iam::${account}:role/${name}`,
        RoleSessionName: 'work',
      })
    await make('outside')
    await there.putRolePolicy({
      RoleName: 'outside',
      PolicyName: 'lists',
      PolicyDocument: allowing({ action: 's3:ListAllMyBuckets' }),
    })
    await there.createUser({ UserName: 'guest' })
    await there.createOpenIDConnectProvider({
      Url: 'https://there.example.com',
      ClientIDList: ['a'],
      ThumbprintList: [],
    })
    await assert.rejects(assume(server.omen, 'outside'), /not authorized/)

    const upstream = { url: moto.url, sync: true }
    const other = await createOmen({ upstream })
    other.clock.advance(5_000) // what is taken over is younger here than there
    try {
      const iam = other.client(IAM, 'admin')
      const { PolicyNames } = await iam.listRolePolicies({ RoleName: 'outside' })
      assert.deepEqual(PolicyNames, ['lists'])
      await assume(other, 'outside')
      const { OpenIDConnectProviderList: providers } = await iam.listOpenIDConnectProviders({})
      assert.match(String(providers?.[0]?.Arn), /there\.example\.com$/)

      // a role that comes later is looked for when it is asked for, once a second
      await assert.rejects(assume(other, 'later'), /not authorized/)
      await make('later')
      await assert.rejects(assume(other, 'later'), /not authorized/)
      other.clock.advance(2_000)
      await assume(other, 'later')
      const [event] = (
        await other.omen.deps.recorder.lookUp({
          account,
          attribute: { key: 'EventName', value: 'CreateRole' },
          limit: 1,
        })
      ).events
      assert.match(event!.json, /"type":"Root"/)

      const quiet = async () => {
        const { sharedIam } = other.omen
        for (let left = sharedIam?.settled(); left !== undefined; left = sharedIam?.settled()) await left
      }
      // Omen is right about what it has; what is gone from the upstream, and as it was, goes here as well
      const sync = async () => {
        const as = { ...other.keys.root }
        const path = '/_omen/upstream/sync'
        const { body } = await send(other.endpoint, { method: 'POST', path, service: 'omen', as, body: '{}' })
        return JSON.parse(body) as { made: string[]; removed: string[]; notTaken: { what: string }[] }
      }
      await quiet()
      await there.deleteUser({ UserName: 'guest' })
      await iam.putRolePolicy({
        RoleName: 'later',
        PolicyName: 'own',
        PolicyDocument: allowing({ action: 's3:*' }),
      })
      await quiet()
      await there.deleteRolePolicy({ RoleName: 'later', PolicyName: 'own' })
      await there.deleteRole({ RoleName: 'later' })
      await there.createGroup({ GroupName: 'late' })
      const told = await sync()
      assert.deepEqual([told.made, told.removed], [['group late'], ['user guest']])
      assert.deepEqual(
        told.notTaken.map(({ what }) => what),
        ['role later'],
      )
      await iam.getRole({ RoleName: 'later' })
      assert.deepEqual(await sync().then(({ made, removed }) => [made, removed]), [[], []])
    } finally {
      await other.close()
    }
  })
})

describe('an upstream that has no IAM, or none at the moment', () => {
  test('is asked once and left alone if it keeps none (GRD-120)', async () => {
    let asked = 0
    await using sink = await startReader((_, body, outgoing) => {
      if (body.includes('Action=ListRoles')) asked++
      else assert.ok(!body.includes('2010-05-08'), 'nothing else of IAM')
      outgoing.writeHead(501).end()
    })
    const server = await guardServer({ upstream: { url: sink.url, sharedIam: true } })
    try {
      await server.user('dev')
      await server.omen.omen.sharedIam?.settled()
      assert.equal(asked, 1)
      assert.equal(server.omen.omen.sharedIam?.state.iam, 'none')
    } finally {
      await server.close()
    }
  })

  test('gets a call when it has what was made before it (GRD-121)', async () => {
    const arrived: string[] = []
    let answerRole = () => {}
    await using sink = await startReader((incoming, body, outgoing) => {
      const action = new URLSearchParams(body.toString()).get('Action') ?? incoming.url ?? ''
      arrived.push(action)
      if (action === 'CreateRole') answerRole = () => outgoing.end('<Answer/>')
      else outgoing.end(action === 'ListRoles' ? '<ListRolesResponse/>' : '<Answer/>')
    })
    const server = await guardServer({ upstream: { url: sink.url, sharedIam: true } })
    try {
      await server.omen.omen.sharedIam?.settled()
      await server.role('worker', 'lambda.amazonaws.com')
      const as = server.admin
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const listing = {
        method: 'POST',
        service: 'sqs',
        headers,
        body: 'Action=ListQueues&Version=2012-11-05',
      }
      const forwarded = send(server.omen.endpoint, { ...listing, as })
      for (let tries = 0; !arrived.includes('CreateRole') && tries < 100; tries++)
        await new Promise((resolve) => setTimeout(resolve, 20))
      await new Promise((resolve) => setTimeout(resolve, 100))
      assert.ok(!arrived.includes('ListQueues'), arrived.join())
      answerRole()
      assert.equal((await forwarded).status, 200)
      assert.ok(arrived.indexOf('CreateRole') < arrived.indexOf('ListQueues'))
    } finally {
      answerRole()
      await server.close()
    }
  })

  test('gets everything in order once it answers (GRD-121)', async () => {
    let down = true
    const actions: string[] = []
    await using sink = await startReader((incoming, body, outgoing) => {
      if (down) return incoming.socket.destroy()
      const action = new URLSearchParams(body.toString()).get('Action') ?? ''
      actions.push(action)
      outgoing.end(action === 'ListRoles' ? '<ListRolesResponse/>' : '<Answer/>')
    })
    const server = await guardServer({ upstream: { url: sink.url, sharedIam: true } })
    try {
      await server.role('worker', 'lambda.amazonaws.com')
      await server.omen.omen.sharedIam?.settled()
      assert.equal(server.omen.omen.sharedIam?.state.iam, 'unknown')
      down = false
      for (let tries = 0; actions.length < 5 && tries < 100; tries++)
        await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual(actions, [
        'ListRoles',
        'GetCallerIdentity',
        'CreateRole',
        'CreateUser',
        'AttachUserPolicy',
      ])
    } finally {
      await server.close()
    }
  })
})

/** An archive with nothing in it. */
const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])
