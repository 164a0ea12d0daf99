import type { AccessRequest, Call, ContextKeys } from '../../../authorization/index.ts'
import { ec2Arn } from '../ids.ts'
import { imageKeys } from '../image/image.ts'
import type { Launch } from '../instance/launch.ts'
import { findProfile, profileArn } from '../instance/profile.ts'
import type { LaunchInterface } from '../network/launch-interface.ts'
import { createTagsRequest, requestTagKeys, resourceTagKeys } from '../tag.ts'

/**
 * Returns everything that a launch asks for: ec2:RunInstances on the instance first, then on each resource that it
 * creates or uses (behaviours EC2-1 to EC2-4), then ec2:CreateTags on what it tags.
 */
export function launchRequests(launch: Launch, call: Call): readonly AccessRequest[] {
  const { account } = call
  const arn = (kind: string, id: string) => ec2Arn(call, account.id, kind, id)
  const template = templateKeys(launch, call)
  const ask = (resource: string, own: ContextKeys, fromTemplate: boolean): AccessRequest => ({
    action: 'ec2:RunInstances',
    resource,
    context: { ...own, ...template(fromTemplate) },
  })
  const { given, own, image } = launch
  const requests = [
    ask(arn('instance', '*'), instanceKeys(launch, call), ownsNothing(own)),
    ask(ec2Arn(call, '', 'image', given.ImageId ?? '*'), imageKeys(image), own.ImageId === undefined),
  ]
  const ownNetwork = own.NetworkInterfaces !== undefined || own.SubnetId !== undefined
  const ownGroups = ownNetwork || own.SecurityGroupIds !== undefined || own.SecurityGroups !== undefined
  for (const each of launch.interfaces) {
    requests.push(
      ask(arn('network-interface', each.existingId ?? '*'), interfaceKeys(each, launch, call), !ownNetwork),
    )
    requests.push(ask(arn('subnet', each.subnetId ?? '*'), subnetKeys(each, call), !ownNetwork))
    for (const { named, group } of each.groups) {
      const keys = group && {
        'ec2:SecurityGroupID': group.id,
        'ec2:Vpc': arn('vpc', group.vpcId),
        ...resourceTagKeys(group.tags),
      }
      requests.push(ask(arn('security-group', group?.id ?? named), keys ?? {}, !ownGroups))
    }
  }
  for (const volume of launch.volumes) {
    const keys = {
      'ec2:AvailabilityZone': launch.zone,
      'ec2:Encrypted': volume.encrypted,
      'ec2:VolumeID': '*',
      'ec2:VolumeIops': volume.iops,
      'ec2:VolumeSize': volume.size,
      'ec2:VolumeThroughput': volume.throughput,
      'ec2:VolumeType': volume.type,
      'ec2:ParentSnapshot':
        volume.snapshotId === undefined ? undefined : ec2Arn(call, '', 'snapshot', volume.snapshotId),
      ...requestTagKeys(launch.tags.get('volume')),
    }
    const ownVolumes = own.BlockDeviceMappings !== undefined
    requests.push(ask(arn('volume', '*'), keys, !ownVolumes))
    if (volume.namedSnapshot !== undefined) {
      const id = volume.namedSnapshot
      requests.push(ask(ec2Arn(call, '', 'snapshot', id), { 'ec2:SnapshotID': id }, !ownVolumes))
    }
  }
  if (given.KeyName !== undefined) {
    const { keyPair } = launch
    const keys = {
      'ec2:KeyPairName': given.KeyName,
      'ec2:KeyPairType': keyPair?.type,
      ...resourceTagKeys(keyPair?.tags ?? []),
    }
    requests.push(ask(arn('key-pair', given.KeyName), keys, own.KeyName === undefined))
  }
  if (launch.templateName !== undefined) {
    const id = launch.template?.id ?? launch.templateName.LaunchTemplateId ?? '*'
    requests.push(ask(arn('launch-template', id), resourceTagKeys(launch.template?.tags ?? []), true))
  }
  for (const kind of ['instance', 'volume', 'network-interface'])
    requests.push(...createTagsRequest(arn(kind, '*'), launch.tags.get(kind), call))
  return requests
}

/** Returns the template, and whether the resource comes from the template itself (behaviour EC2-56). */
function templateKeys({ template }: Launch, call: Call): (fromTemplate: boolean) => ContextKeys {
  if (template === undefined) return () => ({ 'ec2:IsLaunchTemplateResource': false })
  const arn = ec2Arn(call, call.account.id, 'launch-template', template.id)
  return (fromTemplate) => ({
    'ec2:IsLaunchTemplateResource': fromTemplate,
    'ec2:LaunchTemplate': arn,
  })
}

/** Returns whether the request leaves everything about the instance itself to the template. */
function ownsNothing(own: Launch['own']): boolean {
  return (
    own.InstanceType === undefined &&
    own.IamInstanceProfile === undefined &&
    own.MetadataOptions === undefined &&
    own.Placement === undefined &&
    own.UserData === undefined &&
    own.EbsOptimized === undefined &&
    own.InstanceMarketOptions === undefined
  )
}

function instanceKeys(launch: Launch, call: Call): ContextKeys {
  const { given, metadata } = launch
  const profile = findProfile(given.IamInstanceProfile, call)
  return {
    'ec2:InstanceMarketType': given.InstanceMarketOptions?.MarketType ?? 'on-demand',
    'ec2:AvailabilityZone': launch.zone,
    'ec2:ebsOptimized': given.EbsOptimized ?? false,
    'ec2:InstanceType': launch.type,
    'ec2:RootDeviceType': 'ebs',
    'ec2:InstanceID': '*',
    'ec2:Tenancy': given.Placement?.Tenancy ?? 'default',
    'ec2:InstanceProfile': profile && profileArn(profile, call),
    'ec2:MetadataHttpEndpoint': metadata.endpoint,
    'ec2:MetadataHttpPutResponseHopLimit': metadata.hopLimit,
    'ec2:MetadataHttpTokens': metadata.tokens,
    'ec2:InstanceMetadataTags': metadata.tags,
    'ec2:InstanceAutoRecovery': 'default',
    ...requestTagKeys(launch.tags.get('instance')),
  }
}

function interfaceKeys(each: LaunchInterface, launch: Launch, call: Call): ContextKeys {
  const { subnet } = each
  return {
    'ec2:AssociatePublicIpAddress': each.asksPublicIp,
    'ec2:AvailabilityZone': subnet?.zone,
    'ec2:NetworkInterfaceID': each.existingId ?? '*',
    'ec2:Subnet': subnet && ec2Arn(call, call.account.id, 'subnet', subnet.id),
    'ec2:Vpc': subnet && ec2Arn(call, call.account.id, 'vpc', subnet.vpcId),
    ...requestTagKeys(launch.tags.get('network-interface')),
  }
}

function subnetKeys({ subnet }: LaunchInterface, call: Call): ContextKeys {
  if (subnet === undefined) return {}
  return {
    'ec2:AvailabilityZone': subnet.zone,
    'ec2:AvailabilityZoneId': subnet.zoneId,
    'ec2:SubnetID': subnet.id,
    'ec2:Vpc': ec2Arn(call, call.account.id, 'vpc', subnet.vpcId),
    ...resourceTagKeys(subnet.tags),
  }
}
