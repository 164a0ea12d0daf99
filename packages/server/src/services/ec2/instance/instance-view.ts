import type { Call } from '../../../authorization/index.ts'
import type { Instance } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { wholeSecond } from '../instant.ts'
import { privateName, publicName } from '../network/dns-name.ts'
import { groupsOut, instanceInterfaceOut } from '../network/interface-view.ts'
import { networkInterfaces } from '../records.ts'

/** States with EC2's numbers. */
export const states = {
  pending: { Code: 0, Name: 'pending' },
  running: { Code: 16, Name: 'running' },
  'shutting-down': { Code: 32, Name: 'shutting-down' },
  terminated: { Code: 48, Name: 'terminated' },
  stopping: { Code: 64, Name: 'stopping' },
  stopped: { Code: 80, Name: 'stopped' },
} as const satisfies Readonly<Record<Ec2.InstanceStateName, Ec2.InstanceState>>

/**
 * Returns an instance as DescribeInstances shows it; `state` is an intermediate state that only this answer shows.
 */
export function instanceOut(instance: Instance, call: Call, state?: Ec2.InstanceStateName): Ec2.Instance {
  const shownState = state ?? instance.state
  const gone = instance.state === 'terminated'
  return {
    AmiLaunchIndex: instance.launchIndex,
    ImageId: instance.imageId,
    InstanceId: instance.id,
    InstanceType: instance.type,
    KeyName: instance.keyName,
    LaunchTime: instance.launchedAt,
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    Placement: {
      AvailabilityZone: instance.zone,
      AvailabilityZoneId: instance.zoneId,
      GroupName: '',
      Tenancy: instance.tenancy as Ec2.Tenancy, // checked when it was launched
    },
    Platform: instance.platform as string as Ec2.PlatformValues | undefined, // AWS's answers write it small, its enum does not
    PrivateDnsName: gone ? '' : privateName(instance),
    ProductCodes: [],
    PublicDnsName: gone || shownState !== 'running' ? '' : publicName(instance),
    State: states[shownState],
    StateTransitionReason: transitionReason(instance),
    Architecture: instance.architecture,
    BlockDeviceMappings:
      shownState === 'pending' || gone
        ? []
        : instance.volumes.map(({ device, volumeId, deleteOnTermination }) => ({
            DeviceName: device,
            Ebs: {
              AttachTime: wholeSecond(instance.createdAt),
              DeleteOnTermination: deleteOnTermination,
              Status: 'attached',
              VolumeId: volumeId,
            },
          })),
    ClientToken: instance.clientToken ?? '',
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    InstanceLifecycle: instance.spot ? 'spot' : undefined,
    RootDeviceName: instance.rootDevice,
    RootDeviceType: 'ebs',
    StateReason: stateReason(instance, shownState),
    Tags: instance.tags.length === 0 ? undefined : instance.tags,
    VirtualizationType: 'hvm',
    ...(gone ? {} : running(instance, call, shownState)),
    CpuOptions: { CoreCount: 1, ThreadsPerCore: instance.architecture === 'arm64' ? 1 : 2 },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    MetadataOptions: metadataOut(instance, shownState === 'pending' ? 'pending' : 'applied'),
    EnclaveOptions: { Enabled: false },
    ...(shownState === 'pending' ? {} : notAtLaunch(instance)),
    MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
    Operator: { Managed: false },
    CurrentInstanceBootMode: instance.architecture === 'arm64' ? 'uefi' : 'legacy-bios',
  }
}

/** The members that the answer of the launch lacks (behaviour EC2-34). */
function notAtLaunch({ platform, createdAt }: Instance): Ec2.Instance {
  return {
    HibernationOptions: { Configured: false },
    PlatformDetails: platform === 'windows' ? 'Windows' : 'Linux/UNIX',
    UsageOperation: platform === 'windows' ? 'RunInstances:0002' : 'RunInstances',
    UsageOperationUpdateTime: wholeSecond(createdAt),
  }
}

/** The members that a terminated instance lacks. */
function running(instance: Instance, call: Call, shown: Ec2.InstanceStateName): Ec2.Instance {
  const { profile } = instance
  const interfaces = instance.interfaceIds.flatMap((id) => {
    const networkInterface = call.account.table(networkInterfaces).find(id)
    return networkInterface === undefined
      ? []
      : [instanceInterfaceOut(networkInterface, call, shown === 'pending')]
  })
  return {
    PrivateIpAddress: instance.privateIp,
    PublicIpAddress: shown === 'running' ? instance.publicIp : undefined,
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
    SourceDestCheck: instance.sourceDestCheck,
    SecurityGroups: groupsOut(instance.groups),
    NetworkInterfaces: interfaces,
    IamInstanceProfile: profile && { Arn: profile.profileArn, Id: profile.profileId },
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
  }
}

export function metadataOut(
  { metadata }: Pick<Instance, 'metadata'>,
  state: 'pending' | 'applied',
): Ec2.InstanceMetadataOptionsResponse {
  return {
    State: state,
    HttpTokens: metadata.tokens,
    HttpPutResponseHopLimit: metadata.hopLimit,
    HttpEndpoint: metadata.endpoint,
    HttpProtocolIpv6: metadata.ipv6,
    InstanceMetadataTags: metadata.tags,
  }
}

/** Returns the reason of the instance's state in EC2's words; empty while it runs. */
function transitionReason({ state, changedAt }: Instance): string {
  if (state === 'running') return ''
  return `User initiated (${new Date(changedAt).toISOString().slice(0, 19).replace('T', ' ')} GMT)`
}

function stateReason({ state }: Instance, shown: Ec2.InstanceStateName): Ec2.StateReason | undefined {
  if (shown === 'pending') return { Code: 'pending', Message: 'pending' }
  if (state === 'running') return undefined
  return {
    Code: 'Client.UserInitiatedShutdown',
    Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  }
}
