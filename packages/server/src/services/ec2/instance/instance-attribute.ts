import { type AccessRequest, type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type GroupName, type Instance, instances } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { checkHops, invalidCombination, invalidParameter, missing, notThere } from '../faults.ts'
import { ec2Arn } from '../ids.ts'
import { isTypeName } from '../image/instance-type.ts'
import { limits } from '../limits.ts'
import { findGroup } from '../network/launch-interface.ts'
import { networkInterfaces } from '../records.ts'
import { resourceTagKeys } from '../tag.ts'
import { getInstance, instanceRequests } from './instance.ts'
import { metadataOut } from './instance-view.ts'

/** Reads and changes single attributes of an instance. */
export const instanceAttribute = family<Ec2.Operations>()({
  DescribeInstanceAttribute: {
    requests: (input, call) => instanceRequests([input.InstanceId], call),
    run(input, call) {
      const instance = getInstance(input.InstanceId, call)
      return { InstanceId: instance.id, ...attributes[input.Attribute](instance) }
    },
  },
  ModifyInstanceAttribute: {
    requests(input, call) {
      const change = changeOf(input)
      const attribute = change && attributeKeys(change)
      return [
        ...instanceRequests([input.InstanceId], call, attribute),
        ...(input.Groups ?? []).slice(0, limits.groupsPerInterface).map((id) => groupRequest(id, call)),
      ]
    },
    run(input, call) {
      const change = changeOf(input)
      if (change === undefined) throw missing('attribute')
      const instance = getInstance(input.InstanceId, call)
      call.account.table(instances).put(modified(instance, change, call))
      return undefined
    },
  },
  ModifyInstanceMetadataOptions: {
    requests: (input, call) => instanceRequests([input.InstanceId], call),
    run(input, call) {
      const instance = getInstance(input.InstanceId, call)
      if (instance.state === 'terminated')
        throw fault('IncorrectInstanceState', `The instance '${instance.id}' is not in a valid state.`, 400)
      const hops = input.HttpPutResponseHopLimit
      if (hops !== undefined) checkHops(hops)
      const { metadata } = instance
      const next: Instance = {
        ...instance,
        metadata: {
          tokens: input.HttpTokens ?? metadata.tokens,
          hopLimit: hops ?? metadata.hopLimit,
          endpoint: input.HttpEndpoint ?? metadata.endpoint,
          ipv6: input.HttpProtocolIpv6 ?? metadata.ipv6,
          tags: input.InstanceMetadataTags ?? metadata.tags,
        },
      }
      call.account.table(instances).put(next)
      return { InstanceId: instance.id, InstanceMetadataOptions: metadataOut(next, 'pending') }
    },
  },
  GetLaunchTemplateData: {
    requests: (input, call) => instanceRequests([input.InstanceId], call),
    run: (input, call) => ({ LaunchTemplateData: templateOf(getInstance(input.InstanceId, call)) }),
  },
})

const value = <T>(Value: T) => ({ Value })

/** Each attribute as answers show it; one that does not exist here is empty. */
const attributes: Readonly<Record<Ec2.InstanceAttributeName, (instance: Instance) => Ec2.InstanceAttribute>> =
  {
    instanceType: (i) => ({ InstanceType: value(i.type) }),
    kernel: () => ({ KernelId: {} }),
    ramdisk: () => ({ RamdiskId: {} }),
    userData: (i) => ({ UserData: i.userData === undefined ? {} : value(i.userData) }),
    disableApiTermination: (i) => ({ DisableApiTermination: value(i.disableApiTermination) }),
    instanceInitiatedShutdownBehavior: (i) => ({
      InstanceInitiatedShutdownBehavior: value(i.shutdownBehavior),
    }),
    rootDeviceName: (i) => ({ RootDeviceName: value(i.rootDevice) }),
    blockDeviceMapping: (i) => ({
      BlockDeviceMappings: i.volumes.map(({ device, volumeId, deleteOnTermination }) => ({
        DeviceName: device,
        Ebs: { VolumeId: volumeId, DeleteOnTermination: deleteOnTermination, Status: 'attached' },
      })),
    }),
    productCodes: () => ({ ProductCodes: [] }),
    sourceDestCheck: (i) => ({ SourceDestCheck: value(i.sourceDestCheck) }),
    groupSet: (i) => ({ Groups: i.groups.map(({ id, name }) => ({ GroupId: id, GroupName: name })) }),
    ebsOptimized: (i) => ({ EbsOptimized: value(i.ebsOptimized) }),
    sriovNetSupport: () => ({ SriovNetSupport: {} }),
    enaSupport: () => ({ EnaSupport: value(true) }),
    enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
    disableApiStop: (i) => ({ DisableApiStop: value(i.disableApiStop) }),
  }

/** Returns the one change: AWS accepts a single attribute in a call. */
type Change =
  | { readonly name: 'InstanceType'; readonly value: string }
  | { readonly name: 'UserData'; readonly value: string }
  | { readonly name: 'InstanceInitiatedShutdownBehavior'; readonly value: string }
  | {
      readonly name: 'DisableApiTermination' | 'DisableApiStop' | 'SourceDestCheck' | 'EbsOptimized'
      readonly value: boolean
    }
  | { readonly name: 'GroupId'; readonly value: readonly string[] }

function changeOf(input: Ec2.ModifyInstanceAttributeRequest): Change | undefined {
  const changes: Change[] = []
  const flags = ['DisableApiTermination', 'DisableApiStop', 'SourceDestCheck', 'EbsOptimized'] as const
  for (const name of flags) {
    const flag = input[name]?.Value ?? (isNamed(input, name) ? input.Value === 'true' : undefined)
    if (flag !== undefined) changes.push({ name, value: flag })
  }
  const type = input.InstanceType?.Value ?? (isNamed(input, 'InstanceType') ? input.Value : undefined)
  if (type !== undefined) changes.push({ name: 'InstanceType', value: type })
  const behavior =
    input.InstanceInitiatedShutdownBehavior?.Value ??
    (isNamed(input, 'InstanceInitiatedShutdownBehavior') ? input.Value : undefined)
  if (behavior !== undefined) changes.push({ name: 'InstanceInitiatedShutdownBehavior', value: behavior })
  const data = input.UserData?.Value
  if (data !== undefined) changes.push({ name: 'UserData', value: Buffer.from(data).toString('base64') })
  if (input.Groups !== undefined) changes.push({ name: 'GroupId', value: input.Groups })
  if (changes.length > 1) throw invalidCombination('Fields for multiple attribute types specified')
  return changes[0]
}

function isNamed(
  { Attribute: named, Value: given }: Ec2.ModifyInstanceAttributeRequest,
  name: string,
): boolean {
  return given !== undefined && named?.toLowerCase() === name.toLowerCase()
}

/** ec2:Attribute, and its new value. */
function attributeKeys({ name, value: to }: Change): ContextKeys {
  return {
    'ec2:Attribute': name,
    [`ec2:Attribute/${name}`]: typeof to === 'object' ? to : String(to),
  }
}

function groupRequest(id: string, call: Call): AccessRequest {
  const group = findGroup(id, call)
  return {
    action: 'ec2:ModifyInstanceAttribute',
    resource: ec2Arn(call, call.account.id, 'security-group', id),
    context: group
      ? {
          'ec2:SecurityGroupID': id,
          'ec2:Vpc': ec2Arn(call, call.account.id, 'vpc', group.vpcId),
          ...resourceTagKeys(group.tags),
        }
      : {},
  }
}

function modified(instance: Instance, change: Change, call: Call): Instance {
  if (instance.state === 'terminated')
    throw fault('IncorrectInstanceState', `The instance '${instance.id}' is not in a valid state.`, 400)
  const onlyStopped = ['InstanceType', 'UserData', 'EbsOptimized']
  if (onlyStopped.includes(change.name) && instance.state !== 'stopped')
    throw fault('IncorrectInstanceState', `The instance '${instance.id}' is not in the 'stopped' state.`, 400)
  switch (change.name) {
    case 'InstanceType':
      if (!isTypeName(change.value))
        throw invalidParameter(`Invalid value '${change.value}' for InstanceType.`)
      return { ...instance, type: change.value }
    case 'UserData':
      return { ...instance, userData: checkedUserData(change.value) }
    case 'EbsOptimized':
      return { ...instance, ebsOptimized: change.value }
    case 'InstanceInitiatedShutdownBehavior':
      if (change.value !== 'stop' && change.value !== 'terminate')
        throw invalidParameter(`Invalid value '${change.value}' for instanceInitiatedShutdownBehavior.`)
      return { ...instance, shutdownBehavior: change.value }
    case 'DisableApiTermination':
      return { ...instance, disableApiTermination: change.value }
    case 'DisableApiStop':
      return { ...instance, disableApiStop: change.value }
    case 'SourceDestCheck':
      return { ...instance, sourceDestCheck: change.value }
    case 'GroupId':
      return regrouped(instance, change.value, call)
  }
}

function checkedUserData(userData: string): string {
  if (Buffer.byteLength(userData, 'base64') > limits.userDataBytes)
    throw invalidParameter(`User data is limited to ${limits.userDataBytes} bytes`)
  return userData
}

function regrouped(instance: Instance, ids: readonly string[], call: Call): Instance {
  if (ids.length === 0 || ids.length > limits.groupsPerInterface)
    throw invalidParameter(`An instance has from 1 to ${limits.groupsPerInterface} security groups.`)
  const groups: GroupName[] = ids.map((id) => {
    const group = findGroup(id, call)
    if (group === undefined) throw notThere('group', id)
    if (group.vpcId !== instance.vpcId)
      throw invalidParameter(`Security group ${id} and instance ${instance.id} belong to different networks.`)
    return { id, name: group.name }
  })
  const cards = call.account.table(networkInterfaces)
  const primary = cards.find(instance.interfaceIds[0] ?? '')
  if (primary !== undefined) cards.put({ ...primary, groups })
  return { ...instance, groups }
}

/** Returns a template that would launch a similar instance. */
function templateOf(instance: Instance): Ec2.ResponseLaunchTemplateData {
  const { profile, metadata } = instance
  return {
    ImageId: instance.imageId,
    InstanceType: instance.type,
    KeyName: instance.keyName,
    EbsOptimized: instance.ebsOptimized,
    IamInstanceProfile: profile && { Arn: profile.profileArn },
    Placement: { AvailabilityZone: instance.zone, Tenancy: instance.tenancy as Ec2.Tenancy }, // checked when it was launched
    Monitoring: { Enabled: instance.monitoring },
    DisableApiTermination: instance.disableApiTermination,
    DisableApiStop: instance.disableApiStop,
    InstanceInitiatedShutdownBehavior: instance.shutdownBehavior,
    UserData: instance.userData,
    NetworkInterfaces: [
      { DeviceIndex: 0, SubnetId: instance.subnetId, Groups: instance.groups.map(({ id }) => id) },
    ],
    MetadataOptions: {
      HttpTokens: metadata.tokens,
      HttpPutResponseHopLimit: metadata.hopLimit,
      HttpEndpoint: metadata.endpoint,
      HttpProtocolIpv6: metadata.ipv6,
      InstanceMetadataTags: metadata.tags,
    },
    TagSpecifications:
      instance.tags.length === 0 ? undefined : [{ ResourceType: 'instance', Tags: instance.tags }],
  }
}
