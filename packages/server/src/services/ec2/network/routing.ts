import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { type Fields, filteredBy } from '../filter.ts'
import { steadyId } from '../ids.ts'
import { checkNoIdsWithPage, pageOf } from '../page.ts'
import { type Subnet, subnets, type Vpc, vpcs } from '../records.ts'
import { allHere } from '../resource.ts'
import { ensureDefaultNetwork } from './default-network.ts'

/**
 * The main route table and the default network ACL of every VPC, which cannot be changed here; their ids are derived
 * from the VPC's. Permission to read a VPC covers them (behaviour EC2-47).
 */
export const routing = family<Ec2.Operations>()({
  DescribeRouteTables: {
    run(input, call) {
      ensureDefaultNetwork(call)
      checkNoIdsWithPage(input.RouteTableIds, input.MaxResults, 'routeTableIds')
      const all = allHere(call.account.table(vpcs), call).map((vpc) => tableOf(vpc, call))
      const asked = among(all, input.RouteTableIds, 'RouteTable')
      const { page, next } = pageOf(filteredBy(asked, input.Filters, tableFields, untagged), input)
      return { RouteTables: page.map(({ out }) => out), NextToken: next }
    },
  },
  DescribeNetworkAcls: {
    run(input, call) {
      ensureDefaultNetwork(call)
      checkNoIdsWithPage(input.NetworkAclIds, input.MaxResults, 'networkAclIds')
      const parts = allHere(call.account.table(subnets), call)
      const all = allHere(call.account.table(vpcs), call).map((vpc) => aclOf(vpc, parts, call))
      const asked = among(all, input.NetworkAclIds, 'NetworkAcl')
      const { page, next } = pageOf(filteredBy(asked, input.Filters, aclFields, untagged), input)
      return { NetworkAcls: page.map(({ out }) => out), NextToken: next }
    },
  },
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

interface Shown<T> {
  readonly id: string
  readonly createdAt: number
  readonly out: T
}

const untagged = () => []

function among<T>(
  all: readonly Shown<T>[],
  ids: readonly string[] | undefined,
  kind: 'RouteTable' | 'NetworkAcl',
): readonly Shown<T>[] {
  if (ids === undefined || ids.length === 0) return all
  const byId = new Map(all.map((each) => [each.id, each]))
  return [...new Set(ids)].map((id) => {
    const found = byId.get(id)
    if (found !== undefined) return found
    const what = kind === 'RouteTable' ? 'routeTable' : 'networkAcl'
    throw fault(`Invalid${kind}ID.NotFound`, `The ${what} ID '${id}' does not exist`, 400)
  })
}

/** The main table: everything in the VPC is reached inside it, and from a default VPC the internet. */
function tableOf(vpc: Vpc, call: Call): Shown<Ec2.RouteTable> {
  const id = steadyId('rtb', vpc.id)
  const local: Ec2.Route = {
    DestinationCidrBlock: vpc.cidr,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  }
  const outside: Ec2.Route = {
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: steadyId('igw', vpc.id),
    Origin: 'CreateRoute',
    State: 'active',
  }
  const out: Ec2.RouteTable = {
    RouteTableId: id,
    VpcId: vpc.id,
    OwnerId: call.account.id,
    Associations: [
      {
        Main: true,
        RouteTableAssociationId: steadyId('rtbassoc', vpc.id),
        RouteTableId: id,
        AssociationState: { State: 'associated' },
      },
    ],
    PropagatingVgws: [],
    Routes: vpc.isDefault ? [local, outside] : [local],
    Tags: [],
  }
  return { id, createdAt: vpc.createdAt, out }
}

/** The default ACL allows everything, and has all of the VPC's subnets. */
function aclOf(vpc: Vpc, parts: readonly Subnet[], call: Call): Shown<Ec2.NetworkAcl> {
  const id = steadyId('acl', vpc.id)
  const entries = [true, false].flatMap((Egress) =>
    (
      [
        [100, 'allow'],
        [32_767, 'deny'],
      ] as const
    ).map(([RuleNumber, RuleAction]) => ({
      CidrBlock: '0.0.0.0/0',
      Egress,
      Protocol: '-1',
      RuleAction,
      RuleNumber,
    })),
  )
  const out: Ec2.NetworkAcl = {
    NetworkAclId: id,
    VpcId: vpc.id,
    OwnerId: call.account.id,
    IsDefault: true,
    Entries: entries,
    Associations: parts
      .filter((subnet) => subnet.vpcId === vpc.id)
      .map((subnet) => ({
        NetworkAclAssociationId: steadyId('aclassoc', subnet.id),
        NetworkAclId: id,
        SubnetId: subnet.id,
      })),
    Tags: [],
  }
  return { id, createdAt: vpc.createdAt, out }
}

const tableFields: Fields<Shown<Ec2.RouteTable>> = {
  'association.gateway-id': () => undefined,
  'association.main': () => true,
  'association.route-table-association-id': ({ out }) =>
    out.Associations?.map((each) => each.RouteTableAssociationId),
  'association.route-table-id': ({ id }) => id,
  'association.subnet-id': () => undefined,
  'owner-id': ({ out }) => out.OwnerId,
  'route-table-id': ({ id }) => id,
  'route.destination-cidr-block': ({ out }) => out.Routes?.map((each) => each.DestinationCidrBlock),
  'route.gateway-id': ({ out }) => out.Routes?.map((each) => each.GatewayId),
  'route.nat-gateway-id': () => undefined,
  'route.origin': ({ out }) => out.Routes?.map((each) => each.Origin),
  'route.state': () => 'active',
  'vpc-id': ({ out }) => out.VpcId,
}

const aclFields: Fields<Shown<Ec2.NetworkAcl>> = {
  'association.association-id': ({ out }) => out.Associations?.map((each) => each.NetworkAclAssociationId),
  'association.network-acl-id': ({ id }) => id,
  'association.subnet-id': ({ out }) => out.Associations?.map((each) => each.SubnetId),
  default: () => true,
  'entry.cidr': () => '0.0.0.0/0',
  'entry.egress': () => ['true', 'false'],
  'entry.protocol': () => '-1',
  'entry.rule-action': () => ['allow', 'deny'],
  'entry.rule-number': () => ['100', '32767'],
  'network-acl-id': ({ id }) => id,
  'owner-id': ({ out }) => out.OwnerId,
  'vpc-id': ({ out }) => out.VpcId,
}
