import type { Call } from '../../authorization/index.ts'
import type { GroupName } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { privateName, publicName } from './instance-view.ts'
import type { NetworkInterface } from './records.ts'

export function groupsOut(groups: readonly GroupName[]): readonly Ec2.GroupIdentifier[] {
  return groups.map(({ id, name }) => ({ GroupId: id, GroupName: name }))
}

/** An interface as its instance shows it. */
export function attachmentOut(
  each: NetworkInterface,
  call: Call,
  attaching: boolean,
): Ec2.InstanceNetworkInterface {
  const { attachment } = each
  // an address comes with the instance's start (behaviour EC2-33)
  const association = attaching ? undefined : publicAssociation(each)
  return {
    Association: association,
    Attachment: attachment && {
      AttachTime: attachment.at,
      AttachmentId: attachment.id,
      DeleteOnTermination: attachment.deleteOnTermination,
      DeviceIndex: attachment.deviceIndex,
      Status: attaching ? 'attaching' : 'attached',
      NetworkCardIndex: 0,
    },
    Description: each.description,
    Groups: groupsOut(each.groups),
    Ipv6Addresses: [],
    MacAddress: each.mac,
    NetworkInterfaceId: each.id,
    OwnerId: call.account.id,
    PrivateDnsName: privateName(each),
    PrivateIpAddress: each.privateIp,
    PrivateIpAddresses: [
      {
        Association: association,
        Primary: true,
        PrivateDnsName: privateName(each),
        PrivateIpAddress: each.privateIp,
      },
    ],
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: each.subnetId,
    VpcId: each.vpcId,
    InterfaceType: 'interface',
    Operator: { Managed: false },
  }
}

export function publicAssociation(each: NetworkInterface) {
  return each.publicIp === undefined
    ? undefined
    : { IpOwnerId: 'amazon', PublicDnsName: publicName(each), PublicIp: each.publicIp }
}
