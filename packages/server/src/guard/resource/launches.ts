import type { XmlElement } from '../../wire/index.ts'
import type { Input } from '../catalogue/index.ts'
import { membersOf } from './answers.ts'

/** The form of a launch's member in an answer of EC2: a text, an object, or a list with the name of its element. */
type Shape =
  | 'text'
  | { readonly of: Readonly<Record<string, Shape>> }
  | { readonly list: string; readonly item: Shape }

const device: Shape = {
  of: {
    DeviceName: 'text',
    NoDevice: 'text',
    VirtualName: 'text',
    Ebs: {
      of: {
        Encrypted: 'text',
        Iops: 'text',
        SnapshotId: 'text',
        Throughput: 'text',
        VolumeInitializationRate: 'text',
        VolumeSize: 'text',
        VolumeType: 'text',
      },
    },
  },
}

/**
 * The members of a launch template that policies ask about. Source: Amazon EC2 API Reference,
 * ResponseLaunchTemplateData.
 */
const template: Readonly<Record<string, Shape>> = {
  BlockDeviceMappings: { list: 'blockDeviceMappingSet', item: device },
  CapacityReservationSpecification: {
    of: {
      CapacityReservationTarget: {
        of: { CapacityReservationId: 'text', CapacityReservationResourceGroupArn: 'text' },
      },
    },
  },
  CpuOptions: { of: { AmdSevSnp: 'text' } },
  ImageId: 'text',
  InstanceMarketOptions: { of: { MarketType: 'text' } },
  InstanceType: 'text',
  KeyName: 'text',
  LicenseSpecifications: { list: 'licenseSet', item: { of: { LicenseConfigurationArn: 'text' } } },
  MaintenanceOptions: { of: { AutoRecovery: 'text' } },
  MetadataOptions: {
    of: {
      HttpEndpoint: 'text',
      HttpPutResponseHopLimit: 'text',
      HttpTokens: 'text',
      InstanceMetadataTags: 'text',
    },
  },
  NetworkInterfaces: {
    list: 'networkInterfaceSet',
    item: {
      of: {
        AssociatePublicIpAddress: 'text',
        Groups: { list: 'groupSet', item: 'text' },
        NetworkInterfaceId: 'text',
        SubnetId: 'text',
      },
    },
  },
  Placement: { of: { AvailabilityZone: 'text', GroupId: 'text', GroupName: 'text', Tenancy: 'text' } },
  SecurityGroupIds: { list: 'securityGroupIdSet', item: 'text' },
  SecurityGroups: { list: 'securityGroupSet', item: 'text' },
}

/** The members of a launch that a template gives, by the names that RunInstances has. */
export function givenBy(data: XmlElement): Input {
  return objectFrom(data, template)
}

/** The devices of an image in an answer of DescribeImages; undefined if it has not the image. */
export function devicesIn(answer: XmlElement | undefined, id: string): readonly unknown[] | undefined {
  const images = childrenOf(childrenOf(answer, 'imagesSet')[0], 'item')
  // an upstream may list more than it was asked for
  const image = images.find((each) => childrenOf(each, 'imageId')[0]?.text.trim() === id)
  if (image === undefined) return undefined
  const devices = childrenOf(childrenOf(image, 'blockDeviceMapping')[0], 'item').map((each) =>
    read(each, device),
  )
  return devices.map(membersOf).map(({ Ebs, ...others }) => {
    // a launch is asked about the snapshots that it names, not about those of its image
    const { SnapshotId: _, ...volume } = membersOf(Ebs)
    return Ebs === undefined ? others : { ...others, Ebs: volume }
  })
}

/**
 * A launch as EC2 makes it (behaviour GRD-472): what the request leaves out comes from its launch template, and a device
 * that neither names, or names in part, from the image. Of an image or a template that is not known there is one more
 * volume, of which nothing is known.
 */
export async function launchOf(
  asked: Input,
  templateOf: (() => Promise<Input | undefined>) | undefined,
  devicesOf: (image: string) => Promise<readonly unknown[] | undefined>,
): Promise<Input> {
  const given = templateOf === undefined ? {} : await templateOf()
  const launch: Input = { ...given, ...asked }
  const { ImageId } = launch
  const ofImage =
    typeof ImageId === 'string' && ImageId.startsWith('ami-') ? await devicesOf(ImageId) : undefined
  const own = merged(listOf(given?.BlockDeviceMappings), listOf(asked.BlockDeviceMappings))
  const isKnown = given !== undefined && ofImage !== undefined
  const devices = merged(ofImage ?? [], own)
  return { ...launch, BlockDeviceMappings: isKnown ? devices : [...devices, {}] }
}

/** Devices with others in their places, by their names: what the others say of a volume counts first. */
function merged(devices: readonly unknown[], others: readonly unknown[]): readonly unknown[] {
  const all = new Map(devices.map((each) => [membersOf(each).DeviceName, membersOf(each)]))
  for (const other of others.map(membersOf)) {
    const { DeviceName, Ebs, NoDevice, VirtualName } = other
    const isVolume = NoDevice === undefined && VirtualName === undefined
    const before = isVolume ? membersOf(all.get(DeviceName)?.Ebs) : {}
    all.set(DeviceName, isVolume ? { ...other, Ebs: { ...before, ...membersOf(Ebs) } } : other)
  }
  return [...all.values()]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function read(element: XmlElement, shape: Shape): unknown {
  if (shape === 'text') return element.text.trim().replace(/^(?:True|False)$/, (value) => value.toLowerCase())
  if ('of' in shape) return objectFrom(element, shape.of)
  return element.children.map((each) => read(each, shape.item))
}

/** The members of an element that it has; names begin in lower case there. */
function objectFrom(element: XmlElement, members: Readonly<Record<string, Shape>>): Input {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, shape]) => {
      const written = typeof shape === 'object' && 'list' in shape ? shape.list : lowered(name)
      const [found] = childrenOf(element, written)
      return found === undefined ? [] : [[name, read(found, shape)] as const]
    }),
  )
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}
