import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Filter,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2'
import { ec2Server, failure } from './ec2-house.ts'

const counts = { MinCount: 1, MaxCount: 1 } as const
const run = async (client: EC2Client, more: Partial<RunInstancesCommandInput>) => {
  const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', ...counts, ...more } as const
  return (await client.send(new RunInstancesCommand(launch))).Instances![0]!
}
const filter = (name: string, value: string): Filter[] => [{ Name: name, Values: [value] }]

describe('Networks', () => {
  it('drop the bits behind a mask (EC2-41)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.1.1/16' }))
    assert.equal(Vpc!.CidrBlock, '10.9.0.0/16')
    const { VpcId } = Vpc!
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.7.9/24' }))
    assert.equal(Subnet!.CidrBlock, '10.9.7.0/24')
    const group = { GroupName: 'web', Description: 'web', VpcId }
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group))
    const rule = { GroupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }
    const made = await ec2.send(new AuthorizeSecurityGroupIngressCommand({ ...rule, CidrIp: '10.1.2.3/16' }))
    assert.equal(made.SecurityGroupRules![0]!.CidrIpv4, '10.1.0.0/16')
    const again = new AuthorizeSecurityGroupIngressCommand({ ...rule, CidrIp: '10.1.9.9/16' })
    assert.equal((await failure(ec2.send(again))).name, 'InvalidPermission.Duplicate')
  })

  it('have attributes, a route table, an ACL, and each is permitted (EC2-46, EC2-47)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }))
    const VpcId = Vpc!.VpcId!
    const names = async (client = ec2) => {
      const asked = new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' })
      return (await client.send(asked)).EnableDnsHostnames?.Value
    }
    assert.equal(await names(), false)
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }))
    assert.equal(await names(), true)
    const [standard] = (await ec2.send(new DescribeVpcsCommand({ Filters: filter('is-default', 'true') })))
      .Vpcs!
    const ofStandard = new DescribeVpcAttributeCommand({
      VpcId: standard!.VpcId,
      Attribute: 'enableDnsHostnames',
    })
    assert.equal((await ec2.send(ofStandard)).EnableDnsHostnames?.Value, true)

    const condition = { StringEquals: { 'ec2:Attribute/EnableDnsHostnames': 'true' } }
    const key = await server.user(
      'net',
      { Action: 'ec2:ModifyVpcAttribute', Resource: `arn:aws:ec2:*:*:vpc/${VpcId}`, Condition: condition },
      { Action: 'ec2:DescribeRouteTables' },
    )
    const net = server.omen.client(EC2Client, key)
    await net.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }))
    const off = net.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: false } }))
    assert.equal((await failure(off)).name, 'UnauthorizedOperation')
    assert.equal((await failure(names(net))).name, 'UnauthorizedOperation')

    const main = new DescribeRouteTablesCommand({
      Filters: [...filter('vpc-id', VpcId), ...filter('association.main', 'true')],
    })
    const { RouteTables: tables } = await net.send(main)
    assert.deepEqual(
      tables!.map(({ Routes }) => Routes!.map((route) => route.GatewayId)),
      [['local']],
    )
    assert.equal((await failure(net.send(new DescribeNetworkAclsCommand({})))).name, 'UnauthorizedOperation')
    const acls = await ec2.send(
      new DescribeNetworkAclsCommand({ Filters: filter('vpc-id', standard!.VpcId!) }),
    )
    assert.equal(acls.NetworkAcls![0]!.Associations!.length, 6)
    assert.deepEqual((await ec2.send(new DescribeAddressesCommand({}))).Addresses, [])
  })

  it('let subnets give public addresses (EC2-46)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }))
    const place = { VpcId: Vpc!.VpcId, CidrBlock: '10.8.1.0/24' }
    const { Subnet } = await ec2.send(new CreateSubnetCommand(place))
    const SubnetId = Subnet!.SubnetId!
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }))
    const found = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))
    assert.equal(found.Subnets![0]!.MapPublicIpOnLaunch, true)
    const key = await server.user('net', { Action: 'ec2:DescribeSubnets' })
    const refused = new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: false } })
    assert.equal(
      (await failure(server.omen.client(EC2Client, key).send(refused))).name,
      'UnauthorizedOperation',
    )
  })
})

describe('Security groups', () => {
  it('are named in the default VPC, and described in plain words (EC2-42, EC2-43)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}))
    const nowhere = `The security group 'zzz' does not exist in default VPC '${Vpcs![0]!.VpcId}'`
    const described = await failure(ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['zzz'] })))
    assert.deepEqual([described.name, described.message], ['InvalidGroup.NotFound', nowhere])
    assert.equal((await failure(run(ec2, { SecurityGroups: ['zzz'] }))).message, nowhere)
    const make = (GroupName: string, Description: string) =>
      failure(ec2.send(new CreateSecurityGroupCommand({ GroupName, Description })))
    const set = 'strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*'
    assert.equal(
      (await make('a', "it's")).message,
      `Invalid security group description. Valid descriptions are ${set}`,
    )
    assert.equal(
      (await make('a', 'お面')).message,
      'Value (お面) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.',
    )
    assert.match((await make('sg-a', 'a')).message, /Group names may not be in the format sg-\*\.$/)
  })

  it('have rules whose descriptions change (EC2-44)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const group = { GroupName: 'web', Description: 'web' }
    const GroupId = (await ec2.send(new CreateSecurityGroupCommand(group))).GroupId!
    const rule = (Description?: string) => ({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0', Description }] },
      ],
    })
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule('first')))
    const found = async () => {
      const asked = new DescribeSecurityGroupRulesCommand({ Filters: filter('group-id', GroupId) })
      return (await ec2.send(asked)).SecurityGroupRules!.find((each) => !each.IsEgress)!
    }
    await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(rule('second')))
    const { SecurityGroupRuleId, Description } = await found()
    assert.equal(Description, 'second')
    const texts = [{ SecurityGroupRuleId, Description: 'third' }]
    const byId = { GroupId, SecurityGroupRuleDescriptions: texts }
    await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(byId))
    assert.equal((await found()).Description, 'third')
    await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(rule()))
    assert.equal((await found()).Description, undefined)
    const key = await server.user('reader', { Action: 'ec2:Describe*' })
    const refused = new UpdateSecurityGroupRuleDescriptionsIngressCommand(byId)
    assert.equal(
      (await failure(server.omen.client(EC2Client, key).send(refused))).name,
      'UnauthorizedOperation',
    )
  })
})

describe('Instances and their types', () => {
  it('take tokens only where their image says so (EC2-26)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const asked = new DescribeImagesCommand({ Filters: filter('name', 'al2023-ami-*-x86_64') })
    const [image] = (await ec2.send(asked)).Images!
    assert.equal(image!.ImdsSupport, 'v2.0')
    const modern = (await run(ec2, { ImageId: image!.ImageId })).MetadataOptions!
    assert.deepEqual([modern.HttpTokens, modern.HttpPutResponseHopLimit], ['required', 2])
    const MetadataOptions = { HttpTokens: 'optional' } as const
    const told = await run(ec2, { ImageId: image!.ImageId, MetadataOptions })
    assert.equal(told.MetadataOptions!.HttpTokens, 'optional')
    const hops = run(ec2, { MetadataOptions: { HttpPutResponseHopLimit: 65 } })
    assert.equal((await failure(hops)).name, 'InvalidParameterValue')
  })

  it('are described by any name of a form, offered, and run on credits (EC2-24, EC2-48)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const named = new DescribeInstanceTypesCommand({ InstanceTypes: ['c6a.xlarge'] })
    const [type] = (await ec2.send(named)).InstanceTypes!
    assert.deepEqual([type!.VCpuInfo!.DefaultVCpus, type!.MemoryInfo!.SizeInMiB], [4, 8_192])
    const none = new DescribeInstanceTypesCommand({ InstanceTypes: ['foo' as 't3.micro'] })
    assert.equal((await failure(ec2.send(none))).name, 'InvalidInstanceType')
    const offered = new DescribeInstanceTypeOfferingsCommand({
      LocationType: 'availability-zone',
      Filters: filter('instance-type', 't3.micro'),
    })
    assert.equal((await ec2.send(offered)).InstanceTypeOfferings!.length, 6)
    const small = await run(ec2, {})
    const credits = async (...InstanceIds: string[]) =>
      (await ec2.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds })))
        .InstanceCreditSpecifications
    assert.deepEqual(await credits(small.InstanceId!), [
      { InstanceId: small.InstanceId, CpuCredits: 'unlimited' },
    ])
    const large = await run(ec2, { InstanceType: 'm5.large' })
    assert.equal((await failure(credits(large.InstanceId!))).name, 'InvalidParameterValue')
    const key = await server.user('nobody')
    const nobody = server.omen.client(EC2Client, key)
    for (const refused of [
      new DescribeInstanceCreditSpecificationsCommand({}),
      new DescribeInstanceTypeOfferingsCommand({}),
      new DescribeAddressesCommand({}),
    ])
      assert.equal(
        (await failure(nobody.send(refused as DescribeAddressesCommand))).name,
        'UnauthorizedOperation',
      )
  })

  it('are found by their interfaces, and by nothing where nothing is (EC2-61)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { InstanceId, PrivateIpAddress } = await run(ec2, {})
    const found = async (name: string, value: string) => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: filter(name, value) }))
      return Reservations!.flatMap(({ Instances }) => Instances!.map((each) => each.InstanceId))
    }
    const address = 'network-interface.addresses.private-ip-address'
    assert.deepEqual(await found(address, PrivateIpAddress!), [InstanceId])
    assert.deepEqual(await found('network-interface.group-name', 'def*'), [InstanceId])
    assert.deepEqual(await found('owner-id', server.account.id), [InstanceId])
    assert.deepEqual(await found('spot-instance-request-id', '*'), [])
    assert.deepEqual(await found('network-interface.attachment.instance-id', InstanceId!), [InstanceId])
    assert.deepEqual(await found('instance-state-code', '16'), [InstanceId])
    assert.deepEqual(await found('vpc-id', 'vpc-*'), [InstanceId])
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }))
    assert.deepEqual(await found('vpc-id', 'vpc-*'), [])
    assert.deepEqual(await found('instance-state-name', 'terminated'), [InstanceId])
  })

  it('have faults in their own words (EC2-55, EC2-65, EC2-71)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const template = new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: ['foo'] })
    assert.equal((await failure(ec2.send(template))).name, 'InvalidLaunchTemplateId.Malformed')
    const vpc = await failure(ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-012345678'] })))
    assert.deepEqual(
      [vpc.name, vpc.message],
      ['InvalidVpcId.Malformed', 'The vpc ID vpc-012345678 is malformed'],
    )
    const instance = await failure(ec2.send(new DescribeInstancesCommand({ InstanceIds: ['unknown'] })))
    assert.deepEqual(
      [instance.name, instance.message],
      ['InvalidInstanceID.Malformed', 'Invalid id: "unknown"'],
    )
    const Tags = [{ Key: 'aws:x', Value: '' }]
    const reserved = "Tag keys starting with 'aws:' are reserved for internal use"
    const launched = run(ec2, { TagSpecifications: [{ ResourceType: 'instance', Tags }] })
    assert.equal((await failure(launched)).message, reserved)
    const { InstanceId } = await run(ec2, {})
    assert.equal(
      (await failure(ec2.send(new CreateTagsCommand({ Resources: [InstanceId!], Tags })))).message,
      `Value ( aws:x ) for parameter key is invalid. ${reserved}`,
    )
  })
})
