import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts'
import { ec2Server, failure, type Statement } from './ec2-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const run = (client: EC2Client, more: Partial<RunInstancesCommandInput> = {}) =>
  client.send(new RunInstancesCommand({ ...launch, ...more }))
const onAnything: Statement = { Action: 'ec2:RunInstances' }
const arn = (kind: string) => `arn:aws:ec2:*:*:${kind}/*`

/** What a denial says it was about. */
async function deniedOn(call: Promise<unknown>): Promise<string | undefined> {
  const { name, message } = await failure(call)
  assert.equal(name, 'UnauthorizedOperation', message)
  return /perform: (\S+ on resource: \S+)/.exec(message)?.[1]
}

describe('RunInstances asks for each thing that it makes or uses', () => {
  const here = 'arn:aws:ec2:us-east-1:123456789012:'
  const kinds = {
    instance: /^arn:aws:ec2:us-east-1:123456789012:instance\/\*$/,
    image: /^arn:aws:ec2:us-east-1::image\/ami-12345678$/,
    'network-interface': /^arn:aws:ec2:us-east-1:123456789012:network-interface\/\*$/,
    subnet: /^arn:aws:ec2:us-east-1:123456789012:subnet\/subnet-0[0-9a-f]{16}$/,
    'security-group': /^arn:aws:ec2:us-east-1:123456789012:security-group\/sg-0[0-9a-f]{16}$/,
    volume: /^arn:aws:ec2:us-east-1:123456789012:volume\/\*$/,
  } as const

  it('each with its own ARN, the instance first (EC2-1, EC2-2)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const nobody = omen.client(EC2Client, await server.user('nobody'))
    assert.equal(await deniedOn(run(nobody)), `ec2:RunInstances on resource: ${here}instance/*`)
    for (const [kind, expected] of Object.entries(kinds)) {
      const others = Object.keys(kinds).filter((other) => other !== kind)
      const Resource = others.map((other) => (other === 'image' ? 'arn:aws:ec2:*::image/*' : arn(other)))
      const dev = omen.client(EC2Client, await server.user('dev', { ...onAnything, Resource }))
      const denied = await deniedOn(run(dev))
      assert.match(denied?.split(' on resource: ')[1] ?? '', expected)
    }
  })

  it('with their condition keys (EC2-3)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    await server.profile('web', await server.role('web'))
    const admin = omen.client(EC2Client)
    const { Subnets } = await admin.send(new DescribeSubnetsCommand({}))
    const [{ SubnetId, VpcId } = {}] = Subnets!
    const profile = 'arn:aws:iam::123456789012:instance-profile/web'
    const cases: readonly (readonly [
      string,
      unknown,
      Partial<RunInstancesCommandInput>,
      Partial<RunInstancesCommandInput>,
    ])[] = [
      ['instance', { StringEquals: { 'ec2:InstanceType': 't3.micro' } }, {}, { InstanceType: 't3.large' }],
      ['instance', { Bool: { 'ec2:EbsOptimized': 'true' } }, { EbsOptimized: true }, {}],
      [
        'instance',
        { StringEquals: { 'ec2:MetadataHttpTokens': 'required' } },
        { MetadataOptions: { HttpTokens: 'required' } },
        {},
      ],
      [
        'instance',
        { NumericLessThan: { 'ec2:MetadataHttpPutResponseHopLimit': '3' } },
        {},
        { MetadataOptions: { HttpPutResponseHopLimit: 3 } },
      ],
      [
        'instance',
        { StringEquals: { 'ec2:Tenancy': 'default' } },
        {},
        { Placement: { Tenancy: 'dedicated' } },
      ],
      [
        'instance',
        { ArnEquals: { 'ec2:InstanceProfile': profile } },
        { IamInstanceProfile: { Name: 'web' } },
        {},
      ],
      [
        'instance',
        { StringEquals: { 'aws:RequestTag/team': 'blue' } },
        { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'blue' }] }] },
        {},
      ],
      [
        'subnet',
        { ArnEquals: { 'ec2:Vpc': `arn:aws:ec2:us-east-1:123456789012:vpc/${VpcId}` } },
        { SubnetId },
        { SubnetId: 'subnet-0123456789abcdef0' },
      ],
      [
        'network-interface',
        { ArnEquals: { 'ec2:Subnet': `arn:aws:ec2:us-east-1:123456789012:subnet/${SubnetId}` } },
        { SubnetId },
        { SubnetId: Subnets![1]!.SubnetId },
      ],
      [
        'network-interface',
        { Bool: { 'ec2:AssociatePublicIpAddress': 'false' } },
        { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: false }] },
        {},
      ],
      [
        'volume',
        { NumericLessThanEquals: { 'ec2:VolumeSize': '20' } },
        {},
        { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 21 } }] },
      ],
      [
        'volume',
        { Bool: { 'ec2:Encrypted': 'true' } },
        { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] },
        {},
      ],
    ]
    for (const [kind, Condition, yes, no] of cases) {
      const Resource = Object.keys(kinds)
        .filter((other) => other !== kind)
        .map((other) => (other === 'image' ? 'arn:aws:ec2:*::image/*' : arn(other)))
      const statements = [
        { ...onAnything, Resource },
        { ...onAnything, Resource: arn(kind), Condition },
        { Action: ['iam:PassRole', 'ec2:CreateTags'] },
      ]
      const dev = omen.client(EC2Client, await server.user('dev', ...statements))
      await run(dev, yes)
      const denied = await deniedOn(run(dev, no))
      assert.match(
        denied ?? '',
        new RegExp(`^ec2:RunInstances on resource: \\S+:${kind}/`),
        JSON.stringify(Condition),
      )
    }
  })

  it('in every operation the region, as ec2:Region (EC2-6)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const Condition = { StringEquals: { 'ec2:Region': 'eu-west-1' } }
    const key = await server.user('dev', { Action: 'ec2:*', Condition })
    const there = new EC2Client({ ...omen.clientConfig(key), region: 'eu-west-1' })
    await there.send(new DescribeInstancesCommand({}))
    await run(there)
    there.destroy()
    const here = omen.client(EC2Client, key).send(new DescribeInstancesCommand({}))
    assert.equal((await failure(here)).name, 'UnauthorizedOperation')
  })

  it('and ec2:CreateTags for tags, with ec2:CreateAction (EC2-5)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'team', Value: 'blue' }] }]
    const plain = omen.client(EC2Client, await server.user('plain', onAnything))
    const denied = await deniedOn(run(plain, { TagSpecifications }))
    assert.equal(denied, `ec2:CreateTags on resource: ${here}instance/*`)
    const Condition = { StringEquals: { 'ec2:CreateAction': 'RunInstances' } }
    const dev = omen.client(
      EC2Client,
      await server.user('dev', onAnything, { Action: 'ec2:CreateTags', Condition }),
    )
    const made = await run(dev, { TagSpecifications })
    const id = made.Instances![0]!.InstanceId!
    const later = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'red' }] })
    assert.equal(await deniedOn(dev.send(later)), `ec2:CreateTags on resource: ${here}instance/${id}`)
  })

  it('and whether the template says it, or the request itself (EC2-56)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const admin = omen.client(EC2Client)
    const LaunchTemplateData = { ImageId: 'ami-12345678', InstanceType: 't3.micro' } as const
    await admin.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData }))
    const Condition = {
      ArnLike: { 'ec2:LaunchTemplate': `${here}launch-template/*` },
      Bool: { 'ec2:IsLaunchTemplateResource': 'true' },
    }
    const dev = omen.client(EC2Client, await server.user('dev', { ...onAnything, Condition }))
    const LaunchTemplate = { LaunchTemplateName: 'web' }
    const counts = { MinCount: 1, MaxCount: 1 }
    await dev.send(new RunInstancesCommand({ LaunchTemplate, ...counts }))
    const larger = dev.send(new RunInstancesCommand({ LaunchTemplate, ...counts, InstanceType: 't3.large' }))
    assert.equal(await deniedOn(larger), `ec2:RunInstances on resource: ${here}instance/*`)
    assert.equal(await deniedOn(run(dev)), `ec2:RunInstances on resource: ${here}instance/*`)
  })

  it('lists the keys of its refusal as AWS does (EC2-17)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const dev = omen.client(EC2Client, await server.user('dev'))
    const { message } = await failure(run(dev))
    const EncodedMessage = message.split('Encoded authorization failure message: ')[1]
    const sts = omen.client(STSClient)
    const { DecodedMessage } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }))
    const { context } = JSON.parse(DecodedMessage!)
    const keys = context.conditions.items.map((item: { key: string }) => item.key)
    assert.deepEqual(keys.slice(0, 15), [
      'ec2:InstanceMarketType',
      'aws:Resource',
      'aws:Account',
      'ec2:AvailabilityZone',
      'ec2:ebsOptimized',
      'ec2:IsLaunchTemplateResource',
      'ec2:InstanceType',
      'ec2:RootDeviceType',
      'aws:Region',
      'aws:Service',
      'ec2:InstanceID',
      'aws:Type',
      'ec2:Tenancy',
      'ec2:Region',
      'aws:ARN',
    ])
  })
})

describe('Operations without resources', () => {
  it('are refused without one, and without an encoded message (EC2-18)', async () => {
    await using server = await ec2Server()
    const nobody = server.omen.client(EC2Client, await server.user('nobody'))
    assert.deepEqual(await failure(nobody.send(new DescribeInstancesCommand({}))), {
      name: 'UnauthorizedOperation',
      message:
        'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action',
      status: 403,
    })
  })
})

describe('Operations on instances', () => {
  it('know their tags (EC2-4)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const admin = omen.client(EC2Client)
    const tagged = (team: string) => [
      { ResourceType: 'instance' as const, Tags: [{ Key: 'team', Value: team }] },
    ]
    const blue = (await run(admin, { TagSpecifications: tagged('blue') })).Instances![0]!.InstanceId!
    const red = (await run(admin, { TagSpecifications: tagged('red') })).Instances![0]!.InstanceId!
    for (const key of ['aws:ResourceTag/team', 'ec2:ResourceTag/team']) {
      const Condition = { StringEquals: { [key]: 'blue' } }
      const dev = omen.client(EC2Client, await server.user('dev', { Action: 'ec2:*', Condition }))
      await dev.send(new StopInstancesCommand({ InstanceIds: [blue] }))
      const both = dev.send(new TerminateInstancesCommand({ InstanceIds: [blue, red] }))
      assert.equal(
        await deniedOn(both),
        `ec2:TerminateInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/${red}`,
      )
    }
  })

  it('see one of two tags whose keys differ in case, whatever their order (POL-178)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const admin = omen.client(EC2Client)
    const id = (await run(admin)).Instances![0]!.InstanceId!
    const tag = (client: EC2Client, ...Tags: { Key: string; Value: string }[]) =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags }))
    const stop = (client: EC2Client) => client.send(new StopInstancesCommand({ InstanceIds: [id] }))
    const when = (key: string, ...effects: ('Allow' | 'Deny')[]): Statement[] =>
      effects.map((Effect) => ({ Effect, Action: 'ec2:*', Condition: { StringEquals: { [key]: 'dev' } } }))
    const prod = { Key: 'case', Value: 'prod' }
    const dev = { Key: 'Case', Value: 'dev' }
    const tagger = omen.client(
      EC2Client,
      await server.user('tagger', ...when('aws:RequestTag/CASE', 'Allow')),
    )
    for (const tags of [[prod], [prod, dev], [dev, prod]])
      await assert.rejects(tag(tagger, ...tags), { name: 'UnauthorizedOperation' })
    await tag(tagger, dev)
    const user = omen.client(EC2Client, await server.user('user', ...when('aws:ResourceTag/case', 'Allow')))
    const other = await server.user('other', { Action: 'ec2:*' }, ...when('aws:ResourceTag/case', 'Deny'))
    await stop(user)
    await tag(admin, prod)
    await assert.rejects(stop(user), { name: 'UnauthorizedOperation' })
    await stop(omen.client(EC2Client, other))
  })

  it('are authorized as any instance if there is none of that id (EC2-8)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const InstanceIds = ['i-0123456789abcdef0']
    const nobody = omen.client(EC2Client, await server.user('nobody'))
    const denied = await deniedOn(nobody.send(new StopInstancesCommand({ InstanceIds })))
    assert.equal(denied, 'ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/*')
    const missing = await failure(omen.client(EC2Client).send(new StopInstancesCommand({ InstanceIds })))
    assert.equal(missing.name, 'InvalidInstanceID.NotFound')
    assert.equal(missing.message, "The instance ID 'i-0123456789abcdef0' does not exist")
  })
})

describe('A dry run', () => {
  it('says what would be, and does nothing (EC2-7)', async () => {
    await using server = await ec2Server()
    const { omen } = server
    const admin = omen.client(EC2Client)
    assert.deepEqual(await failure(run(admin, { DryRun: true })), {
      name: 'DryRunOperation',
      message: 'Request would have succeeded, but DryRun flag is set.',
      status: 412,
    })
    const nobody = omen.client(EC2Client, await server.user('nobody'))
    assert.equal((await failure(run(nobody, { DryRun: true }))).name, 'UnauthorizedOperation')
    assert.equal(
      (await failure(run(admin, { DryRun: true, KeyName: 'no-key' }))).name,
      'InvalidKeyPair.NotFound',
    )
    assert.deepEqual((await admin.send(new DescribeInstancesCommand({}))).Reservations, [])
  })
})
