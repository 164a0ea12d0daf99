import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { lasting, Secret } from '../../../packages/server/src/base/index.ts'
import { findOperation, loadModel } from '../../../packages/server/src/model/index.ts'
import { createWire } from '../../../packages/server/src/wire/index.ts'
import { signedHeaders } from '../../../packages/server/src/wire/sigv4/index.ts'
import { account, trustPolicy } from '../../kit/index.ts'
import { allow, openServer, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

const trusting = (arn: string) => trustPolicy({ AWS: arn })

// What lists show of a record is kept as long as the record. Each of these asks once, so that something is
// kept, changes what is shown, and asks again.
describe('lists after changes', () => {
  test('a role shows its own changes, and keeps showing what did not change', async () => {
    await iam.createRole({ RoleName: 'kept', AssumeRolePolicyDocument: trustEc2, Description: 'one & two' })
    const [before] = await roles('/')
    await iam.updateRole({ RoleName: 'kept', Description: 'three', MaxSessionDuration: 7_200 })
    const [changed] = await roles('/')
    assert.deepEqual(changed, { ...before, Description: 'three', MaxSessionDuration: 7_200 })
    await iam.tagRole({ RoleName: 'kept', Tags: [{ Key: 'k', Value: 'v' }] })
    assert.deepEqual(await roles('/'), [changed], 'lists show no tags (IAM-45)')
    const { Role } = await iam.getRole({ RoleName: 'kept' })
    assert.deepEqual([Role?.Description, Role?.Tags], ['three', [{ Key: 'k', Value: 'v' }]])
    await iam.deleteRole({ RoleName: 'kept' })
    assert.deepEqual(await roles('/'), [])
  })

  test('whom a trust policy names by id is shown as it is now (POL-043)', async () => {
    const { User } = await iam.createUser({ UserName: 'trusted' })
    await iam.createRole({ RoleName: 'trusts', AssumeRolePolicyDocument: trusting(User?.Arn ?? '') })
    assert.match(await trustOf('trusts'), /user\/trusted"/)
    await iam.updateUser({ UserName: 'trusted', NewUserName: 'renamed', NewPath: '/p/' })
    assert.match(await trustOf('trusts'), /user\/p\/renamed"/)
    await iam.deleteUser({ UserName: 'renamed' })
    assert.match(await trustOf('trusts'), new RegExp(`"${User?.UserId}"`))
  })

  test('a policy shows how often it is used now', async () => {
    const arn = `arn:aws:iam::${account}:policy/counted`
    await iam.createPolicy({ PolicyName: 'counted', PolicyDocument: allow('s3:*') })
    await iam.createGroup({ GroupName: 'bears' })
    const used = async (Scope: 'Local' | 'AWS', name: string) => {
      const { Policies } = await iam.listPolicies({ Scope, MaxItems: 1_000 })
      const policy = Policies?.find(({ PolicyName }) => PolicyName === name)
      return [policy?.AttachmentCount, policy?.PermissionsBoundaryUsageCount, policy?.DefaultVersionId]
    }
    const awsArn = 'arn:aws:iam::aws:policy/AWSCloudTrail_ReadOnlyAccess'
    const awsVersion = (await used('AWS', 'AWSCloudTrail_ReadOnlyAccess'))[2]
    assert.deepEqual(await used('Local', 'counted'), [0, 0, 'v1'])
    await iam.attachGroupPolicy({ GroupName: 'bears', PolicyArn: arn })
    await iam.attachGroupPolicy({ GroupName: 'bears', PolicyArn: awsArn })
    await iam.createUser({ UserName: 'bounded', PermissionsBoundary: arn })
    assert.deepEqual(await used('Local', 'counted'), [1, 1, 'v1'])
    assert.deepEqual(await used('AWS', 'AWSCloudTrail_ReadOnlyAccess'), [1, 0, awsVersion])
    await iam.createPolicyVersion({ PolicyArn: arn, PolicyDocument: allow('ec2:*'), SetAsDefault: true })
    await iam.detachGroupPolicy({ GroupName: 'bears', PolicyArn: awsArn })
    assert.deepEqual(await used('Local', 'counted'), [1, 1, 'v2'])
    assert.deepEqual(await used('AWS', 'AWSCloudTrail_ReadOnlyAccess'), [0, 0, awsVersion])
  })

  test('a call that fails leaves nothing of it in what is shown', async () => {
    const { Groups } = await iam.listGroups({})
    await assert.rejects(iam.createGroup({ GroupName: 'bears' }))
    await assert.rejects(iam.deleteGroup({ GroupName: 'bears' }))
    assert.deepEqual((await iam.listGroups({})).Groups, Groups)
  })

  test('the bytes of a role in a list are the same each time', async () => {
    await iam.createRole({
      RoleName: 'bytes',
      Path: '/b/',
      AssumeRolePolicyDocument:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
      Description: 'a & b "<c>" é',
    })
    const { Role } = await iam.getRole({ RoleName: 'bytes' })
    const member =
      `<member><Path>/b/</Path><RoleName>bytes</RoleName><RoleId>${Role?.RoleId}</RoleId>` +
      `<Arn>arn:aws:iam::${account}:role/b/bytes</Arn><CreateDate>${iso(Role?.CreateDate)}</CreateDate>` +
      '<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow' +
      '%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22' +
      '%7D%5D%7D</AssumeRolePolicyDocument><Description>a &amp; b &quot;&lt;c&gt;&quot; é</Description>' +
      '<MaxSessionDuration>3600</MaxSessionDuration></member>'
    for (let time = 0; time < 3; time++) {
      const body = await bodyOf('/b/')
      assert.equal(
        body.replace(/<RequestId>[^<]*/, '<RequestId>'),
        '<ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult><Roles>' +
          `${member}</Roles><IsTruncated>false</IsTruncated></ListRolesResult>` +
          '<ResponseMetadata><RequestId></RequestId></ResponseMetadata></ListRolesResponse>',
      )
    }
  })
})

test('a value that lasts is written as its copy is, whichever shape it is written by', () => {
  const service = loadModel('iam')
  const wire = createWire([service])
  const written = (name: string, output: Record<string, unknown>) => {
    const operation = findOperation(service, name)
    assert.ok(operation)
    return wire.serialize({ service, operation, labels: {} }, output, 'id').body
  }
  const role = () => ({
    Arn: 'a<b',
    RoleName: 'é',
    Path: '/',
    CreateDate: 0,
    MaxSessionDuration: 1,
    Tags: [{ Key: 'k', Value: '' }],
    InstanceProfileList: [],
  })
  const kept = lasting(role())
  for (let time = 0; time < 2; time++) {
    for (const [name, list] of [
      ['ListRoles', 'Roles'],
      ['GetAccountAuthorizationDetails', 'RoleDetailList'],
    ] as const) {
      assert.equal(written(name, { [list]: [kept, kept] }), written(name, { [list]: [role(), role()] }))
    }
  }
})

async function roles(PathPrefix: string) {
  return (await iam.listRoles({ PathPrefix })).Roles ?? []
}

async function trustOf(name: string): Promise<string> {
  const found = (await roles('/')).find(({ RoleName }) => RoleName === name)
  return decodeURIComponent(found?.AssumeRolePolicyDocument ?? '')
}

function iso(date: Date | undefined): string {
  return `${date?.toISOString().slice(0, 19)}Z`
}

/** ListRoles' answer as it comes. */
async function bodyOf(PathPrefix: string): Promise<string> {
  const body = Buffer.from(`Action=ListRoles&Version=2010-05-08&PathPrefix=${encodeURIComponent(PathPrefix)}`)
  const { accessKeyId, secretAccessKey } = omen.keys.admin
  const headers = signedHeaders(
    {
      method: 'POST',
      rawPath: '/',
      rawQuery: '',
      headers: {
        host: new URL(omen.endpoint).host,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body,
    },
    { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service: 'iam' },
    omen.clock.now(),
  )
  return (await fetch(omen.endpoint, { method: 'POST', headers, body })).text()
}
