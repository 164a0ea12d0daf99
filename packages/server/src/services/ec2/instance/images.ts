import { type AccessRequest, type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes } from '../described.ts'
import { invalidParameter, missing } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { amazonImages, findImage, getImage, type Image, imageKeys, ownImages } from '../image/image.ts'
import { limits } from '../limits.ts'
import { images as imageTable, type OwnImage } from '../records.ts'
import { onNewResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, requestTagKeys, tagsByKind } from '../tag.ts'
import { getInstance, instanceRequests } from './instance.ts'

/** Images: a few of AWS's own, and those that the account makes of its instances. */
export const images = family<Ec2.Operations>()({
  DescribeImages: describes(
    (ids = [], call, { Owners: owners }: { readonly Owners?: readonly string[] | undefined }) => {
      const all =
        ids.length > 0
          ? [...new Set(ids)].slice(0, limits.idsPerCall).map((id) => getImage(id, call))
          : [...ownImages(call), ...amazonImages(call.region)]
      return all.filter((image) => isOwnedBy(image, owners, call))
    },
    {
      ids: 'ImageIds',
      idsInRefusal: 'imagesSet',
      list: 'Images',
      show: () => imageOut,
      filters: filters.DescribeImages,
    },
  ),
  CreateImage: {
    requests(input, call) {
      const tags = tagsByKind(input.TagSpecifications)
      const snapshot: AccessRequest = {
        action: 'ec2:CreateImage',
        resource: ec2Arn(call, '', 'snapshot', '*'),
        context: { 'ec2:SnapshotID': '*', ...requestTagKeys(tags.get('snapshot')) },
      }
      const keys = { 'ec2:ImageID': '*', 'ec2:Owner': call.account.id }
      return [
        ...instanceRequests([input.InstanceId], call),
        ...onNewResource('image', tags, call, keys),
        snapshot,
      ]
    },
    run(input, call) {
      const instance = getInstance(input.InstanceId, call)
      if (instance.state === 'terminated')
        throw fault('IncorrectState', `Instance '${instance.id}' is not 'running' or 'stopped'.`, 400)
      const source = findImage(instance.imageId, call)
      const image = register(
        {
          name: input.Name,
          ...(input.Description === undefined ? {} : { description: input.Description }),
          architecture: instance.architecture,
          ...(instance.platform === undefined ? {} : { platform: instance.platform }),
          rootDevice: instance.rootDevice,
          rootSize: source?.rootSize ?? 8,
          snapshotId: newResourceId('snap', call.deps.random),
          sourceInstanceId: instance.id,
        },
        input.TagSpecifications,
        ['image', 'snapshot'],
        call,
      )
      return { ImageId: image.id }
    },
  },
  RegisterImage: {
    requests: (input, call) =>
      onNewResource('image', tagsByKind(input.TagSpecifications), call, {
        'ec2:ImageID': '*',
        'ec2:Owner': call.account.id,
      }),
    run(input, call) {
      const rootDevice = input.RootDeviceName
      if (rootDevice === undefined) throw missing('rootDeviceName')
      const root = input.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === rootDevice)?.Ebs
      if (root?.SnapshotId === undefined)
        throw fault('InvalidBlockDeviceMapping', 'The root device needs a snapshot.', 400)
      const image = register(
        {
          name: input.Name,
          ...(input.Description === undefined ? {} : { description: input.Description }),
          architecture: input.Architecture === 'arm64' ? 'arm64' : 'x86_64',
          rootDevice,
          rootSize: root.VolumeSize ?? 8,
          snapshotId: root.SnapshotId,
        },
        input.TagSpecifications,
        ['image'],
        call,
      )
      return { ImageId: image.id }
    },
  },
  DeregisterImage: {
    requests(input, call) {
      const image = findImage(input.ImageId, call)
      const resource = ec2Arn(call, '', 'image', input.ImageId)
      return [{ action: 'ec2:DeregisterImage', resource, context: imageKeys(image) }]
    },
    run(input, call) {
      const { own } = getImage(input.ImageId, call)
      if (own === undefined) throw fault('AuthFailure', `Not authorized for images: [${input.ImageId}]`, 403)
      call.account.table(imageTable).put({ ...own, deregistered: true })
      return { Return: true }
    },
  },
})

type NewImage = Omit<OwnImage, 'id' | 'region' | 'createdAt' | 'tags' | 'deregistered'>

function register(
  image: NewImage,
  specifications: readonly Ec2.TagSpecification[] | undefined,
  kinds: readonly string[],
  call: Call,
): OwnImage {
  const table = call.account.table(imageTable)
  if (!/^[\w ()[\]./'@-]{3,128}$/.test(image.name))
    throw fault(
      'InvalidAMIName.Malformed',
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and the following characters: ( ) [ ] space . / - ' @ _",
      400,
    )
  const twin = table.findBy('name', `${call.region}\n${image.name}`)
  if (twin !== undefined)
    throw fault('InvalidAMIName.Duplicate', `AMI name ${image.name} is already in use by AMI ${twin.id}`, 400)
  if ((image.description?.length ?? 0) > 255)
    throw invalidParameter('An image description has no more than 255 characters.')
  if (ownImages(call).length >= limits.imagesPerRegion)
    throw fault('AMILimitExceeded', 'You have reached the maximum number of images in this Region.', 400)
  const byKind = tagsByKind(specifications)
  checkTags(byKind, kinds)
  const record: OwnImage = {
    ...image,
    id: newResourceId('ami', call.deps.random),
    region: call.region,
    createdAt: call.now,
    tags: byKind.get('image') ?? [],
    deregistered: false,
  }
  table.put(record)
  return record
}

function isOwnedBy(image: Image, owners: readonly string[] | undefined, call: Call): boolean {
  if (owners === undefined || owners.length === 0) return true
  return owners.some(
    (owner) =>
      owner === image.owner ||
      owner === image.ownerId ||
      (owner === 'self' && image.ownerId === call.account.id),
  )
}

function imageOut(image: Image): Ec2.Image {
  const windows = image.platform === 'windows'
  return {
    ImageId: image.id,
    ImageLocation: `${image.owner}/${image.name}`,
    ImageOwnerAlias: image.owner === 'amazon' ? 'amazon' : undefined,
    OwnerId: image.ownerId,
    Name: image.name,
    Description: image.description === '' ? undefined : image.description,
    CreationDate: `${new Date(image.createdAt).toISOString().slice(0, 19)}.000Z`,
    Public: image.public,
    State: 'available',
    Architecture: image.architecture,
    ImageType: 'machine',
    Platform: image.platform as string as Ec2.PlatformValues | undefined, // AWS's answers write it small, its enum does not
    PlatformDetails: windows ? 'Windows' : 'Linux/UNIX',
    UsageOperation: windows ? 'RunInstances:0002' : 'RunInstances',
    RootDeviceName: image.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDevice,
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          SnapshotId: image.snapshotId,
          VolumeSize: image.rootSize,
          VolumeType: 'gp3',
        },
      },
    ],
    EnaSupport: true,
    ImdsSupport: image.imdsV2 && 'v2.0',
    BootMode: image.imdsV2 && 'uefi-preferred',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    SriovNetSupport: 'simple',
    SourceInstanceId: image.own?.sourceInstanceId,
    Tags: image.own === undefined || image.own.tags.length === 0 ? undefined : image.own.tags,
  }
}
