import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type TagSpecification,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { firstPosition } from '../../packages/server/src/store/index.ts'
import { ec2Server, failure } from './ec2-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const run = async (client: EC2Client, more: Partial<RunInstancesCommandInput> = {}) =>
  (await client.send(new RunInstancesCommand({ ...launch, ...more }))).Instances![0]!
const tagged = (ResourceType: TagSpecification['ResourceType'], tags: Readonly<Record<string, string>>) => [
  { ResourceType, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
]

describe('A launch', () => {
  it('is of an m1.small where it names no type (EC2-21)', async () => {
    await using server = await ec2Server()
    const { InstanceType } = await run(server.omen.client(EC2Client), { InstanceType: undefined })
    assert.equal(InstanceType, 'm1.small')
  })

  it('from a template needs PassRole of the launching caller, not of the template’s author (EC2-16)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    await server.profile('web', await server.role('web'))
    const all = { Action: 'ec2:*' }
    const writer = omen.client(EC2Client, await server.user('writer', all))
    const LaunchTemplateData = { IamInstanceProfile: { Name: 'web' } }
    await writer.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData }))
    const LaunchTemplate = { LaunchTemplateName: 'web' }
    const refused = await failure(run(writer, { LaunchTemplate }))
    assert.equal(refused.name, 'UnauthorizedOperation')
    assert.match(refused.message, /perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/web /)
    const passing = omen.client(EC2Client, await server.user('passer', all, { Action: 'iam:PassRole' }))
    const { IamInstanceProfile } = await run(passing, { LaunchTemplate })
    assert.equal(IamInstanceProfile?.Arn, 'arn:aws:iam::123456789012:instance-profile/web')
  })

  it('has the tags of its template and its own, which win (EC2-57)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const TagSpecifications = tagged('instance', { team: 'blue', stage: 'test' })
    const template = { LaunchTemplateName: 'web', LaunchTemplateData: { TagSpecifications } }
    await ec2.send(new CreateLaunchTemplateCommand(template))
    const { Tags = [] } = await run(ec2, {
      LaunchTemplate: { LaunchTemplateName: 'web' },
      TagSpecifications: tagged('instance', { team: 'red', owner: 'kim' }),
    })
    const own = Tags.filter(({ Key }) => !Key?.startsWith('aws:')).map(({ Key, Value }) => `${Key}=${Value}`)
    assert.deepEqual(own.sort(), ['owner=kim', 'stage=test', 'team=red'])
  })

  it('that is terminated is seen for an hour, and what goes with it is gone (EC2-32)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const device = (DeviceName: string, DeleteOnTermination: boolean) => ({
      DeviceName,
      Ebs: { VolumeSize: 1, DeleteOnTermination },
    })
    const { InstanceId } = await run(ec2, {
      BlockDeviceMappings: [device('/dev/sdf', true), device('/dev/sdg', false)],
    })
    const InstanceIds = [InstanceId!]
    const volumes = async () => (await ec2.send(new DescribeVolumesCommand({}))).Volumes!
    const kept = (await volumes()).find(({ Attachments }) => Attachments?.[0]?.Device === '/dev/sdg')!
    assert.equal((await volumes()).length, 3)
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }))
    const state = async () => {
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
      return Reservations.flatMap(({ Instances = [] }) => Instances.map((each) => each.State?.Name))
    }
    assert.deepEqual(await state(), ['terminated'])
    assert.deepEqual(
      (await volumes()).map(({ VolumeId, State }) => [VolumeId, State]),
      [[kept.VolumeId, 'available']],
    )
    assert.deepEqual((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces, [])
    server.omen.clock.advance(59 * 60_000)
    assert.deepEqual(await state(), ['terminated'])
    server.omen.clock.advance(2 * 60_000)
    assert.deepEqual(await state(), [])
  })

  it('that is refused has its parameters in its event (EC2-82, TRL-8)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const nobody = omen.client(EC2Client, await server.user('nobody'))
    assert.equal((await failure(run(nobody, { ClientToken: 'once' }))).name, 'UnauthorizedOperation')
    await omen.omen.deps.recorder.flush()
    const { events } = await server.omen.omen.deps.directory.store.eventsAfter(firstPosition, 100)
    const { json } = events.findLast(({ name }) => name === 'RunInstances')!
    const event = JSON.parse(json) as Record<string, unknown>
    assert.equal(event.errorCode, 'Client.UnauthorizedOperation')
    assert.deepEqual(event.requestParameters, {
      instancesSet: { items: [{ imageId: 'ami-12345678', minCount: 1, maxCount: 1 }] },
      instanceType: 't3.micro',
      clientToken: 'once',
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: false,
      disableApiStop: false,
    })
    assert.equal(event.responseElements, null)
  })
})

describe('Rules of security groups', () => {
  it('are asked about only where the request tags them (EC2-9)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const group = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' })
    const { GroupId } = await omen.client(EC2Client).send(group)
    const here = 'arn:aws:ec2:us-east-1:123456789012:'
    const statements = [
      { Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: `${here}security-group/*` },
      { Action: 'ec2:CreateTags' },
    ]
    const dev = omen.client(EC2Client, await server.user('dev', ...statements))
    const rule = { GroupId, IpProtocol: 'tcp', CidrIp: '10.0.0.0/8' }
    const open = (port: number, more: object = {}) =>
      dev.send(new AuthorizeSecurityGroupIngressCommand({ ...rule, FromPort: port, ToPort: port, ...more }))
    await open(80)
    const TagSpecifications = tagged('security-group-rule', { team: 'blue' })
    const refused = await failure(open(81, { TagSpecifications }))
    assert.equal(refused.name, 'UnauthorizedOperation')
    assert.ok(
      refused.message.includes(
        `perform: ec2:AuthorizeSecurityGroupIngress on resource: ${here}security-group-rule/*`,
      ),
      refused.message,
    )
    await server.user('dev', ...statements, {
      Action: 'ec2:AuthorizeSecurityGroupIngress',
      Resource: `${here}security-group-rule/*`,
    })
    await open(81, { TagSpecifications })
  })

  it('that are not there cannot be revoked (EC2-45)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const group = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' })
    const { GroupId } = await ec2.send(group)
    const rule = { GroupId, IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '10.0.0.0/8' }
    const revoke = () => ec2.send(new RevokeSecurityGroupIngressCommand(rule))
    assert.equal((await failure(revoke())).name, 'InvalidPermission.NotFound')
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule))
    await revoke()
    assert.equal((await failure(revoke())).name, 'InvalidPermission.NotFound')
  })
})
