import type { Call } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { invalidParameter, invalidValue, missing, notThere } from '../faults.ts'
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../records.ts'
import { parseBlock, writeBlock } from './address.ts'
import { findGroup, groupNamed } from './launch-interface.ts'

/** A rule without an id. */
export type RuleText = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort' | 'peer' | 'description'>

/** The rules of an operation: as permissions, or in the old way, one permission in separate members. */
export interface PermissionInput {
  readonly IpPermissions?: readonly Ec2.IpPermission[] | undefined
  readonly CidrIp?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly IpProtocol?: string | undefined
  readonly SourceSecurityGroupName?: string | undefined
}

/** Returns one rule for each peer of each permission. @throws Fault for an invalid rule */
export function rulesIn(input: PermissionInput, group: SecurityGroup, call: Call): readonly RuleText[] {
  const permissions = input.IpPermissions ?? loosePermission(input)
  const rules = permissions.flatMap((permission) => rulesOfPermission(permission, group, call))
  if (rules.length === 0) throw missing('ipPermissions')
  return rules
}

/** Combines rules: those of one protocol and port range make one permission. */
export function permissionsOf(rules: readonly SecurityGroupRule[]): readonly Ec2.IpPermission[] {
  const grouped = new Map<string, SecurityGroupRule[]>()
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`
    const list = grouped.get(key)
    if (list === undefined) grouped.set(key, [rule])
    else list.push(rule)
  }
  return [...grouped.values()].map((together) => {
    const [{ protocol, fromPort, toPort }] = together as [SecurityGroupRule] // no group is empty
    const all = protocol === '-1'
    return {
      IpProtocol: protocol,
      ...(all ? {} : { FromPort: fromPort, ToPort: toPort }),
      IpRanges: together.flatMap(({ peer, description: Description }) =>
        peer.kind === 'ipv4' ? [{ CidrIp: peer.cidr, Description }] : [],
      ),
      Ipv6Ranges: together.flatMap(({ peer, description: Description }) =>
        peer.kind === 'ipv6' ? [{ CidrIpv6: peer.cidr, Description }] : [],
      ),
      PrefixListIds: together.flatMap(({ peer, description: Description }) =>
        peer.kind === 'prefixList' ? [{ PrefixListId: peer.id, Description }] : [],
      ),
      UserIdGroupPairs: together.flatMap(({ peer, description: Description }) =>
        peer.kind === 'group' ? [{ GroupId: peer.id, UserId: peer.owner, Description }] : [],
      ),
    }
  })
}

/** @throws Fault for an invalid description of a group or rule (behaviour EC2-43) */
export function checkDescription(text: string | undefined, of: 'security group' | 'rule'): void {
  if (text === undefined) return
  if (of === 'security group' && /[^\x00-\x7f]/.test(text))
    throw invalidValue('GroupDescription', text, 'Character sets beyond ASCII are not supported.')
  if (/^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/.test(text)) return
  throw invalidParameter(
    `Invalid ${of} description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
  )
}

/** Two rules with this text in common are one rule: descriptions do not distinguish them. */
export function ruleKey({ protocol, fromPort, toPort, peer }: RuleText): string {
  return `${protocol} ${fromPort} ${toPort} ${peerText(peer)}`
}

/** Returns the peer's block or id. */
export function peerText(peer: RulePeer): string {
  return 'cidr' in peer ? peer.cidr : peer.id
}

function loosePermission(input: PermissionInput): readonly Ec2.IpPermission[] {
  if (input.IpProtocol === undefined && input.SourceSecurityGroupName === undefined) return []
  return [
    {
      IpProtocol: input.IpProtocol ?? '-1',
      FromPort: input.FromPort,
      ToPort: input.ToPort,
      IpRanges: input.CidrIp === undefined ? [] : [{ CidrIp: input.CidrIp }],
      UserIdGroupPairs:
        input.SourceSecurityGroupName === undefined ? [] : [{ GroupName: input.SourceSecurityGroupName }],
    },
  ]
}

function rulesOfPermission(
  permission: Ec2.IpPermission,
  group: SecurityGroup,
  call: Call,
): readonly RuleText[] {
  const ports = portsOf(permission)
  const peers: { readonly peer: RulePeer; readonly Description?: string | undefined }[] = [
    ...(permission.IpRanges ?? []).map((each) => ({ ...each, peer: ipv4(each.CidrIp ?? '') })),
    ...(permission.Ipv6Ranges ?? []).map((each) => ({ ...each, peer: ipv6(each.CidrIpv6 ?? '') })),
    ...(permission.PrefixListIds ?? []).map((each) => ({
      ...each,
      peer: { kind: 'prefixList', id: each.PrefixListId ?? '' } as const,
    })),
    ...(permission.UserIdGroupPairs ?? []).map((each) => ({ ...each, peer: peerGroup(each, group, call) })),
  ]
  return peers.map(({ peer, Description: description }) => {
    checkDescription(description, 'rule')
    return { ...ports, peer, ...(description === undefined ? {} : { description }) }
  })
}

const protocols: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
  all: '-1',
}

function portsOf({ IpProtocol: given, FromPort: from, ToPort: to }: Ec2.IpPermission) {
  if (given === undefined) throw missing('ipProtocol')
  const protocol = protocols[given] ?? given
  if (protocol === '-1') return { protocol, fromPort: -1, toPort: -1 }
  if (!/^(?:tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol) || Number(protocol) > 255)
    throw invalidValue('ipProtocol', given, 'Unknown protocol')
  if (protocol !== 'tcp' && protocol !== 'udp') return { protocol, fromPort: from ?? -1, toPort: to ?? -1 }
  if (from === undefined || to === undefined)
    throw invalidParameter('Invalid value for portRange. Must specify both from and to ports with TCP/UDP.')
  for (const port of [from, to])
    if (port < 0 || port > 65_535)
      throw invalidParameter(`Invalid value for port: ${port}. Ports are from 0 to 65535.`)
  if (from > to) throw invalidParameter(`Invalid TCP/UDP port range (${from}:${to})`)
  return { protocol, fromPort: from, toPort: to }
}

function ipv4(cidr: string): RulePeer {
  const block = parseBlock(cidr)
  if (block === undefined) throw invalidParameter(`CIDR block ${cidr} is malformed`)
  return { kind: 'ipv4', cidr: writeBlock(block) }
}

function ipv6(cidr: string): RulePeer {
  if (!/^[0-9a-fA-F:.]{2,45}\/(?:\d{1,2}|1[01]\d|12[0-8])$/.test(cidr) || !cidr.includes(':'))
    throw invalidParameter(`CIDR block ${cidr} is malformed`)
  return { kind: 'ipv6', cidr: cidr.toLowerCase() }
}

function peerGroup(pair: Ec2.UserIdGroupPair, group: SecurityGroup, call: Call): RulePeer {
  const owner = pair.UserId ?? call.account.id
  if (owner !== call.account.id) {
    // a group of a peered VPC cannot be looked up here
    if (pair.GroupId === undefined)
      throw fault(
        'InvalidGroup.NotFound',
        `You have specified two resources that belong to different networks.`,
        400,
      )
    return { kind: 'group', id: pair.GroupId, owner }
  }
  const peer =
    pair.GroupId === undefined
      ? groupNamed(pair.GroupName ?? '', group.vpcId, call)
      : findGroup(pair.GroupId, call)
  if (peer === undefined) throw notThere('group', pair.GroupId ?? pair.GroupName ?? '')
  return { kind: 'group', id: peer.id, owner }
}
