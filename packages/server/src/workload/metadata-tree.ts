import { type AccountId, dnsSuffixIn, factsOf, isoSeconds } from '../base/index.ts'
import { type Account, type Instance, tagTexts } from '../directory/index.ts'
import { metadataJson } from './answer.ts'

/** A value, a folder of further names, or a value that must be computed first. */
export type Leaf = string | (() => Promise<string | undefined>)
export type Node = Leaf | Folder
export interface Folder {
  readonly [name: string]: Node
}

/** Returns the tree under `meta-data/`; it contains only what the instance has. */
export function metadataTree(
  instance: Instance,
  { id: account, partition }: Pick<Account, 'id' | 'partition'>,
  iam: Folder | undefined,
): Folder {
  const { publicIp } = instance
  const hostname = privateName(instance)
  return {
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': { ami: instance.rootDevice, root: instance.rootDevice },
    hostname,
    ...(iam === undefined ? {} : { iam }),
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': instance.spot ? 'spot' : 'on-demand',
    'instance-type': instance.type,
    'local-hostname': hostname,
    'local-ipv4': instance.privateIp,
    mac: instance.mac,
    network: { interfaces: { macs: { [instance.mac]: interfaceTree(instance, account, hostname) } } },
    placement: {
      'availability-zone': instance.zone,
      'availability-zone-id': instance.zoneId,
      region: instance.region,
    },
    profile: 'default-hvm',
    ...(publicIp === undefined ? {} : { 'public-hostname': publicName(instance), 'public-ipv4': publicIp }),
    ...publicKeys(instance),
    'reservation-id': instance.reservationId,
    'security-groups': groupNames(instance),
    services: { domain: factsOf(partition).dnsSuffix, partition },
    ...tags(instance),
  }
}

/** Returns the instance identity document. Only AWS can sign it, so there is no signature. */
export function identityDocument(instance: Instance, account: AccountId): string {
  return metadataJson({
    accountId: account,
    architecture: instance.architecture,
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type,
    kernelId: null,
    pendingTime: isoSeconds(instance.launchedAt),
    privateIp: instance.privateIp,
    ramdiskId: null,
    region: instance.region,
    version: '2017-09-30',
  })
}

function interfaceTree(instance: Instance, account: AccountId, hostname: string): Folder {
  const { publicIp } = instance
  return {
    'device-number': '0',
    'interface-id': instance.interfaceIds[0] ?? '',
    'local-hostname': hostname,
    'local-ipv4s': instance.privateIp,
    mac: instance.mac,
    'owner-id': account,
    ...(publicIp === undefined ? {} : { 'public-hostname': publicName(instance), 'public-ipv4s': publicIp }),
    'security-group-ids': instance.groups.map(({ id }) => id).join('\n'),
    'security-groups': groupNames(instance),
    'subnet-id': instance.subnetId,
    'vpc-id': instance.vpcId,
  }
}

function groupNames({ groups }: Instance): string {
  return groups.map(({ name }) => name).join('\n')
}

function publicKeys({ keyName, publicKey }: Instance): Folder {
  if (keyName === undefined || publicKey === undefined) return {}
  return { 'public-keys': { [`0=${keyName}`]: { 'openssh-key': `${publicKey}\n` } } }
}

/** Tags appear only if the instance's options permit it. */
function tags({ metadata, tags: all }: Instance): Folder {
  if (metadata.tags !== 'enabled') return {}
  return { tags: { instance: tagTexts(all) } }
}

function privateName({ privateIp, region }: Instance): string {
  const host = `ip-${privateIp.replaceAll('.', '-')}`
  return region === 'us-east-1' ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`
}

function publicName({ publicIp = '', region }: Instance): string {
  const host = `ec2-${publicIp.replaceAll('.', '-')}`
  return region === 'us-east-1'
    ? `${host}.compute-1.amazonaws.com`
    : `${host}.${region}.compute.${dnsSuffixIn(region)}`
}
