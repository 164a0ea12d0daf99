/** The presence of condition keys as AWS's page on global keys documents it, seen from outside: a call is allowed or not. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { IAM, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import {
  type Credentials,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { roles } from '../../packages/server/src/directory/index.ts'
import { ec2Server, failure } from './ec2-house.ts'
import { allow, faultOf, newKey, openServer, trust } from './iam/house.ts'
import { wearing } from './workload-house.ts'

describe('What a call is, to policies', async () => {
  const { iam, omen, as, close } = await openServer()
  after(close)
  await iam.createUser({ UserName: 'probe' })
  const key = await newKey(iam, 'probe')
  const grant = (Condition: object, action = 'iam:*') =>
    iam.putUserPolicy({ UserName: 'probe', PolicyName: 'may', PolicyDocument: allow(action, '*', Condition) })

  test('a global service is called in us-east-1, whatever region the call was signed for (POL-173)', async () => {
    await grant({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })
    for (const region of ['us-east-1', 'eu-west-1']) {
      const client = new IAM({ ...omen.clientConfig(key), region, maxAttempts: 1 })
      await client.listRoles({})
      client.destroy()
    }
  })

  test('what is made with tags has them (POL-108)', async () => {
    await grant({ StringEquals: { 'aws:ResourceTag/team': 'red' } })
    const made = (team: string) =>
      as(key).createRole({
        RoleName: team,
        AssumeRolePolicyDocument: trust({ AWS: '123456789012' }),
        Tags: [{ Key: 'team', Value: team }],
      })
    await made('red')
    assert.match(await faultOf(made('blue')), /^AccessDenied 403/)
  })
})

describe('Whether MFA was given (POL-105)', () => {
  test('is false in a session of a user, and not known of a federated user', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const unknown = { Null: { 'aws:MultiFactorAuthPresent': 'true' } }
    const key = await server.user('probe', { Action: 'sts:*' }, { Action: 'ec2:*', Condition: unknown })
    const sts = omen.client(STSClient, key)
    const regions = (given: Credentials | undefined) =>
      omen
        .client(EC2Client, {
          accessKeyId: given!.AccessKeyId!,
          secretAccessKey: given!.SecretAccessKey!,
          sessionToken: given!.SessionToken!,
        })
        .send(new DescribeRegionsCommand({}))
    await omen.client(EC2Client, key).send(new DescribeRegionsCommand({}))
    const own = await sts.send(new GetSessionTokenCommand({}))
    assert.equal((await failure(regions(own.Credentials))).name, 'UnauthorizedOperation')
    const federated = new GetFederationTokenCommand({ Name: 'guest', Policy: allow('ec2:*') })
    await regions((await sts.send(federated)).Credentials)
  })
})

describe('Who acts, in sessions that EC2 gives out (POL-175)', () => {
  test('the instance, its network and the version of the metadata service', async () => {
    await using w = await wearing()
    const { account, omen } = w.server
    const instance = { arn: `arn:aws:ec2:us-east-1:${account.id}:instance/${w.instanceId}` }
    const path = `${w.endpoint}/latest/meta-data`
    const [mac, address] = await Promise.all(
      ['mac', 'local-ipv4'].map(async (name) => (await fetch(`${path}/${name}`)).text()),
    )
    const vpc = await (await fetch(`${path}/network/interfaces/macs/${mac}/vpc-id`)).text()
    const own = (Condition: object) => {
      const role = account.table(roles).findBy('name', 'web')!
      account.table(roles).put({ ...role, inline: { own: allow('iam:ListRoles', '*', Condition) } })
      return omen.omen.deps.directory.commit([])
    }
    const wear = async (headers: Record<string, string> = {}) => {
      const text = await (await fetch(`${path}/iam/security-credentials/web`, { headers })).text()
      const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(text)
      const worn = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
      return () => omen.client(IAMClient, worn).send(new ListRolesCommand({}))
    }
    const put = { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } }
    const token = await (await fetch(`${w.endpoint}/latest/api/token`, put)).text()
    const [first, second] = [await wear(), await wear({ 'x-aws-ec2-metadata-token': token })]

    await own({
      ArnEquals: { 'ec2:SourceInstanceARN': instance.arn },
      StringEquals: { 'aws:Ec2InstanceSourceVpc': vpc },
      IpAddress: { 'aws:Ec2InstanceSourcePrivateIPv4': address },
    })
    await first()
    await second()
    await own({ NumericGreaterThanEquals: { 'ec2:RoleDelivery': '2.0' } })
    assert.equal((await failure(first())).name, 'AccessDenied')
    await second()
  })
})
