import type { Call } from '../../../authorization/index.ts'
import type { GroupName } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import type { NetworkInterface } from '../records.ts'
import { privateName, publicName } from './dns-name.ts'

export function groupsOut(groups: readonly GroupName[]): readonly Ec2.GroupIdentifier[] {
  return groups.map(({ id, name }) => ({ GroupId: id, GroupName: name }))
}

/** Returns an interface as DescribeNetworkInterfaces shows it. */
export function interfaceOut(each: NetworkInterface, call: Call): Ec2.NetworkInterface {
  const { attachment } = each
  return {
    ...commonOut(each, call, publicAssociation(each)),
    Attachment: attachment && {
      ...attachmentOut(attachment, 'attached'),
      InstanceId: attachment.instanceId,
      InstanceOwnerId: call.account.id,
    },
    AvailabilityZone: each.zone,
    AvailabilityZoneId: each.zoneId,
    RequesterManaged: false,
    Status: attachment === undefined ? 'available' : 'in-use',
    TagSet: each.tags,
  }
}

/** Returns an interface as its instance shows it. */
export function instanceInterfaceOut(
  each: NetworkInterface,
  call: Call,
  attaching: boolean,
): Ec2.InstanceNetworkInterface {
  const { attachment } = each
  return {
    // an address is assigned at the instance's start (behaviour EC2-33)
    ...commonOut(each, call, attaching ? undefined : publicAssociation(each)),
    Attachment: attachment && attachmentOut(attachment, attaching ? 'attaching' : 'attached'),
    Status: 'in-use',
  }
}

/** The common members of both views. */
function commonOut(each: NetworkInterface, call: Call, association: ReturnType<typeof publicAssociation>) {
  const privateDnsName = privateName(each)
  return {
    Association: association,
    Description: each.description,
    Groups: groupsOut(each.groups),
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: each.mac,
    NetworkInterfaceId: each.id,
    Operator: { Managed: false },
    OwnerId: call.account.id,
    PrivateDnsName: privateDnsName,
    PrivateIpAddress: each.privateIp,
    PrivateIpAddresses: [
      {
        Association: association,
        Primary: true,
        PrivateDnsName: privateDnsName,
        PrivateIpAddress: each.privateIp,
      },
    ],
    SourceDestCheck: true,
    SubnetId: each.subnetId,
    VpcId: each.vpcId,
  } as const
}

function attachmentOut(
  { at, id, deleteOnTermination, deviceIndex }: NonNullable<NetworkInterface['attachment']>,
  status: 'attaching' | 'attached',
) {
  return {
    AttachTime: at,
    AttachmentId: id,
    DeleteOnTermination: deleteOnTermination,
    DeviceIndex: deviceIndex,
    NetworkCardIndex: 0,
    Status: status,
  }
}

function publicAssociation(each: NetworkInterface) {
  return each.publicIp === undefined
    ? undefined
    : { IpOwnerId: 'amazon', PublicDnsName: publicName(each), PublicIp: each.publicIp }
}
