import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DeleteVpcCommand,
  DeregisterImageCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ImportKeyPairCommand,
  ModifyLaunchTemplateCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { ec2Server, failure } from './ec2-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const run = async (client: EC2Client, more: Partial<RunInstancesCommandInput> = {}) =>
  (await client.send(new RunInstancesCommand({ ...launch, ...more }))).Instances!

describe('The surroundings of instances', () => {
  it('is there in every region, and stays deleted (EC2-40, EC2-60)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const zones = (await ec2.send(new DescribeAvailabilityZonesCommand({}))).AvailabilityZones!
    assert.equal(zones.length, 6)
    const far = new EC2Client({ ...server.omen.clientConfig(), region: 'ap-southeast-3' })
    const { AvailabilityZones = [] } = await far.send(new DescribeAvailabilityZonesCommand({}))
    assert.deepEqual(
      AvailabilityZones.map(({ ZoneId }) => ZoneId),
      ['apse3-az1', 'apse3-az2', 'apse3-az3'],
    )
    const regions = (await ec2.send(new DescribeRegionsCommand({}))).Regions!
    assert(regions.some(({ RegionName }) => RegionName === 'eu-west-1'))
    const [vpc] = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!
    assert.equal(vpc?.IsDefault, true)
    const subnets = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!
    assert.equal(subnets.length, 6)
    const inUse = await failure(ec2.send(new DeleteVpcCommand({ VpcId: vpc?.VpcId })))
    assert.equal(inUse.name, 'DependencyViolation')
    for (const { SubnetId } of subnets) await ec2.send(new DeleteSubnetCommand({ SubnetId }))
    await ec2.send(new DeleteVpcCommand({ VpcId: vpc?.VpcId }))
    assert.deepEqual((await ec2.send(new DescribeVpcsCommand({}))).Vpcs, [])
    assert.equal((await failure(run(ec2))).name, 'VPCIdNotSpecified')
  })

  it('networks and security groups can be made (EC2-87)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))
    const VpcId = Vpc!.VpcId!
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/28' }))
    assert.equal(Subnet?.AvailableIpAddressCount, 11)
    const overlap = await failure(ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' })))
    assert.equal(overlap.name, 'InvalidSubnet.Conflict')
    const group = { GroupName: 'web', Description: 'web', VpcId }
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group))
    assert.equal(
      (await failure(ec2.send(new CreateSecurityGroupCommand(group)))).name,
      'InvalidGroup.Duplicate',
    )
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
    ]
    const added = await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }))
    assert.equal(added.SecurityGroupRules?.length, 2)
    const again = await failure(
      ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
    )
    assert.equal(again.name, 'InvalidPermission.Duplicate')
    assert.equal(
      again.message,
      'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
    )
    const shown = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] }))
    assert.equal(shown.SecurityGroups![0]!.IpPermissions?.[0]?.IpRanges?.[0]?.CidrIp, '0.0.0.0/0')
    const Filters = [{ Name: 'group-id', Values: [GroupId!] }]
    const rules = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))
    assert.equal(rules.SecurityGroupRules?.length, 3)
    const ports = async () => {
      const Filters = [{ Name: 'ip-permission.from-port', Values: ['-1'] }]
      return (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.length
    }
    assert.equal(await ports(), 0)
    const allIcmp = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [allIcmp] }))
    assert.equal(await ports(), 1)
    const [first] = IpPermissions
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [first!] }))
    const gone = await failure(
      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [first!] })),
    )
    assert.equal(gone.name, 'InvalidPermission.NotFound')
    const [{ InstanceId, PrivateIpAddress } = {}] = await run(ec2, {
      SubnetId: Subnet?.SubnetId,
      SecurityGroupIds: [GroupId!],
    })
    assert.equal(PrivateIpAddress, '10.0.1.4')
    const used = await failure(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))
    assert.equal(used.name, 'DependencyViolation')
    const full = await failure(run(ec2, { SubnetId: Subnet?.SubnetId, MinCount: 11, MaxCount: 11 }))
    assert.equal(full.name, 'InsufficientFreeAddressesInSubnet')
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }))
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
  })

  it('images: some of AWS’s, one’s own, and anybody’s by id (EC2-50, EC2-51, EC2-86)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const amazon = await ec2.send(
      new DescribeImagesCommand({
        Owners: ['amazon'],
        Filters: [{ Name: 'name', Values: ['al2023-*-x86_64'] }],
      }),
    )
    const [image] = amazon.Images!
    await run(ec2, { ImageId: image?.ImageId })
    await run(ec2, {
      ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      InstanceType: 't4g.micro',
    })
    assert.match(
      (await failure(run(ec2, { ImageId: image?.ImageId, InstanceType: 't4g.micro' }))).message,
      /architecture/,
    )
    const [{ InstanceId } = {}] = await run(ec2)
    const { ImageId } = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'mine' }))
    const own = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))
    assert.deepEqual(
      own.Images?.map((each) => each.ImageId),
      [ImageId],
    )
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }))
    server.omen.clock.advance(61 * 60_000)
    const Filters = [{ Name: 'source-instance-id', Values: [InstanceId!] }]
    const made = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters }))
    assert.deepEqual(
      made.Images?.map((each) => [each.ImageId, each.SourceInstanceId]),
      [[ImageId, InstanceId]],
    )
    await ec2.send(new DeregisterImageCommand({ ImageId }))
    assert.equal((await failure(run(ec2, { ImageId }))).name, 'InvalidAMIID.Unavailable')
  })

  it('key pairs, whose private halves leave once (EC2-52, EC2-53)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const rsa = await ec2.send(new CreateKeyPairCommand({ KeyName: 'rsa' }))
    assert.match(rsa.KeyMaterial!, /^-----BEGIN RSA PRIVATE KEY-----/)
    assert.match(rsa.KeyFingerprint!, /^(?:[0-9a-f]{2}:){19}[0-9a-f]{2}$/)
    const ed = await ec2.send(new CreateKeyPairCommand({ KeyName: 'ed', KeyType: 'ed25519' }))
    assert.match(ed.KeyMaterial!, /^-----BEGIN OPENSSH PRIVATE KEY-----/)
    const listed = await ec2.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }))
    const publicKey = listed.KeyPairs!.find((each) => each.KeyName === 'rsa')!.PublicKey!
    assert.match(publicKey, /^ssh-rsa \S+ rsa$/)
    const imported = await ec2.send(
      new ImportKeyPairCommand({ KeyName: 'again', PublicKeyMaterial: Buffer.from(publicKey) }),
    )
    assert.match(imported.KeyFingerprint!, /^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/)
    const pem = createPublicKey(rsa.KeyMaterial!).export({ type: 'spki', format: 'pem' })
    const same = await ec2.send(
      new ImportKeyPairCommand({ KeyName: 'pem', PublicKeyMaterial: Buffer.from(pem) }),
    )
    assert.equal(same.KeyFingerprint, imported.KeyFingerprint)
    const twice = await failure(ec2.send(new CreateKeyPairCommand({ KeyName: 'rsa' })))
    assert.equal(twice.name, 'InvalidKeyPair.Duplicate')
    const bad = new ImportKeyPairCommand({ KeyName: 'bad', PublicKeyMaterial: Buffer.from('ssh-rsa AAAA') })
    assert.equal((await failure(ec2.send(bad))).name, 'InvalidKey.Format')
    await run(ec2, { KeyName: 'rsa' })
    await ec2.send(new DeleteKeyPairCommand({ KeyName: 'rsa' }))
    await ec2.send(new DeleteKeyPairCommand({ KeyName: 'rsa' }))
  })

  it('tags, of anything that has an id (EC2-65, EC2-66)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const [{ InstanceId, VpcId } = {}] = await run(ec2)
    const Resources = [InstanceId!, VpcId!]
    await ec2.send(
      new CreateTagsCommand({
        Resources,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    )
    await ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'a', Value: 'other' }, { Key: 'b' }] }))
    const { Tags } = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['*'] }] }))
    const told = Tags!.map(({ ResourceType, Key, Value }) => `${ResourceType} ${Key}=${Value}`)
    assert.deepEqual(told.sort(), ['instance a=1', 'vpc a=1'])
    const reserved = new CreateTagsCommand({ Resources, Tags: [{ Key: 'aws:x', Value: '' }] })
    assert.match((await failure(ec2.send(reserved))).message, /reserved for internal use/)
    const many = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
    assert.equal(
      (await failure(ec2.send(new CreateTagsCommand({ Resources, Tags: many })))).name,
      'TagLimitExceeded',
    )
    const nothing = new CreateTagsCommand({ Resources: ['x-1'], Tags: [{ Key: 'a', Value: '' }] })
    assert.equal((await failure(ec2.send(nothing))).name, 'InvalidID')
  })

  it('launch templates and their versions (EC2-54, EC2-55)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const LaunchTemplateName = 'web'
    const LaunchTemplateData = { ImageId: 'ami-12345678', InstanceType: 't3.micro' } as const
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }))
    await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.large' },
      }),
    )
    const launched = async (Version?: string) => {
      const LaunchTemplate = { LaunchTemplateName, ...(Version === undefined ? {} : { Version }) }
      const made = await ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate }))
      return made.Instances![0]!.InstanceType
    }
    assert.equal(await launched(), 't3.micro')
    assert.equal(await launched('$Latest'), 't3.large')
    await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion: '2' }))
    assert.equal(await launched(), 't3.large')
    assert.equal((await failure(launched('7'))).name, 'InvalidLaunchTemplateId.VersionNotFound')
    const listed = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName }))
    assert.deepEqual(
      listed.LaunchTemplateVersions?.map((each) => each.VersionNumber),
      [2, 1],
    )
    const deleted = await ec2.send(
      new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['1', '9'] }),
    )
    assert.equal(deleted.SuccessfullyDeletedLaunchTemplateVersions?.length, 1)
    assert.equal(
      deleted.UnsuccessfullyDeletedLaunchTemplateVersions?.[0]?.ResponseError?.Code,
      'launchTemplateVersionDoesNotExist',
    )
    await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName }))
    assert.equal((await failure(launched())).name, 'InvalidLaunchTemplateName.NotFoundException')
  })

  it('instance types', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const { InstanceTypes } = await ec2.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: ['t3.micro'] }),
    )
    assert.equal(InstanceTypes?.[0]?.MemoryInfo?.SizeInMiB, 1024)
  })
})
