import { fault } from '../../../base/index.ts'
import { invalidParameter } from '../faults.ts'
import { isResourceId } from '../ids.ts'
import type { Image } from '../image/image.ts'
import { limits } from '../limits.ts'
import type { TemplateData } from '../template.ts'

/** A volume that a launch creates. */
export interface LaunchVolume {
  readonly device: string
  readonly size: number
  readonly type: string
  readonly iops?: number
  readonly throughput?: number
  readonly encrypted: boolean
  /** The snapshot that the request itself names; no question is asked about the image's own. */
  readonly namedSnapshot?: string
  readonly snapshotId?: string
  readonly deleteOnTermination: boolean
}

type Mapping = NonNullable<TemplateData['BlockDeviceMappings']>[number]

const defaultSize = 8

/** Returns the image's root volume, with the changes and additions of the request's block device mappings. */
export function launchVolumes(
  mappings: readonly Mapping[] | undefined,
  image: Image | undefined,
): readonly LaunchVolume[] {
  const root = image?.rootDevice ?? '/dev/xvda'
  const byDevice = new Map<string, Mapping>([[root, {}]])
  for (const mapping of mappings ?? []) {
    const device = mapping.DeviceName ?? root
    if (mapping.NoDevice !== undefined) byDevice.delete(device)
    // an instance store volume is not an EBS volume
    else if (mapping.Ebs !== undefined || mapping.VirtualName === undefined) byDevice.set(device, mapping)
  }
  return [...byDevice].map(([device, { Ebs: ebs = {} }]) => {
    const isRoot = device === root
    const type = ebs.VolumeType ?? 'gp3'
    const snapshotId = ebs.SnapshotId ?? (isRoot ? image?.snapshotId : undefined)
    const iops = ebs.Iops ?? (type === 'gp3' ? 3_000 : undefined)
    const throughput = ebs.Throughput ?? (type === 'gp3' ? 125 : undefined)
    return {
      device,
      size: ebs.VolumeSize ?? (isRoot ? (image?.rootSize ?? defaultSize) : defaultSize),
      type,
      ...(iops === undefined ? {} : { iops }),
      ...(throughput === undefined ? {} : { throughput }),
      encrypted: ebs.Encrypted ?? false,
      ...(ebs.SnapshotId === undefined ? {} : { namedSnapshot: ebs.SnapshotId }),
      ...(snapshotId === undefined ? {} : { snapshotId }),
      deleteOnTermination: ebs.DeleteOnTermination ?? isRoot,
    }
  })
}

/** @throws Fault for a volume that EC2 would refuse */
export function checkVolumes(volumes: readonly LaunchVolume[]): void {
  if (volumes.length > limits.volumesPerInstance)
    throw fault('AttachmentLimitExceeded', 'The launch has too many block devices.', 400)
  for (const { device, size, namedSnapshot } of volumes) {
    if (!/^[\w/]{1,32}$/.test(device)) throw invalidParameter(`Invalid device name ${device.slice(0, 64)}`)
    if (size < 1 || size > limits.volumeSize)
      throw invalidParameter(
        `Volume of size ${size}GiB is not supported: sizes are from 1 to ${limits.volumeSize}.`,
      )
    if (namedSnapshot !== undefined && !isResourceId('snap', namedSnapshot))
      throw fault(
        'InvalidSnapshotID.Malformed',
        `Invalid id: "${namedSnapshot.slice(0, 64)}" (expecting "snap-...")`,
        400,
      )
  }
}
