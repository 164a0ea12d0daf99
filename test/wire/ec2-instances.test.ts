import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { awsCli, needs } from '../support/index.ts'
import { ec2Server, failure } from './ec2-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const run = async (client: EC2Client, more: Partial<RunInstancesCommandInput> = {}) =>
  (await client.send(new RunInstancesCommand({ ...launch, ...more }))).Instances!

describe('Instances', () => {
  it('launch into the default network of a new account, from the AWS CLI', needs('awsCli'), async () => {
    await using server = await ec2Server()
    const target = { endpoint: server.omen.endpoint, credentials: server.omen.keys.admin }
    const made = await awsCli(target, 'ec2', 'run-instances', '--image-id', 'ami-12345678')
    assert.equal(made.status, 0, made.stderr)
    const [instance] = JSON.parse(made.stdout).Instances
    assert.equal(instance.State.Name, 'pending')
    assert.equal(instance.InstanceType, 'm1.small')
    const id = instance.InstanceId
    const waited = await awsCli(target, 'ec2', 'wait', 'instance-running', '--instance-ids', id)
    assert.equal(waited.status, 0, waited.stderr)
  })

  it('have a public address once they run, and none in the answer that launches them (EC2-33)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const [pending] = await run(ec2)
    const addresses = (instance: typeof pending) => [
      instance?.PublicIpAddress,
      instance?.PublicDnsName,
      instance?.NetworkInterfaces?.[0]?.Association?.PublicIp,
      instance?.NetworkInterfaces?.[0]?.PrivateIpAddresses?.[0]?.Association?.PublicIp,
    ]
    assert.deepEqual(addresses(pending), [undefined, '', undefined, undefined])
    const look = new DescribeInstancesCommand({ InstanceIds: [pending?.InstanceId ?? ''] })
    const [ip, name, ...associated] = addresses(
      (await ec2.send(look)).Reservations?.[0]?.Instances?.[0] ?? pending,
    )
    assert.match(ip ?? '', /^198\./)
    assert.match(name ?? '', /^ec2-198-/)
    assert.deepEqual(associated, [ip, ip])
  })

  it('are in their new state when the call has answered (EC2-30, EC2-31)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const [{ InstanceId } = {}] = await run(ec2)
    const InstanceIds = [InstanceId!]
    const state = async () =>
      (await ec2.send(new DescribeInstancesCommand({ InstanceIds }))).Reservations![0]!.Instances![0]!.State
    assert.deepEqual(await state(), { Code: 16, Name: 'running' })
    const stopped = await ec2.send(new StopInstancesCommand({ InstanceIds }))
    assert.deepEqual(stopped.StoppingInstances, [
      {
        InstanceId,
        CurrentState: { Code: 64, Name: 'stopping' },
        PreviousState: { Code: 16, Name: 'running' },
      },
    ])
    assert.equal((await state())?.Name, 'stopped')
    const started = await ec2.send(new StartInstancesCommand({ InstanceIds }))
    assert.equal(started.StartingInstances![0]!.CurrentState?.Name, 'pending')
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: true } }))
    const kept = await failure(ec2.send(new TerminateInstancesCommand({ InstanceIds })))
    assert.equal(kept.name, 'OperationNotPermitted')
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: false } }),
    )
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }))
    assert.equal((await state())?.Name, 'terminated')
    const late = await failure(ec2.send(new StartInstancesCommand({ InstanceIds })))
    assert.equal(late.name, 'IncorrectInstanceState')
    assert.equal(late.message, `The instance '${InstanceId}' is not in a state from which it can be started.`)
    const hour = 3_601_000
    server.omen.clock.advance(hour)
    const later = new EC2Client({ ...server.omen.clientConfig(), systemClockOffset: hour })
    const forgotten = await failure(later.send(new DescribeInstancesCommand({ InstanceIds })))
    assert.equal(forgotten.name, 'InvalidInstanceID.NotFound')
    server.omen.clock.advance(-hour)
    later.destroy()
    assert.deepEqual((await ec2.send(new DescribeVolumesCommand({}))).Volumes, [])
    assert.deepEqual((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces, [])
  })

  it('are launched once for one client token (EC2-22)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const [first] = await run(ec2, { ClientToken: 'once' })
    const [second] = await run(ec2, { ClientToken: 'once' })
    assert.equal(second?.InstanceId, first?.InstanceId)
    const other = await failure(run(ec2, { ClientToken: 'once', MaxCount: 2 }))
    assert.equal(other.name, 'IdempotentParameterMismatch')
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first!.InstanceId!] }))
    assert.equal((await failure(run(ec2, { ClientToken: 'once' }))).name, 'IdempotentInstanceTerminated')
  })

  it('refuse what cannot be launched, in EC2’s words (EC2-23, EC2-70)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const cases: readonly (readonly [Partial<RunInstancesCommandInput>, string, RegExp])[] = [
      [{ ImageId: 'image' }, 'InvalidAMIID.Malformed', /^Invalid id: "image" \(expecting "ami-..."\)$/],
      [{ ImageId: undefined }, 'MissingParameter', /^The request must contain the parameter ImageId$/],
      [{ KeyName: 'none' }, 'InvalidKeyPair.NotFound', /^The key pair 'none' does not exist$/],
      [
        { SubnetId: 'subnet-0123456789abcdef0' },
        'InvalidSubnetID.NotFound',
        /^The subnet ID 'subnet-0123456789abcdef0' does not exist$/,
      ],
      [
        { SecurityGroupIds: ['sg-0123456789abcdef0'] },
        'InvalidGroup.NotFound',
        /^The security group 'sg-0123456789abcdef0' does not exist$/,
      ],
      [{ MinCount: 0 }, 'InvalidParameterValue', /minCount/],
      [{ MinCount: 2 }, 'InvalidParameterValue', /Maximum instance count/],
      [{ MaxCount: 1_000_000 }, 'InstanceLimitExceeded', /^You have requested more instances \(1000000\)/],
      [
        { InstanceType: 'nothing' as 't3.micro' },
        'InvalidParameterValue',
        /^Invalid value 'nothing' for InstanceType\.$/,
      ],
      [{ UserData: '!!' }, 'InvalidUserData.Malformed', /BASE64/],
      [{ UserData: Buffer.alloc(16_385).toString('base64') }, 'InvalidParameterValue', /16384/],
      [
        { SecurityGroupIds: Array(6).fill('sg-0123456789abcdef0') },
        'SecurityGroupsPerInterfaceLimitExceeded',
        /5/,
      ],
      [
        { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] },
        'InvalidParameterValue',
        /'vpc' is not a valid taggable/,
      ],
      [{ Placement: { AvailabilityZone: 'us-east-1z' } }, 'InvalidParameterValue', /us-east-1z/],
      [
        { IamInstanceProfile: { Name: 'a', Arn: 'b' } },
        'InvalidParameterCombination',
        /^The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'$/,
      ],
      [
        { LaunchTemplate: { LaunchTemplateName: 'none' } },
        'InvalidLaunchTemplateName.NotFoundException',
        /none/,
      ],
      [
        { NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: 'eni-0123456789abcdef0' }] },
        'InvalidNetworkInterfaceID.NotFound',
        /^The networkInterface ID 'eni-0123456789abcdef0' does not exist$/,
      ],
    ]
    for (const [more, code, message] of cases) {
      const { name, message: said } = await failure(run(ec2, more))
      assert.equal(name, code, said)
      assert.match(said, message)
    }
    assert.deepEqual((await ec2.send(new DescribeInstancesCommand({}))).Reservations, [])
    assert.equal((await run(ec2, { InstanceType: 't4g.micro' }))[0]?.Architecture, 'arm64')
  })

  it('are found by filters, wildcards and pages (EC2-61, EC2-62)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const tagged = (Value: string) => [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value }] }]
    for (const name of ['web-1', 'web-2', 'db-1'])
      await run(ec2, {
        TagSpecifications: tagged(name),
        ...(name === 'db-1' ? { InstanceType: 't3.large' } : {}),
      })
    await run(ec2, { MaxCount: 4 })
    const names = async (...filters: readonly (readonly [string, ...string[]])[]) => {
      const Filters = filters.map(([Name, ...Values]) => ({ Name, Values }))
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }))
      return Reservations!.flatMap((each) => each.Instances!.map((i) => i.Tags?.[0]?.Value ?? '-')).sort()
    }
    assert.deepEqual(await names(['tag:Name', 'web-*']), ['web-1', 'web-2'])
    assert.deepEqual(await names(['tag:Name', '???-2', 'db*']), ['db-1', 'web-2'])
    assert.deepEqual(await names(['tag-key', 'Name'], ['instance-type', 't3.large']), ['db-1'])
    assert.deepEqual(await names(['tag:Name', 'web-\\*']), [])
    assert.equal((await failure(names(['nothing', 'x']))).message, "The filter 'nothing' is invalid")
    const seen = new Set<string>()
    let token: string | undefined
    do {
      const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken: token }))
      for (const each of page.Reservations!)
        for (const { InstanceId } of each.Instances!) seen.add(InstanceId!)
      token = page.NextToken
    } while (token !== undefined)
    assert.equal(seen.size, 7)
    const small = await failure(ec2.send(new DescribeInstancesCommand({ MaxResults: 1 })))
    assert.equal(
      small.message,
      'Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
    )
    assert.equal(
      (await failure(ec2.send(new DescribeInstancesCommand({ NextToken: 'x' })))).name,
      'InvalidNextToken',
    )
  })

  it('show their attributes', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const UserData = Buffer.from('#!/bin/sh').toString('base64')
    const [{ InstanceId } = {}] = await run(ec2, { UserData })
    const read = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'userData' }))
    assert.equal(read.UserData?.Value, UserData)
    const running = new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 't3.large' } })
    assert.equal((await failure(ec2.send(running))).name, 'IncorrectInstanceState')
  })
})

describe('EC2’s events', () => {
  it('are recorded in EC2’s own form (EC2-80 to EC2-84)', async () => {
    await using server = await ec2Server()
    await server.profile('web', await server.role('web'))
    const ec2 = server.omen.client(EC2Client)
    const [{ InstanceId } = {}] = await run(ec2, {
      IamInstanceProfile: { Name: 'web' },
      UserData: 'c2VjcmV0',
    })
    const nobody = server.omen.client(EC2Client, await server.user('nobody'))
    await failure(run(nobody))
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }))
    const trail = server.omen.client(CloudTrailClient)
    const told = async (name: string) => {
      const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: name }]
      const { Events } = await trail.send(new LookupEventsCommand({ LookupAttributes }))
      return Events!.map((event) => JSON.parse(event.CloudTrailEvent!))
    }
    const runs = await told('RunInstances')
    const success = runs.find((event) => event.errorCode === undefined)
    const { clientToken, ...parameters } = success.requestParameters
    assert.deepEqual(parameters, {
      instancesSet: { items: [{ imageId: 'ami-12345678', minCount: 1, maxCount: 1 }] },
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: false,
      disableApiStop: false,
      instanceType: 't3.micro',
      iamInstanceProfile: { name: 'web' },
      userData: '<sensitiveDataRemoved>',
    })
    assert.equal(typeof clientToken, 'string')
    const [item] = success.responseElements.instancesSet.items
    assert.equal(item.instanceId, InstanceId)
    assert.deepEqual(item.instanceState, { code: 0, name: 'pending' })
    assert.equal(success.responseElements.requestId, success.requestID)
    const refused = runs.find((event) => event.errorCode !== undefined)
    assert.equal(refused.errorCode, 'Client.UnauthorizedOperation')
    assert.equal(refused.requestParameters.instanceType, 't3.micro')
    assert.equal(refused.responseElements, null)
    const [ended] = await told('TerminateInstances')
    assert.deepEqual(ended.requestParameters, { instancesSet: { items: [{ instanceId: InstanceId }] } })
    assert.deepEqual(ended.responseElements.instancesSet.items[0].currentState, {
      code: 32,
      name: 'shutting-down',
    })
  })
})
