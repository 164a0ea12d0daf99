import type { Call } from '../../../authorization/index.ts'
import type { Instance } from '../../../directory/index.ts'
import { type Fields, nowhere } from '../filter.ts'
import { privateName, publicName } from '../network/dns-name.ts'
import { type NetworkInterface, networkInterfaces } from '../records.ts'
import { states, transitionReason } from './instance-view.ts'

/** The filters of DescribeInstances (behaviour EC2-61). */
export function instanceFields(call: Call): Fields<Instance> {
  return { ...ownFields, ...absent, 'owner-id': () => call.account.id, ...interfaceFields(call) }
}

const absent = nowhere(
  'affinity boot-mode capacity-reservation-id host-id ipv6-address kernel-id outpost-arn placement-group-name',
  'placement-partition-number product-code product-code.type ramdisk-id requester-id spot-instance-request-id',
  'tpm-support operator.principal network-performance-options.bandwidth-weighting',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
)

/** Filters on an instance's network interfaces; one of several may match. */
function interfaceFields(call: Call): Fields<Instance> {
  const table = call.account.table(networkInterfaces)
  const of = (look: (card: NetworkInterface) => string | number | boolean | undefined) => (each: Instance) =>
    each.interfaceIds.flatMap((id) => {
      const card = table.find(id)
      const found = card && look(card)
      return found === undefined ? [] : [found]
    })
  const groups = (name: 'id' | 'name') => (each: Instance) =>
    each.interfaceIds.flatMap((id) => table.find(id)?.groups.map((group) => group[name]) ?? [])
  const named: Fields<Instance> = {
    'addresses.association.ip-owner-id': of((card) => card.publicIp && 'amazon'),
    'addresses.association.public-dns-name': of((card) => card.publicIp && publicName(card)),
    'addresses.association.public-ip': of((card) => card.publicIp),
    'addresses.primary': of(() => true),
    'addresses.private-dns-name': of(privateName),
    'addresses.private-ip-address': of((card) => card.privateIp),
    'association.ip-owner-id': of((card) => card.publicIp && 'amazon'),
    'association.public-dns-name': of((card) => card.publicIp && publicName(card)),
    'association.public-ip': of((card) => card.publicIp),
    'attachment.attachment-id': of((card) => card.attachment?.id),
    'attachment.delete-on-termination': of((card) => card.attachment?.deleteOnTermination),
    'attachment.device-index': of((card) => card.attachment?.deviceIndex),
    'attachment.instance-id': of((card) => card.attachment?.instanceId),
    'attachment.instance-owner-id': of(() => call.account.id),
    'attachment.network-card-index': of(() => 0),
    'attachment.status': of(() => 'attached'),
    'availability-zone': of((card) => card.zone),
    description: of((card) => card.description),
    'group-id': groups('id'),
    'group-name': groups('name'),
    'mac-address': of((card) => card.mac),
    'network-interface-id': of((card) => card.id),
    'owner-id': of(() => call.account.id),
    'private-dns-name': of(privateName),
    'private-ip-address': of((card) => card.privateIp),
    'requester-managed': of(() => false),
    'source-dest-check': of(() => true),
    status: of(() => 'in-use'),
    'subnet-id': of((card) => card.subnetId),
    'vpc-id': of((card) => card.vpcId),
    ...nowhere(
      'association.allocation-id association.association-id association.carrier-ip addresses.association.carrier-ip',
      'addresses.association.allocation-id addresses.association.association-id attachment.attach-time',
      'ipv6-address ipv6-addresses.ipv6-address requester-id outpost-arn tag-key tag-value',
    ),
  }
  return Object.fromEntries(Object.entries(named).map(([name, look]) => [`network-interface.${name}`, look]))
}

const ownFields: Fields<Instance> = {
  'block-device-mapping.delete-on-termination': (each) =>
    each.volumes.map((volume) => volume.deleteOnTermination),
  'block-device-mapping.device-name': (each) => each.volumes.map((volume) => volume.device),
  'block-device-mapping.status': (each) => each.volumes.map(() => 'attached'),
  'capacity-reservation-specification.capacity-reservation-preference': () => 'open',
  'current-instance-boot-mode': (each) => (each.architecture === 'arm64' ? 'uefi' : 'legacy-bios'),
  'ena-support': () => true,
  'enclave-options.enabled': () => false,
  'hibernation-options.configured': () => false,
  'maintenance-options.auto-recovery': () => 'default',
  'metadata-options.http-protocol-ipv4': (each) => each.metadata.endpoint,
  'metadata-options.http-protocol-ipv6': (each) => each.metadata.ipv6,
  'metadata-options.http-put-response-hop-limit': (each) => each.metadata.hopLimit,
  'metadata-options.state': () => 'applied',
  'operator.managed': () => false,
  'platform-details': (each) => (each.platform === 'windows' ? 'Windows' : 'Linux/UNIX'),
  'private-dns-name-options.enable-resource-name-dns-a-record': () => false,
  'private-dns-name-options.enable-resource-name-dns-aaaa-record': () => false,
  'private-dns-name-options.hostname-type': () => 'ip-name',
  reason: (each) => transitionReason(each),
  'source-dest-check': (each) => each.sourceDestCheck,
  'state-reason-code': (each) => (each.state === 'running' ? undefined : 'Client.UserInitiatedShutdown'),
  'state-reason-message': (each) =>
    each.state === 'running' ? undefined : 'Client.UserInitiatedShutdown: User initiated shutdown',
  'usage-operation': (each) => (each.platform === 'windows' ? 'RunInstances:0002' : 'RunInstances'),
  architecture: (each) => each.architecture,
  'availability-zone': (each) => each.zone,
  'availability-zone-id': (each) => each.zoneId,
  'block-device-mapping.volume-id': (each) => each.volumes.map((volume) => volume.volumeId),
  'client-token': (each) => each.clientToken,
  'dns-name': (each) => publicName(each),
  hypervisor: () => 'xen',
  'iam-instance-profile.arn': (each) => each.profile?.profileArn,
  'iam-instance-profile.id': (each) => each.profile?.profileId,
  'iam-instance-profile.name': (each) => each.profile?.profileArn.split('/').at(-1),
  'image-id': (each) => each.imageId,
  'instance-id': (each) => each.id,
  'instance-lifecycle': (each) => (each.spot ? 'spot' : undefined),
  'instance-state-code': (each) => states[each.state].Code,
  'instance-state-name': (each) => each.state,
  'instance-type': (each) => each.type,
  'instance.group-id': (each) => each.groups.map((group) => group.id),
  'instance.group-name': (each) => each.groups.map((group) => group.name),
  'ip-address': (each) => each.publicIp,
  'key-name': (each) => each.keyName,
  'launch-index': (each) => each.launchIndex,
  'launch-time': (each) => new Date(each.launchedAt).toISOString(),
  'metadata-options.http-endpoint': (each) => each.metadata.endpoint,
  'metadata-options.http-tokens': (each) => each.metadata.tokens,
  'metadata-options.instance-metadata-tags': (each) => each.metadata.tags,
  'monitoring-state': (each) => (each.monitoring ? 'enabled' : 'disabled'),
  platform: (each) => each.platform,
  'private-dns-name': (each) => privateName(each),
  'private-ip-address': (each) => each.privateIp,
  'reservation-id': (each) => each.reservationId,
  'root-device-name': (each) => each.rootDevice,
  'root-device-type': () => 'ebs',
  'subnet-id': (each) => each.subnetId,
  tenancy: (each) => each.tenancy,
  'virtualization-type': () => 'hvm',
  'vpc-id': (each) => each.vpcId,
}
