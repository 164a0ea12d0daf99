import { type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, recordsOf } from '../described.ts'
import { invalidParameter, invalidValue, missing } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { limits } from '../limits.ts'
import { networkInterfaces, type Subnet, subnets, vpcs } from '../records.ts'
import { allHere, findHere, getHere, onNewResource, onResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, tagsByKind } from '../tag.ts'
import { contains, overlaps, parseBlock, usable, writeBlock } from './address.ts'
import { ensureDefaultNetwork } from './default-network.ts'
import { zonesOf } from './regions.ts'
import { vpcKeys } from './vpc.ts'

/** Parts of a VPC, each in one zone. */
export const subnet = family<Ec2.Operations>()({
  CreateSubnet: {
    requests(input, call) {
      ensureDefaultNetwork(call)
      const vpc = findHere(call.account.table(vpcs), input.VpcId, call)
      return [
        ...onNewResource('subnet', tagsByKind(input.TagSpecifications), call, {
          'ec2:AvailabilityZone': input.AvailabilityZone,
          'ec2:SubnetID': '*',
          'ec2:Vpc': ec2Arn(call, call.account.id, 'vpc', input.VpcId),
        }),
        onResource('vpc', input.VpcId, vpc, call, vpcKeys(vpc)),
      ]
    },
    run(input, call) {
      const vpc = getHere(call.account.table(vpcs), input.VpcId, 'vpc', call)
      const { CidrBlock: cidr } = input
      if (cidr === undefined) throw missing('cidrBlock')
      const block = parseBlock(cidr)
      if (block === undefined) throw invalidValue('cidrBlock', cidr, 'This is not a valid CIDR block.')
      const outer = parseBlock(vpc.cidr)
      if (block.size < 16 || outer === undefined || !contains(outer, block))
        throw fault('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`, 400)
      const siblings = allHere(call.account.table(subnets), call).filter((each) => each.vpcId === vpc.id)
      if (siblings.some((each) => overlaps(parseBlock(each.cidr)!, block)))
        throw fault('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`, 400)
      if (siblings.length >= limits.subnetsPerVpc)
        throw fault('SubnetLimitExceeded', 'The maximum number of subnets has been reached.', 400)
      const byKind = tagsByKind(input.TagSpecifications)
      checkTags(byKind, ['subnet'])
      const zone = zoneFor(input, call)
      const subnet: Subnet = {
        id: newResourceId('subnet', call.deps.random),
        region: call.region,
        createdAt: call.now,
        tags: byKind.get('subnet') ?? [],
        vpcId: vpc.id,
        cidr: writeBlock(block),
        zone: zone.name,
        zoneId: zone.id,
        isDefault: false,
        mapPublicIp: false,
      }
      call.account.table(subnets).put(subnet)
      return { Subnet: subnetOut(subnet, new Map(), call) }
    },
  },
  DeleteSubnet: {
    requests: (input, call) => [onSubnet(input.SubnetId, call)],
    run(input, call) {
      const { id } = getHere(call.account.table(subnets), input.SubnetId, 'subnet', call)
      if ((interfacesBySubnet(call).get(id) ?? 0) > 0)
        throw fault('DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`, 400)
      call.account.table(subnets).delete(id)
      return undefined
    },
  },
  ModifySubnetAttribute: {
    requests(input, call) {
      const to = input.MapPublicIpOnLaunch?.Value
      const keys = to !== undefined && {
        'ec2:Attribute': 'MapPublicIpOnLaunch',
        'ec2:Attribute/MapPublicIpOnLaunch': String(to),
      }
      return [onSubnet(input.SubnetId, call, keys || {})]
    },
    run(input, call) {
      const { SubnetId: id, MapPublicIpOnLaunch: to, ...others } = input
      if (Object.values(others).some((each) => each !== undefined))
        throw invalidParameter('Omen keeps no attribute of subnets but MapPublicIpOnLaunch.')
      if (to?.Value === undefined) throw missing('attribute')
      const record = getHere(call.account.table(subnets), id, 'subnet', call)
      call.account.table(subnets).put({ ...record, mapPublicIp: to.Value })
      return undefined
    },
  },
  DescribeSubnets: describes(recordsOf(subnets, 'subnet'), {
    ids: 'SubnetIds',
    list: 'Subnets',
    show(call) {
      const interfaces = interfacesBySubnet(call)
      return (each) => subnetOut(each, interfaces, call)
    },
    filters: filters.DescribeSubnets,
  }),
})

function onSubnet(id: string, call: Call, more: ContextKeys = {}) {
  ensureDefaultNetwork(call)
  const record = findHere(call.account.table(subnets), id, call)
  const keys = record && {
    'ec2:AvailabilityZone': record.zone,
    'ec2:SubnetID': record.id,
    'ec2:Vpc': ec2Arn(call, call.account.id, 'vpc', record.vpcId),
  }
  return onResource('subnet', id, record, call, { ...keys, ...more })
}

function zoneFor(input: Ec2.CreateSubnetRequest, call: Call) {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = input
  const zones = zonesOf(call.region)
  const chosen = zones.find(
    (zone) => (name === undefined || zone.name === name) && (id === undefined || zone.id === id),
  )
  if (chosen !== undefined) return chosen
  throw invalidValue(
    'availabilityZone',
    name ?? id ?? '',
    `Subnets can currently only be created in the following availability zones: ${zones.map((zone) => zone.name).join(', ')}.`,
  )
}

function interfacesBySubnet(call: Call): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { subnetId } of call.account.table(networkInterfaces).values())
    counts.set(subnetId, (counts.get(subnetId) ?? 0) + 1)
  return counts
}

function freeIn({ id, cidr }: Subnet, taken: ReadonlyMap<string, number>): number {
  return usable(parseBlock(cidr)!) - (taken.get(id) ?? 0)
}

function subnetOut(each: Subnet, taken: ReadonlyMap<string, number>, call: Call): Ec2.Subnet {
  return {
    SubnetId: each.id,
    SubnetArn: ec2Arn(call, call.account.id, 'subnet', each.id),
    State: 'available',
    VpcId: each.vpcId,
    CidrBlock: each.cidr,
    AvailableIpAddressCount: freeIn(each, taken),
    AvailabilityZone: each.zone,
    AvailabilityZoneId: each.zoneId,
    DefaultForAz: each.isDefault,
    MapPublicIpOnLaunch: each.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    OwnerId: call.account.id,
    Tags: each.tags.length === 0 ? undefined : each.tags,
  }
}
