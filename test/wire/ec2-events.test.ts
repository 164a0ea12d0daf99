import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { type Ec2Server, ec2Server } from './ec2-house.ts'

/** Parameters and result of the newest event of this name. */
async function told({ omen }: Ec2Server, name: string) {
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: name }]
  const { Events } = await omen.client(CloudTrailClient).send(new LookupEventsCommand({ LookupAttributes }))
  const { requestParameters, responseElements, resources } = JSON.parse(Events![0]!.CloudTrailEvent!)
  return { parameters: requestParameters, result: responseElements, resources }
}

describe('Events of EC2', () => {
  it('show rules and groups as CloudTrail does (EC2-80, EC2-81)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const group = { GroupName: 'web', Description: 'for the web' }
    const { GroupId: groupId } = await ec2.send(new CreateSecurityGroupCommand(group))
    const created = await told(server, 'CreateSecurityGroup')
    assert.deepEqual(created.parameters, { groupDescription: 'for the web', groupName: 'web' })
    const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [permission] }),
    )
    const { parameters, result } = await told(server, 'AuthorizeSecurityGroupIngress')
    assert.deepEqual(parameters, {
      groupId,
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            groups: {},
            ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    })
    assert.equal(result._return, true)
    assert.equal(result.securityGroupRuleSet.items[0].cidrIpv4, '0.0.0.0/0')
    const loose = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '10.0.0.0/8' }
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, ...loose }))
    const { parameters: old } = await told(server, 'AuthorizeSecurityGroupIngress')
    assert.deepEqual(old, {
      ipPermissions: {},
      groupId,
      ipProtocol: 'tcp',
      fromPort: 80,
      toPort: 80,
      cidrIp: '10.0.0.0/8',
    })
  })

  it('show absent lists as empty sets (EC2-80)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    await ec2.send(new DescribeInstancesCommand({}))
    const { parameters } = await told(server, 'DescribeInstances')
    assert.deepEqual(parameters, { instancesSet: {}, filterSet: {} })
    const Filters = [{ Name: 'group-name', Values: ['default'] }]
    await ec2.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults: 5 }))
    assert.deepEqual((await told(server, 'DescribeSecurityGroups')).parameters, {
      securityGroupIdSet: {},
      securityGroupSet: {},
      filterSet: { items: [{ name: 'group-name', valueSet: { items: [{ value: 'default' }] } }] },
      maxResults: 5,
    })
  })

  it('show tags, and that a call succeeded (EC2-80, EC2-81)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const tag = { Key: 'Name', Value: 'web' }
    const launch = { ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [tag] }]
    const made = await ec2.send(new RunInstancesCommand({ ...launch, TagSpecifications }))
    const { parameters, result } = await told(server, 'RunInstances')
    const [instance] = result.instancesSet.items
    assert.equal(instance.networkInterfaceSet.items[0].privateIpAddressesSet.item[0].primary, true)
    for (const empty of ['dnsName', 'reason']) assert.ok(!(empty in instance), empty)
    const key = { key: 'Name', value: 'web' }
    assert.deepEqual(parameters.tagSpecificationSet, { items: [{ resourceType: 'instance', tags: [key] }] })
    const id = made.Instances![0]!.InstanceId!
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [tag] }))
    const tagged = await told(server, 'CreateTags')
    assert.deepEqual(tagged.parameters, {
      resourcesSet: { items: [{ resourceId: id }] },
      tagSet: { items: [key] },
    })
    assert.equal(tagged.result._return, true)
  })

  it('show a launch as CloudTrail does: what the answer has, and a little more (EC2-34, EC2-85)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const launch = { ImageId: 'ami-12345678', MinCount: 2, MaxCount: 2 }
    const { Instances = [] } = await ec2.send(new RunInstancesCommand(launch))
    const { result, resources } = await told(server, 'RunInstances')
    const [instance] = result.instancesSet.items
    assert.deepEqual(instance.metadataOptions, {
      state: 'pending',
      httpTokens: 'optional',
      httpPutResponseHopLimit: 1,
      httpEndpoint: 'enabled',
      httpProtocolIpv4: 'enabled',
      httpProtocolIpv6: 'disabled',
      instanceMetadataTags: 'disabled',
    })
    assert.deepEqual(instance.networkInterfaceSet.items[0].tagSet, {})
    assert.deepEqual(
      resources,
      Instances.map(({ InstanceId }) => ({
        accountId: server.omen.account,
        type: 'AWS::EC2::Instance',
        ARN: `arn:aws:ec2:us-east-1:${server.omen.account}:instance/${InstanceId}`,
      })),
    )
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({}))
    const later = [
      'PlatformDetails',
      'UsageOperation',
      'UsageOperationUpdateTime',
      'HibernationOptions',
    ] as const
    for (const name of later) {
      assert.equal(Instances[0]![name], undefined)
      assert.notEqual(Reservations![0]!.Instances![0]![name], undefined)
    }
  })

  it('show newer operations whole, as their query and their XML read (EC2-83, EC2-84)', async () => {
    await using server = await ec2Server()
    const ec2 = server.omen.client(EC2Client)
    const data = {
      UserData: 'c2VjcmV0',
      SecurityGroupIds: ['sg-11111111', 'sg-22222222'],
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 100 } }],
    }
    const template = { LaunchTemplateName: 'web', LaunchTemplateData: data, ClientToken: 'once' }
    await ec2.send(new CreateLaunchTemplateCommand(template))
    const { parameters, result } = await told(server, 'CreateLaunchTemplate')
    assert.deepEqual(parameters, {
      CreateLaunchTemplateRequest: {
        ClientToken: 'once',
        LaunchTemplateName: 'web',
        LaunchTemplateData: {
          UserData: '<sensitiveDataRemoved>',
          SecurityGroupId: [
            { tag: 1, content: 'sg-11111111' },
            { tag: 2, content: 'sg-22222222' },
          ],
          BlockDeviceMapping: { tag: 1, DeviceName: '/dev/sda1', Ebs: { VolumeSize: 100 } },
        },
      },
    })
    const { launchTemplate, requestId } = result.CreateLaunchTemplateResponse
    assert.equal(typeof requestId, 'string')
    assert.equal(launchTemplate.launchTemplateName, 'web')
    assert.match(launchTemplate.createTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/)
  })
})
