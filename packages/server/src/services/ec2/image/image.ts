import type { Call, ContextKeys } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { notThere } from '../faults.ts'
import { isResourceId, steadyId } from '../ids.ts'
import { images, type OwnImage } from '../records.ts'
import { resourceTagKeys } from '../tag.ts'

/** The facts of an image for a launch. */
export interface Image {
  readonly id: string
  readonly name: string
  readonly description: string
  /** `amazon`, or the account that owns it. */
  readonly owner: string
  readonly ownerId: string
  readonly public: boolean
  readonly architecture: 'x86_64' | 'arm64'
  readonly platform?: 'windows'
  readonly rootDevice: string
  readonly rootSize: number
  readonly snapshotId: string
  readonly createdAt: number
  readonly own?: OwnImage
  /** Whether its instances must use tokens unless the launch says otherwise (behaviour EC2-26). */
  readonly imdsV2?: true
  /** An unknown public image: the launch decides what it is. */
  readonly unknown?: true
}

interface CatalogueImage
  extends Pick<Image, 'name' | 'description' | 'architecture' | 'platform' | 'imdsV2'> {
  readonly createdAt: number
}

/** AWS's own images; each region has its own ids (behaviour EC2-50). */
const catalogue: readonly CatalogueImage[] = [
  ...(['x86_64', 'arm64'] as const).map((architecture) => ({
    name: `al2023-ami-2023.6.20250107.0-kernel-6.1-${architecture}`,
    description: `Amazon Linux 2023 AMI 2023.6.20250107.0 ${architecture} HVM kernel-6.1`,
    imdsV2: true as const,
    architecture,
    createdAt: Date.UTC(2025, 0, 10),
  })),
  {
    name: 'amzn2-ami-kernel-5.10-hvm-2.0.20250108.0-x86_64-gp2',
    description: 'Amazon Linux 2 Kernel 5.10 AMI 2.0.20250108.0 x86_64 HVM gp2',
    architecture: 'x86_64',
    createdAt: Date.UTC(2025, 0, 11),
  },
  {
    name: 'Windows_Server-2022-English-Full-Base-2025.01.15',
    description: 'Microsoft Windows Server 2022 Full Locale English AMI provided by Amazon',
    architecture: 'x86_64',
    platform: 'windows',
    createdAt: Date.UTC(2025, 0, 16),
  },
]

const amazon = { owner: 'amazon', ownerId: '137112412989', public: true } as const
const linuxRoot = { rootDevice: '/dev/xvda', rootSize: 8 } as const
const windowsRoot = { rootDevice: '/dev/sda1', rootSize: 30 } as const

/** Returns AWS's own images in a region. */
export function amazonImages(region: string): readonly Image[] {
  return catalogue.map((image) => ({
    ...image,
    ...amazon,
    ...(image.platform === 'windows' ? windowsRoot : linuxRoot),
    id: steadyId('ami', region, image.name),
    snapshotId: steadyId('snap', region, image.name),
  }))
}

/** Returns the images that the account itself has registered in this region. */
export function ownImages(call: Call): readonly Image[] {
  const registered: Image[] = []
  for (const image of call.account.table(images).values())
    if (image.region === call.region && !image.deregistered) registered.push(ofOwn(image, call))
  return registered
}

/**
 * Returns the image of a launch or of a look-up by id. A well-formed id that is unknown here is a public image
 * (EC2-51).
 */
export function findImage(id: string, call: Call): Image | undefined {
  const alias = amazonLinuxAlias(id)
  if (alias !== undefined)
    return amazonImages(call.region).find(
      (image) => image.name.startsWith(alias.name) && image.name.includes(alias.architecture),
    )
  if (!isResourceId('ami', id)) return undefined
  const record = call.account.table(images).find(id)
  if (record !== undefined)
    return record.deregistered || record.region !== call.region ? undefined : ofOwn(record, call)
  return amazonImages(call.region).find((image) => image.id === id) ?? anybodys(id, call.region)
}

/** @throws Fault InvalidAMIID.Malformed, .NotFound or .Unavailable */
export function getImage(id: string, call: Call): Image {
  const image = findImage(id, call)
  if (image !== undefined) return image
  const record = call.account.table(images).find(id)
  if (record?.deregistered === true && record.region === call.region)
    throw fault('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`, 400)
  throw notThere('image', id)
}

/** Returns the condition keys of an image. */
export function imageKeys(image: Image | undefined): ContextKeys {
  if (image === undefined) return {}
  return {
    'ec2:ImageID': image.id,
    'ec2:ImageType': 'machine',
    'ec2:Owner': image.owner,
    'ec2:Public': image.public,
    'ec2:RootDeviceType': 'ebs',
    ...resourceTagKeys(image.own?.tags ?? []),
  }
}

function ofOwn(own: OwnImage, call: Call): Image {
  return {
    ...own,
    description: own.description ?? '',
    owner: call.account.id,
    ownerId: call.account.id,
    public: false,
    own,
  }
}

function anybodys(id: string, region: string): Image {
  return {
    ...amazon,
    ...linuxRoot,
    id,
    name: id,
    description: '',
    architecture: 'x86_64',
    snapshotId: steadyId('snap', region, id),
    createdAt: Date.UTC(2025, 0, 1),
    unknown: true,
  }
}

const aliasPrefix = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/'

/** The public parameters for the newest Amazon Linux. */
function amazonLinuxAlias(id: string) {
  if (!id.startsWith(aliasPrefix)) return undefined
  const name = id.slice(aliasPrefix.length)
  return {
    name: name.startsWith('al2023') ? 'al2023' : 'amzn2',
    architecture: name.includes('arm64') ? 'arm64' : 'x86_64',
  }
}
