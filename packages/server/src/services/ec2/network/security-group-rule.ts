import { type AccessRequest, type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, recordsOf } from '../described.ts'
import { invalidCombination, notThere } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { limits } from '../limits.ts'
import { type SecurityGroup, type SecurityGroupRule, securityGroupRules } from '../records.ts'
import { onNewResource } from '../resource.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, tagsByKind } from '../tag.ts'
import { type GroupNaming, getGroup, namedGroup, onGroup, rulesOf } from './security-group.ts'
import {
  checkDescription,
  type PermissionInput,
  peerText,
  type RuleText,
  ruleKey,
  rulesIn,
} from './security-group-permission.ts'

/** Rules of security groups; each has an id of its own. */
export const securityGroupRule = family<Ec2.Operations>()({
  UpdateSecurityGroupRuleDescriptionsIngress: {
    requests: groupRequests,
    run: (input, call) => describe(input, false, call),
  },
  UpdateSecurityGroupRuleDescriptionsEgress: {
    requests: groupRequests,
    run: (input, call) => describe(input, true, call),
  },
  AuthorizeSecurityGroupIngress: {
    requests: authorizeRequests,
    run: (input, call) => add(input, false, call),
  },
  AuthorizeSecurityGroupEgress: {
    requests: authorizeRequests,
    run: (input, call) => add(input, true, call),
  },
  RevokeSecurityGroupIngress: {
    requests: groupRequests,
    run: (input, call) => remove(input, false, call),
  },
  RevokeSecurityGroupEgress: {
    requests: groupRequests,
    run: (input, call) => remove(input, true, call),
  },
  DescribeSecurityGroupRules: describes(recordsOf(securityGroupRules, 'rule'), {
    ids: 'SecurityGroupRuleIds',
    idsInRefusal: 'securityGroupRuleIds',
    list: 'SecurityGroupRules',
    show: (call) => (each) => ruleOut(each, call),
    filters: filters.DescribeSecurityGroupRules,
  }),
})

type Authorize = GroupNaming &
  PermissionInput & { readonly TagSpecifications?: readonly Ec2.TagSpecification[] | undefined }

function groupRequests(input: GroupNaming, call: Call): readonly AccessRequest[] {
  return [onGroup(namedGroup(input, call), input.GroupId, call)]
}

/** The question names the rule itself only if it is tagged (behaviour EC2-9). */
function authorizeRequests(input: Authorize, call: Call): readonly AccessRequest[] {
  const tags = tagsByKind(input.TagSpecifications)
  return [
    ...groupRequests(input, call),
    ...(tags.size === 0 ? [] : onNewResource('security-group-rule', tags, call)),
  ]
}

function add(input: Authorize, egress: boolean, call: Call) {
  const group = getGroup(input, call)
  const byKind = tagsByKind(input.TagSpecifications)
  checkTags(byKind, ['security-group-rule'])
  const tags: readonly Tag[] = byKind.get('security-group-rule') ?? []
  const there = rulesOf(group.id, call).filter((rule) => rule.egress === egress)
  const keys = new Set(there.map(ruleKey))
  const newRules = rulesIn(input, group, call)
  if (there.length + newRules.length > limits.rulesPerGroup) {
    throw fault(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
      400,
    )
  }
  const records = newRules.map((text): SecurityGroupRule => {
    const key = ruleKey(text)
    if (keys.has(key)) throw duplicate(text)
    keys.add(key)
    const id = newResourceId('sgr', call.deps.random)
    return { ...text, id, region: call.region, createdAt: call.now, tags, groupId: group.id, egress }
  })
  for (const rule of records) call.account.table(securityGroupRules).put(rule)
  return { Return: true, SecurityGroupRules: records.map((rule) => ruleOut(rule, call)) }
}

function duplicate({
  protocol,
  fromPort,
  toPort,
  peer,
}: Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort' | 'peer'>) {
  const who = peerText(peer)
  const what =
    protocol === '-1'
      ? `peer: ${who}, ALL, ALLOW`
      : `peer: ${who}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`
  return fault('InvalidPermission.Duplicate', `the specified rule "${what}" already exists`, 400)
}

/** Replaces descriptions of rules, or removes them if none is given (behaviour EC2-44). */
function describe(input: Ec2.UpdateSecurityGroupRuleDescriptionsIngressRequest, egress: boolean, call: Call) {
  const group = getGroup(input, call)
  const table = call.account.table(securityGroupRules)
  const there = rulesOf(group.id, call).filter((rule) => rule.egress === egress)
  const redescribe = ({ description: _, ...rule }: SecurityGroupRule, text: string | undefined) =>
    table.put(text === undefined || text === '' ? rule : { ...rule, description: text })
  if (input.SecurityGroupRuleDescriptions === undefined) {
    const byKey = new Map(there.map((rule) => [ruleKey(rule), rule]))
    for (const text of rulesIn(input, group, call)) redescribe(named(text, byKey), text.description)
    return { Return: true }
  }
  for (const { SecurityGroupRuleId: id = '', Description: text } of input.SecurityGroupRuleDescriptions) {
    const rule = there.find((each) => each.id === id)
    if (rule === undefined) throw notThere('rule', id)
    checkDescription(text, 'rule')
    redescribe(rule, text)
  }
  return { Return: true }
}

type Revoke = GroupNaming &
  PermissionInput & { readonly SecurityGroupRuleIds?: readonly string[] | undefined }

/** Missing rules make the call fail, and nothing is removed (behaviour EC2-45). */
function remove(input: Revoke, egress: boolean, call: Call) {
  const group = getGroup(input, call)
  const there = rulesOf(group.id, call).filter((rule) => rule.egress === egress)
  const gone =
    (input.SecurityGroupRuleIds?.length ?? 0) > 0 ? byIds(input, there) : byText(input, group, there, call)
  for (const rule of gone) call.account.table(securityGroupRules).delete(rule.id)
  return {
    Return: true,
    RevokedSecurityGroupRules: gone.map((rule) => ({
      SecurityGroupRuleId: rule.id,
      ...textOut(rule),
      ReferencedGroupId: rule.peer.kind === 'group' ? rule.peer.id : undefined,
    })),
  }
}

function byIds(input: Revoke, there: readonly SecurityGroupRule[]): readonly SecurityGroupRule[] {
  if (input.IpPermissions !== undefined)
    throw invalidCombination(
      'The parameter securityGroupRuleIds cannot be used with the parameter ipPermissions',
    )
  return [...new Set(input.SecurityGroupRuleIds)].map((id) => {
    const rule = there.find((each) => each.id === id)
    if (rule === undefined) throw notThere('rule', id)
    return rule
  })
}

function byText(
  input: Revoke,
  group: SecurityGroup,
  there: readonly SecurityGroupRule[],
  call: Call,
): readonly SecurityGroupRule[] {
  const byKey = new Map(there.map((rule) => [ruleKey(rule), rule]))
  return rulesIn(input, group, call).map((text) => named(text, byKey))
}

/** Returns the rule of this text. @throws Fault if the group lacks it */
function named(text: RuleText, byKey: ReadonlyMap<string, SecurityGroupRule>): SecurityGroupRule {
  const rule = byKey.get(ruleKey(text))
  if (rule !== undefined) return rule
  throw fault('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.', 400)
}

function ruleOut(rule: SecurityGroupRule, call: Call): Ec2.SecurityGroupRule {
  const { peer } = rule
  return {
    SecurityGroupRuleId: rule.id,
    ...textOut(rule),
    GroupOwnerId: call.account.id,
    ReferencedGroupInfo: peer.kind === 'group' ? { GroupId: peer.id, UserId: peer.owner } : undefined,
    Tags: rule.tags,
    SecurityGroupRuleArn: ec2Arn(call, call.account.id, 'security-group-rule', rule.id),
  }
}

/** Returns a rule, existing or revoked, as answers show it. */
function textOut({ groupId, egress, protocol, fromPort, toPort, peer, description }: SecurityGroupRule) {
  return {
    GroupId: groupId,
    IsEgress: egress,
    IpProtocol: protocol,
    FromPort: fromPort,
    ToPort: toPort,
    CidrIpv4: peer.kind === 'ipv4' ? peer.cidr : undefined,
    CidrIpv6: peer.kind === 'ipv6' ? peer.cidr : undefined,
    PrefixListId: peer.kind === 'prefixList' ? peer.id : undefined,
    Description: description,
  }
}
