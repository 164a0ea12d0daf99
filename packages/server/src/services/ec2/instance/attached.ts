import { type Call, family } from '../../../authorization/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { type Fields, filtered, nowhere } from '../filter.ts'
import { ec2Arn } from '../ids.ts'
import { wholeSecond } from '../instant.ts'
import { privateName, publicName } from '../network/dns-name.ts'
import { interfaceOut } from '../network/interface-view.ts'
import { checkNoIdsWithPage, pageOf } from '../page.ts'
import { type NetworkInterface, networkInterfaces, type Volume, volumes } from '../records.ts'
import { askedFor } from '../resource.ts'

/** Network interfaces and volumes of instances. */
export const attached = family<Ec2.Operations>()({
  DescribeNetworkInterfaces: {
    run(input, call) {
      const all = askedFor(
        call.account.table(networkInterfaces),
        input.NetworkInterfaceIds,
        'networkInterface',
        call,
      )
      const { page, next } = pageOf(
        filtered(all, input.Filters, { ...interfaceFields, 'owner-id': () => call.account.id }),
        input,
      )
      return { NetworkInterfaces: page.map((each) => interfaceOut(each, call)), NextToken: next }
    },
  },
  DescribeVolumes: {
    run(input, call) {
      checkNoIdsWithPage(input.VolumeIds, input.MaxResults, 'volumeSet')
      const all = askedFor(call.account.table(volumes), input.VolumeIds, 'volume', call)
      const { page, next } = pageOf(filtered(all, input.Filters, volumeFields), input)
      return { Volumes: page.map((each) => volumeOut(each, call)), NextToken: next }
    },
  },
})

function volumeOut(each: Volume, call: Call): Ec2.Volume {
  const { attachment } = each
  return {
    VolumeId: each.id,
    VolumeArn: ec2Arn(call, call.account.id, 'volume', each.id),
    Size: each.size,
    SnapshotId: each.snapshotId ?? '',
    AvailabilityZone: each.zone,
    AvailabilityZoneId: each.zoneId,
    State: attachment === undefined ? 'available' : 'in-use',
    CreateTime: wholeSecond(each.createdAt),
    Attachments:
      attachment === undefined
        ? []
        : [
            {
              AttachTime: attachment.at,
              DeleteOnTermination: attachment.deleteOnTermination,
              Device: attachment.device,
              InstanceId: attachment.instanceId,
              State: 'attached',
              VolumeId: each.id,
            },
          ],
    Encrypted: each.encrypted,
    Iops: each.iops,
    Throughput: each.throughput,
    VolumeType: each.type as Ec2.VolumeType, // from the input's enum
    MultiAttachEnabled: false,
    Operator: { Managed: false },
    Tags: each.tags.length === 0 ? undefined : each.tags,
  }
}

const interfaceFields: Fields<NetworkInterface> = {
  'addresses.association.owner-id': (each) => each.publicIp && 'amazon',
  'addresses.association.public-ip': (each) => each.publicIp,
  'addresses.primary': () => true,
  'association.ip-owner-id': (each) => each.publicIp && 'amazon',
  'association.public-dns-name': (each) => each.publicIp && publicName(each),
  'attachment.attach-time': (each) =>
    each.attachment === undefined ? undefined : new Date(each.attachment.at).toISOString(),
  'attachment.device-index': (each) => each.attachment?.deviceIndex,
  'availability-zone-id': (each) => each.zoneId,
  'interface-type': () => 'interface',
  'operator.managed': () => false,
  'private-dns-name': (each) => privateName(each),
  'requester-managed': () => false,
  'source-dest-check': () => true,
  ...nowhere(
    'association.allocation-id association.association-id ipv6-addresses.ipv6-address operator.principal',
    'requester-id',
  ),
  'addresses.private-ip-address': (each) => each.privateIp,
  'association.public-ip': (each) => each.publicIp,
  'attachment.attachment-id': (each) => each.attachment?.id,
  'attachment.instance-id': (each) => each.attachment?.instanceId,
  'attachment.status': (each) => (each.attachment === undefined ? undefined : 'attached'),
  'availability-zone': (each) => each.zone,
  description: (each) => each.description,
  'group-id': (each) => each.groups.map(({ id }) => id),
  'group-name': (each) => each.groups.map(({ name }) => name),
  'mac-address': (each) => each.mac,
  'network-interface-id': (each) => each.id,
  'private-ip-address': (each) => each.privateIp,
  status: (each) => (each.attachment === undefined ? 'available' : 'in-use'),
  'subnet-id': (each) => each.subnetId,
  'vpc-id': (each) => each.vpcId,
}

const volumeFields: Fields<Volume> = {
  'attachment.attach-time': (each) =>
    each.attachment === undefined ? undefined : new Date(each.attachment.at).toISOString(),
  'availability-zone-id': (each) => each.zoneId,
  'fast-restored': () => false,
  'multi-attach-enabled': () => false,
  'operator.managed': () => false,
  ...nowhere('operator.principal'),
  'attachment.delete-on-termination': (each) => each.attachment?.deleteOnTermination,
  'attachment.device': (each) => each.attachment?.device,
  'attachment.instance-id': (each) => each.attachment?.instanceId,
  'attachment.status': (each) => (each.attachment === undefined ? undefined : 'attached'),
  'availability-zone': (each) => each.zone,
  'create-time': (each) => new Date(wholeSecond(each.createdAt)).toISOString(),
  encrypted: (each) => each.encrypted,
  size: (each) => each.size,
  'snapshot-id': (each) => each.snapshotId,
  status: (each) => (each.attachment === undefined ? 'available' : 'in-use'),
  'volume-id': (each) => each.id,
  'volume-type': (each) => each.type,
}
