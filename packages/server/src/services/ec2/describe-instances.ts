import type { Family } from '../../authorization/index.ts'
import type { Instance } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { type Fields, filtered } from './filter.ts'
import { getInstances, instancesHere } from './instance.ts'
import { privateName, publicName, states } from './instance-view.ts'
import { checkNoIdsWithPage, pageOf } from './page.ts'
import { reservationOut } from './run-instances.ts'

/** What instances there are. */
export const describeInstances: Family<Ec2.Operations, 'DescribeInstances' | 'DescribeInstanceStatus'> = {
  DescribeInstances: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const named = (input.InstanceIds?.length ?? 0) > 0
      const all = named ? getInstances(input.InstanceIds ?? [], call) : instancesHere(call)
      const { page, next } = pageOf(filtered(all, input.Filters, instanceFields), input)
      const reservations = new Map<string, Instance[]>()
      for (const instance of page) {
        const together = reservations.get(instance.reservationId)
        if (together === undefined) reservations.set(instance.reservationId, [instance])
        else together.push(instance)
      }
      return {
        Reservations: [...reservations.values()].map((together) => reservationOut(together, call)),
        NextToken: next,
      }
    },
  },
  DescribeInstanceStatus: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const named = (input.InstanceIds?.length ?? 0) > 0
      const all = named ? getInstances(input.InstanceIds ?? [], call) : instancesHere(call)
      const shown = all.filter((each) => input.IncludeAllInstances === true || each.state === 'running')
      const { page, next } = pageOf(filtered(shown, input.Filters, statusFields), input)
      return { InstanceStatuses: page.map(statusOut), NextToken: next }
    },
  },
}

function statusOut(instance: Instance): Ec2.InstanceStatus {
  const status = instance.state === 'running' ? 'ok' : 'not-applicable'
  const summary: Ec2.InstanceStatusSummary =
    instance.state === 'running'
      ? { Status: status, Details: [{ Name: 'reachability', Status: 'passed' }] }
      : { Status: status }
  return {
    AvailabilityZone: instance.zone,
    InstanceId: instance.id,
    InstanceState: states[instance.state],
    InstanceStatus: summary,
    SystemStatus: summary,
  }
}

const statusFields: Fields<Instance> = {
  'availability-zone': (each) => each.zone,
  'instance-state-code': (each) => states[each.state].Code,
  'instance-state-name': (each) => each.state,
  'instance-status.status': (each) => (each.state === 'running' ? 'ok' : 'not-applicable'),
  'system-status.status': (each) => (each.state === 'running' ? 'ok' : 'not-applicable'),
}

const instanceFields: Fields<Instance> = {
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
  'network-interface.network-interface-id': (each) => each.interfaceIds,
  'network-interface.subnet-id': (each) => each.subnetId,
  'network-interface.vpc-id': (each) => each.vpcId,
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
