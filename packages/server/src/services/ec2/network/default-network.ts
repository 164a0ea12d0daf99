import type { Call } from '../../../authorization/index.ts'
import { steadyId } from '../ids.ts'
import { regionNetworks, securityGroupRules, securityGroups, subnets, vpcs } from '../records.ts'
import { zonesOf } from './regions.ts'

/**
 * A region's default VPC, with a subnet in each zone and its default security group. It is created when EC2 is first
 * called in the region (behaviour EC2-40), always with the same ids, so that a refused call, which is undone, does not
 * change it.
 */
export function ensureDefaultNetwork(call: Call): void {
  const { account, region } = call
  const table = account.table(regionNetworks)
  if (table.find(region) !== undefined) return
  table.put({ region })
  putDefaultVpc(call, steadyId('vpc', account.id, region))
}

/** Creates a default VPC of this id if there is none. */
export function putDefaultVpc(call: Call, vpcId: string): void {
  const { account, region, now } = call
  const common = { region, createdAt: now, tags: [] }
  account.table(vpcs).put({
    ...common,
    id: vpcId,
    cidr: '172.31.0.0/16',
    isDefault: true,
    tenancy: 'default',
    dhcpOptionsId: steadyId('dopt', account.id, region),
    cidrAssociationId: steadyId('vpc-cidr-assoc', vpcId),
  })
  for (const [i, zone] of zonesOf(region).entries()) {
    account.table(subnets).put({
      ...common,
      id: steadyId('subnet', vpcId, zone.name),
      vpcId,
      cidr: `172.31.${i * 16}.0/20`,
      zone: zone.name,
      zoneId: zone.id,
      isDefault: true,
      mapPublicIp: true,
    })
  }
  putDefaultGroup(call, vpcId)
}

/** Every VPC has a group `default`, whose members may reach each other. */
export function putDefaultGroup(call: Call, vpcId: string): void {
  const { account, region, now } = call
  const common = { region, createdAt: now, tags: [] }
  const groupId = steadyId('sg', vpcId, 'default')
  account.table(securityGroups).put({
    ...common,
    id: groupId,
    vpcId,
    name: 'default',
    description: 'default VPC security group',
  })
  const rules = account.table(securityGroupRules)
  rules.put({
    ...common,
    id: steadyId('sgr', groupId, 'ingress'),
    groupId,
    egress: false,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    peer: { kind: 'group', id: groupId, owner: account.id },
  })
  rules.put({ ...common, ...openEgress, id: steadyId('sgr', groupId, 'egress'), groupId })
}

/** The rule of every new group: all outgoing traffic is allowed. */
export const openEgress = {
  egress: true,
  protocol: '-1',
  fromPort: -1,
  toPort: -1,
  peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
} as const
