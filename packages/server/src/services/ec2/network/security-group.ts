import { type AccessRequest, type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, recordsOf } from '../described.ts'
import { groupNotNamed, invalidParameter, invalidValue, missing, notThere } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { limits } from '../limits.ts'
import {
  networkInterfaces,
  type SecurityGroup,
  type SecurityGroupRule,
  securityGroupRules,
  securityGroups,
  vpcs,
} from '../records.ts'
import { allHere, findHere, getHere, onNewResource, onResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, tagsByKind } from '../tag.ts'
import { ensureDefaultNetwork, openEgress } from './default-network.ts'
import { defaultVpcId, findGroup, groupNamed } from './launch-interface.ts'
import { checkDescription, permissionsOf } from './security-group-permission.ts'
import { vpcKeys } from './vpc.ts'

/** Security groups. They filter nothing here: launches name them, and policies refer to them. */
export const securityGroup = family<Ec2.Operations>()({
  CreateSecurityGroup: {
    requests(input, call) {
      const vpcId = input.VpcId ?? defaultVpcId(call) ?? '*'
      const vpc = findHere(call.account.table(vpcs), vpcId, call)
      return [
        ...onNewResource('security-group', tagsByKind(input.TagSpecifications), call, {
          'ec2:SecurityGroupID': '*',
        }),
        onResource('vpc', vpcId, vpc, call, vpcKeys(vpc)),
      ]
    },
    run(input, call) {
      const vpcId = input.VpcId ?? defaultVpcId(call)
      if (vpcId === undefined) throw fault('VPCIdNotSpecified', 'No default VPC for this user', 400)
      getHere(call.account.table(vpcs), vpcId, 'vpc', call)
      checkName(input.GroupName)
      if (input.Description === '') throw missing('GroupDescription')
      checkDescription(input.Description, 'security group')
      if (groupNamed(input.GroupName, vpcId, call) !== undefined) {
        throw fault(
          'InvalidGroup.Duplicate',
          `The security group '${input.GroupName}' already exists for VPC '${vpcId}'`,
          400,
        )
      }
      if (allHere(call.account.table(securityGroups), call).length >= limits.groupsPerRegion)
        throw fault(
          'SecurityGroupLimitExceeded',
          'The maximum number of security groups has been reached.',
          400,
        )
      const byKind = tagsByKind(input.TagSpecifications)
      checkTags(byKind, ['security-group'])
      const tags = byKind.get('security-group') ?? []
      const id = newResourceId('sg', call.deps.random)
      const common = { region: call.region, createdAt: call.now }
      call.account
        .table(securityGroups)
        .put({ ...common, id, tags, vpcId, name: input.GroupName, description: input.Description })
      const ruleId = newResourceId('sgr', call.deps.random)
      call.account
        .table(securityGroupRules)
        .put({ ...common, ...openEgress, tags: [], id: ruleId, groupId: id })
      return { GroupId: id, SecurityGroupArn: groupArn(id, call), Tags: tags.length === 0 ? undefined : tags }
    },
  },
  DeleteSecurityGroup: {
    requests: (input, call) => [onGroup(namedGroup(input, call), input.GroupId, call)],
    run(input, call) {
      const group = getGroup(input, call)
      if (group.name === 'default')
        throw fault(
          'CannotDelete',
          `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
          400,
        )
      if (isUsed(group, call))
        throw fault('DependencyViolation', `resource ${group.id} has a dependent object`, 400)
      for (const rule of rulesOf(group.id, call)) call.account.table(securityGroupRules).delete(rule.id)
      call.account.table(securityGroups).delete(group.id)
      return { Return: true, GroupId: group.id }
    },
  },
  DescribeSecurityGroups: describes(
    (ids, call, { GroupNames: names = [] }: { readonly GroupNames?: readonly string[] | undefined }) => {
      const byId = recordsOf(securityGroups, 'group')(ids, call)
      return names.length > 0 ? namedAmong(byId, names, call) : byId
    },
    {
      ids: 'GroupIds',
      idsInRefusal: 'securityGroupIds',
      list: 'SecurityGroups',
      show(call) {
        const rules = rulesByGroup(call)
        return (each) => groupOut(each, rules.get(each.id) ?? [], call)
      },
      filters: filters.DescribeSecurityGroups,
      hidden: (call) => ({
        'ip-permission.group-name': (each) => peerNames(each, false, call),
        'egress.ip-permission.group-name': (each) => peerNames(each, true, call),
      }),
    },
  ),
})

/** How operations name a group: by id, or in the default VPC by name. */
export interface GroupNaming {
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
}

export function namedGroup(named: GroupNaming, call: Call): SecurityGroup | undefined {
  ensureDefaultNetwork(call)
  if (named.GroupId !== undefined) return findGroup(named.GroupId, call)
  return named.GroupName === undefined ? undefined : groupNamed(named.GroupName, defaultVpcId(call), call)
}

/** @throws Fault InvalidGroup.NotFound, or MissingParameter if none is named */
export function getGroup(named: GroupNaming, call: Call): SecurityGroup {
  const group = namedGroup(named, call)
  if (group !== undefined) return group
  if (named.GroupId !== undefined) throw notThere('group', named.GroupId)
  if (named.GroupName === undefined) throw missing('groupName or groupId')
  throw groupNotNamed(named.GroupName, defaultVpcId(call))
}

/** Returns the question about one group. */
export function onGroup(
  group: SecurityGroup | undefined,
  id: string | undefined,
  call: Call,
  more: ContextKeys = {},
): AccessRequest {
  const keys = group && {
    'ec2:SecurityGroupID': group.id,
    'ec2:Vpc': ec2Arn(call, call.account.id, 'vpc', group.vpcId),
  }
  return onResource('security-group', group?.id ?? id ?? '*', group, call, { ...keys, ...more })
}

export function rulesOf(groupId: string, call: Call): readonly SecurityGroupRule[] {
  return [...call.account.table(securityGroupRules).values()].filter((rule) => rule.groupId === groupId)
}

function rulesByGroup(call: Call): ReadonlyMap<string, readonly SecurityGroupRule[]> {
  const byGroup = new Map<string, SecurityGroupRule[]>()
  for (const rule of call.account.table(securityGroupRules).values()) {
    const list = byGroup.get(rule.groupId)
    if (list === undefined) byGroup.set(rule.groupId, [rule])
    else list.push(rule)
  }
  return byGroup
}

/** Returns whether an interface has the group, or another group's rule names it. */
function isUsed(group: SecurityGroup, call: Call): boolean {
  for (const each of call.account.table(networkInterfaces).values())
    if (each.groups.some(({ id }) => id === group.id)) return true
  for (const rule of call.account.table(securityGroupRules).values())
    if (rule.groupId !== group.id && rule.peer.kind === 'group' && rule.peer.id === group.id) return true
  return false
}

/** Names are looked up in the default VPC: other groups have only ids (behaviour EC2-42). */
function namedAmong(
  groups: readonly SecurityGroup[],
  names: readonly string[],
  call: Call,
): readonly SecurityGroup[] {
  const vpcId = defaultVpcId(call)
  const inDefault = groups.filter((each) => each.vpcId === vpcId)
  for (const name of names)
    if (!inDefault.some((each) => each.name === name)) throw groupNotNamed(name, vpcId)
  return inDefault.filter((each) => names.includes(each.name))
}

function checkName(name: string): void {
  if (name === 'default') throw invalidParameter(`Cannot use reserved security group name: ${name}`)
  if (/^sg-/i.test(name)) throw invalidValue('GroupName', name, 'Group names may not be in the format sg-*.')
  if (name !== '' && name.length <= 255 && /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(name)) return
  throw invalidParameter(
    'Invalid security group name. It has from 1 to 255 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
  )
}

function groupArn(id: string, call: Call): string {
  return ec2Arn(call, call.account.id, 'security-group', id)
}

function groupOut(each: SecurityGroup, rules: readonly SecurityGroupRule[], call: Call): Ec2.SecurityGroup {
  return {
    GroupId: each.id,
    GroupName: each.name,
    Description: each.description,
    OwnerId: call.account.id,
    VpcId: each.vpcId,
    SecurityGroupArn: groupArn(each.id, call),
    IpPermissions: permissionsOf(rules.filter((rule) => !rule.egress)),
    IpPermissionsEgress: permissionsOf(rules.filter((rule) => rule.egress)),
    Tags: each.tags.length === 0 ? undefined : each.tags,
  }
}

function peerNames(group: SecurityGroup, egress: boolean, call: Call): readonly (string | undefined)[] {
  return rulesOf(group.id, call).map(({ egress: out, peer }) =>
    out === egress && peer.kind === 'group' ? findGroup(peer.id, call)?.name : undefined,
  )
}
