import type { Call } from '../../../authorization/index.ts'
import { type SecurityGroup, type Subnet, securityGroups, subnets, vpcs } from '../records.ts'
import type { TemplateData } from '../template.ts'
import { ensureDefaultNetwork } from './default-network.ts'

/** A network interface that a launch creates, or an existing one that it names. */
export interface LaunchInterface {
  readonly existingId?: string
  readonly deviceIndex: number
  readonly subnetId: string | undefined
  readonly subnet: Subnet | undefined
  /** Each as named, with the group if it exists. */
  readonly groups: readonly {
    readonly named: string
    /** A name, which only groups of the subnet's VPC can have. */
    readonly byName: boolean
    readonly group: SecurityGroup | undefined
  }[]
  readonly privateIp?: string
  readonly publicIp: boolean
  /** Whether the request itself names it: the condition key is present only then. */
  readonly asksPublicIp: boolean | undefined
  readonly deleteOnTermination: boolean
  readonly description: string
}

/** Returns a launch's interfaces, the primary one first; one in the default subnet if the launch names none. */
export function launchInterfaces(given: TemplateData, call: Call): readonly LaunchInterface[] {
  ensureDefaultNetwork(call)
  const zone = given.Placement?.AvailabilityZone
  const specified = given.NetworkInterfaces ?? []
  const primary = specified.length === 0 ? [{ DeviceIndex: 0 }] : specified
  return primary
    .map((each, i) => interfaceOf(each, i, given, zone, call))
    .sort((a, b) => a.deviceIndex - b.deviceIndex)
}

type Specification = NonNullable<TemplateData['NetworkInterfaces']>[number]

function interfaceOf(
  each: Specification,
  index: number,
  given: TemplateData,
  zone: string | undefined,
  call: Call,
): LaunchInterface {
  const subnet = each.SubnetId === undefined ? defaultSubnet(zone, call) : findSubnet(each.SubnetId, call)
  const ids = each.Groups ?? given.SecurityGroupIds ?? []
  const names = each.Groups === undefined ? (given.SecurityGroups ?? []) : []
  const groups = [
    ...ids.map((id) => ({ named: id, byName: false, group: findGroup(id, call) })),
    ...names.map((name) => ({ named: name, byName: true, group: groupNamed(name, subnet?.vpcId, call) })),
  ]
  if (groups.length === 0) {
    const group = groupNamed('default', subnet?.vpcId, call)
    groups.push({ named: group?.id ?? 'default', byName: true, group })
  }
  return {
    ...(each.NetworkInterfaceId === undefined ? {} : { existingId: each.NetworkInterfaceId }),
    deviceIndex: each.DeviceIndex ?? index,
    subnetId: each.SubnetId ?? subnet?.id,
    subnet,
    groups,
    ...(each.PrivateIpAddress === undefined ? {} : { privateIp: each.PrivateIpAddress }),
    publicIp: each.AssociatePublicIpAddress ?? subnet?.mapPublicIp ?? false,
    asksPublicIp: each.AssociatePublicIpAddress,
    deleteOnTermination: each.DeleteOnTermination ?? true,
    description: each.Description ?? '',
  }
}

/** Returns the subnet in this region. */
function findSubnet(id: string, call: Call): Subnet | undefined {
  const subnet = call.account.table(subnets).find(id)
  return subnet?.region === call.region ? subnet : undefined
}

export function findGroup(id: string, call: Call): SecurityGroup | undefined {
  const group = call.account.table(securityGroups).find(id)
  return group?.region === call.region ? group : undefined
}

export function groupNamed(name: string, vpcId: string | undefined, call: Call): SecurityGroup | undefined {
  return vpcId === undefined
    ? undefined
    : call.account.table(securityGroups).findBy('name', `${vpcId}\n${name}`)
}

/** Returns the default subnet of the zone, or of the first zone that has one. */
function defaultSubnet(zone: string | undefined, call: Call): Subnet | undefined {
  let first: Subnet | undefined
  for (const subnet of call.account.table(subnets).values()) {
    if (subnet.region !== call.region || !subnet.isDefault) continue
    if (zone !== undefined && subnet.zone !== zone) continue
    if (first === undefined || subnet.zone < first.zone) first = subnet
  }
  return first
}

/** Returns the region's default VPC, unless it was deleted. */
export function defaultVpcId(call: Call): string | undefined {
  ensureDefaultNetwork(call)
  for (const vpc of call.account.table(vpcs).values())
    if (vpc.region === call.region && vpc.isDefault) return vpc.id
  return undefined
}
