import { type Call, family } from '../../../authorization/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, recordsOf } from '../described.ts'
import { ec2Arn } from '../ids.ts'
import { wholeSecond } from '../instant.ts'
import { interfaceOut } from '../network/interface-view.ts'
import { networkInterfaces, type Volume, volumes } from '../records.ts'
import { filters } from '../shown-filters.ts'

/** Network interfaces and volumes of instances. */
export const attached = family<Ec2.Operations>()({
  DescribeNetworkInterfaces: describes(recordsOf(networkInterfaces, 'networkInterface'), {
    ids: 'NetworkInterfaceIds',
    list: 'NetworkInterfaces',
    show: (call) => (each) => interfaceOut(each, call),
    filters: filters.DescribeNetworkInterfaces,
  }),
  DescribeVolumes: describes(recordsOf(volumes, 'volume'), {
    ids: 'VolumeIds',
    idsInRefusal: 'volumeSet',
    list: 'Volumes',
    show: (call) => (each) => volumeOut(each, call),
    filters: filters.DescribeVolumes,
  }),
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
