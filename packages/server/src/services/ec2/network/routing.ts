import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes } from '../described.ts'
import { steadyId } from '../ids.ts'
import { type Subnet, subnets, type Vpc, vpcs } from '../records.ts'
import { allHere } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { ensureDefaultNetwork } from './default-network.ts'

/**
 * The main route table and the default network ACL of every VPC, which cannot be changed here; their ids are derived
 * from the VPC's. Permission to read a VPC covers them (behaviour EC2-47).
 */
export const routing = family<Ec2.Operations>()({
  DescribeRouteTables: describes((ids, call) => ofVpcs('rtb', ids, 'RouteTable', call), {
    ids: 'RouteTableIds',
    idsInRefusal: 'routeTableIds',
    list: 'RouteTables',
    show: (call) => (each) => tableOut(each, call),
    filters: filters.DescribeRouteTables,
  }),
  DescribeNetworkAcls: describes((ids, call) => ofVpcs('acl', ids, 'NetworkAcl', call), {
    ids: 'NetworkAclIds',
    idsInRefusal: 'networkAclIds',
    list: 'NetworkAcls',
    show(call) {
      const parts = allHere(call.account.table(subnets), call)
      return (each) => aclOut(each, parts, call)
    },
    filters: filters.DescribeNetworkAcls,
  }),
  // public addresses here belong to instances: none is an Elastic IP
  DescribeAddresses: {
    run(input) {
      const [allocation] = input.AllocationIds ?? []
      if (allocation !== undefined)
        throw fault('InvalidAllocationID.NotFound', `The allocation ID '${allocation}' does not exist`, 400)
      const [address] = input.PublicIps ?? []
      if (address !== undefined)
        throw fault('InvalidAddress.NotFound', `Address '${address}' not found.`, 400)
      return { Addresses: [] }
    },
  },
})

/** A resource that every VPC has: its id, and its VPC. */
interface OfVpc {
  readonly id: string
  readonly createdAt: number
  readonly vpc: Vpc
}

function ofVpcs(
  prefix: 'rtb' | 'acl',
  ids: readonly string[] | undefined,
  kind: 'RouteTable' | 'NetworkAcl',
  call: Call,
): readonly OfVpc[] {
  ensureDefaultNetwork(call)
  const all = allHere(call.account.table(vpcs), call).map(
    (vpc): OfVpc => ({ id: steadyId(prefix, vpc.id), createdAt: vpc.createdAt, vpc }),
  )
  if (ids === undefined || ids.length === 0) return all
  const byId = new Map(all.map((each) => [each.id, each]))
  return [...new Set(ids)].map((id) => {
    const there = byId.get(id)
    if (there !== undefined) return there
    const name = `${kind[0]!.toLowerCase()}${kind.slice(1)}`
    throw fault(`Invalid${kind}ID.NotFound`, `The ${name} ID '${id}' does not exist`, 400)
  })
}

/** The main table: everything in the VPC is reached inside it, and from a default VPC the internet. */
function tableOut({ id, vpc }: OfVpc, call: Call): Ec2.RouteTable {
  const local = {
    DestinationCidrBlock: vpc.cidr,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  } as const
  const gateway = steadyId('igw', vpc.id)
  const outside = {
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway,
    Origin: 'CreateRoute',
    State: 'active',
  } as const
  const association = {
    Main: true,
    RouteTableAssociationId: steadyId('rtbassoc', vpc.id),
    RouteTableId: id,
    AssociationState: { State: 'associated' },
  } as const
  return {
    RouteTableId: id,
    VpcId: vpc.id,
    OwnerId: call.account.id,
    Associations: [association],
    PropagatingVgws: [],
    Routes: vpc.isDefault ? [local, outside] : [local],
    Tags: [],
  }
}

const aclEntries: readonly Ec2.NetworkAclEntry[] = [true, false].flatMap((Egress) => {
  const all = { CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1' }
  return [
    { ...all, RuleAction: 'allow', RuleNumber: 100 },
    { ...all, RuleAction: 'deny', RuleNumber: 32_767 },
  ] as const
})

/** The default ACL allows everything, and has all of the VPC's subnets. */
function aclOut({ id, vpc }: OfVpc, parts: readonly Subnet[], call: Call): Ec2.NetworkAcl {
  return {
    NetworkAclId: id,
    VpcId: vpc.id,
    OwnerId: call.account.id,
    IsDefault: true,
    Entries: aclEntries,
    Associations: parts
      .filter((subnet) => subnet.vpcId === vpc.id)
      .map(({ id: SubnetId }) => ({
        NetworkAclAssociationId: steadyId('aclassoc', SubnetId),
        NetworkAclId: id,
        SubnetId,
      })),
    Tags: [],
  }
}
