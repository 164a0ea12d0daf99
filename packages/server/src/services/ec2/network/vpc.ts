import { type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, recordsOf } from '../described.ts'
import { invalidValue, missing } from '../faults.ts'
import { newResourceId, steadyId } from '../ids.ts'
import { limits } from '../limits.ts'
import { securityGroupRules, securityGroups, subnets, type Vpc, vpcs } from '../records.ts'
import { allHere, findHere, getHere, onNewResource, onResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, tagsByKind } from '../tag.ts'
import { parseBlock, writeBlock } from './address.ts'
import { ensureDefaultNetwork, putDefaultGroup, putDefaultVpc } from './default-network.ts'
import { defaultVpcId } from './launch-interface.ts'

/** Virtual networks. A region has a default one. */
export const vpc = family<Ec2.Operations>()({
  CreateVpc: {
    requests: (input, call) =>
      onNewResource('vpc', tagsByKind(input.TagSpecifications), call, { 'ec2:VpcID': '*' }),
    run(input, call) {
      ensureDefaultNetwork(call)
      const { CidrBlock: cidr } = input
      if (cidr === undefined) throw missing('cidrBlock')
      const block = parseBlock(cidr)
      if (block === undefined) throw invalidValue('cidrBlock', cidr, 'This is not a valid CIDR block.')
      if (block.size > 65_536 || block.size < 16)
        throw fault('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`, 400)
      const byKind = tagsByKind(input.TagSpecifications)
      checkTags(byKind, ['vpc'])
      checkRoom(call)
      const id = newResourceId('vpc', call.deps.random)
      const vpc: Vpc = {
        id,
        region: call.region,
        createdAt: call.now,
        tags: byKind.get('vpc') ?? [],
        cidr: writeBlock(block),
        isDefault: false,
        tenancy: input.InstanceTenancy ?? 'default',
        dhcpOptionsId: steadyId('dopt', call.account.id, call.region),
        cidrAssociationId: newResourceId('vpc-cidr-assoc', call.deps.random),
      }
      call.account.table(vpcs).put(vpc)
      putDefaultGroup(call, id)
      return { Vpc: vpcOut(vpc, call, 'pending') }
    },
  },
  CreateDefaultVpc: {
    run(_input, call) {
      const there = defaultVpcId(call)
      if (there !== undefined) {
        throw fault(
          'DefaultVpcAlreadyExists',
          `A Default VPC already exists for this account in this region.`,
          400,
        )
      }
      checkRoom(call)
      const id = newResourceId('vpc', call.deps.random)
      putDefaultVpc(call, id)
      return { Vpc: vpcOut(call.account.table(vpcs).find(id)!, call, 'pending') }
    },
  },
  DeleteVpc: {
    requests(input, call) {
      ensureDefaultNetwork(call)
      const record = findHere(call.account.table(vpcs), input.VpcId, call)
      return [onResource('vpc', input.VpcId, record, call, vpcKeys(record))]
    },
    run(input, call) {
      const { id } = getHere(call.account.table(vpcs), input.VpcId, 'vpc', call)
      const groups = allHere(call.account.table(securityGroups), call).filter((each) => each.vpcId === id)
      const inUse =
        allHere(call.account.table(subnets), call).some((each) => each.vpcId === id) ||
        groups.some((each) => each.name !== 'default')
      if (inUse)
        throw fault('DependencyViolation', `The vpc '${id}' has dependencies and cannot be deleted.`, 400)
      for (const group of groups) {
        call.account.table(securityGroups).delete(group.id)
        for (const rule of call.account.table(securityGroupRules).values())
          if (rule.groupId === group.id) call.account.table(securityGroupRules).delete(rule.id)
      }
      call.account.table(vpcs).delete(id)
      return undefined
    },
  },
  DescribeVpcs: describes(recordsOf(vpcs, 'vpc'), {
    ids: 'VpcIds',
    list: 'Vpcs',
    show: (call) => (each) => vpcOut(each, call, 'available'),
    filters: filters.DescribeVpcs,
  }),
})

/** Returns the condition keys of a VPC. */
export function vpcKeys(record: Vpc | undefined): ContextKeys {
  return record === undefined ? {} : { 'ec2:VpcID': record.id, 'ec2:Tenancy': record.tenancy }
}

function checkRoom(call: Call): void {
  if (allHere(call.account.table(vpcs), call).length >= limits.vpcsPerRegion)
    throw fault('VpcLimitExceeded', 'The maximum number of VPCs has been reached.', 400)
}

function vpcOut(each: Vpc, call: Call, state: Ec2.VpcState): Ec2.Vpc {
  return {
    VpcId: each.id,
    State: state,
    CidrBlock: each.cidr,
    DhcpOptionsId: each.dhcpOptionsId,
    OwnerId: call.account.id,
    InstanceTenancy: each.tenancy as Ec2.Tenancy, // from the input's enum
    Ipv6CidrBlockAssociationSet: [],
    CidrBlockAssociationSet: [
      {
        AssociationId: each.cidrAssociationId,
        CidrBlock: each.cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    IsDefault: each.isDefault,
    Tags: each.tags.length === 0 ? undefined : each.tags,
  }
}
