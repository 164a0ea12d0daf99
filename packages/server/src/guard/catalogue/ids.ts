import { parseArn } from '../../base/index.ts'
import type { Place } from './place.ts'

/** What begins the ids of Amazon EC2, and the kind in their ARNs: Amazon EC2 User Guide, "Resource IDs". */
const kinds: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ami: 'image',
  cr: 'capacity-reservation',
  dopt: 'dhcp-options',
  eigw: 'egress-only-internet-gateway',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  h: 'dedicated-host',
  i: 'instance',
  igw: 'internet-gateway',
  key: 'key-pair',
  lt: 'launch-template',
  nat: 'natgateway',
  pcx: 'vpc-peering-connection',
  pg: 'placement-group',
  pl: 'prefix-list',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  sir: 'spot-instances-request',
  snap: 'snapshot',
  subnet: 'subnet',
  tgw: 'transit-gateway',
  vgw: 'vpn-gateway',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
}

/** The ARN of what an id of Amazon EC2 names; images and snapshots are in no account's. */
export function ec2Arn(id: string, { partition, region, account }: Place): string {
  const prefix = id.slice(0, Math.max(id.indexOf('-'), 0))
  const kind = Object.hasOwn(kinds, prefix) ? kinds[prefix]! : '*'
  const owner = kind === 'image' || kind === 'snapshot' ? '' : account
  return `arn:${partition}:ec2:${region}:${owner}:${kind}/${id}`
}

/** The ARN of what Systems Manager manages: an instance, a node of another place, or a task of Amazon ECS. */
export function managedArn(target: string, where: Place): string {
  const { partition, region, account } = where
  if (parseArn(target) !== undefined) return target
  if (target.startsWith('mi-')) return `arn:${partition}:ssm:${region}:${account}:managed-instance/${target}`
  const [, cluster, task] = /^ecs:([^_]+)_([^_]+)/.exec(target) ?? []
  if (cluster !== undefined) return `arn:${partition}:ecs:${region}:${account}:task/${cluster}/${task}`
  return `arn:${partition}:ec2:${region}:${account}:instance/${target}`
}

/** Whose a tool of Amazon Bedrock AgentCore is, and its kind: `aws.browser.v1` is AWS's own. */
export function agentTool(id: string, kind: string, { account }: Place): string {
  if (parseArn(id) !== undefined) return id
  return id.startsWith('aws.') ? `aws:${kind}/${id}` : `${account}:${kind}-custom/${id}`
}

/** The queue that a task which moves messages takes them from, as its handle tells; none where it does not. */
export function taskSource(handle: string): readonly string[] {
  const source = /"sourceArn"\s*:\s*"([^"\\]*)"/.exec(Buffer.from(handle, 'base64').toString('utf8'))?.[1]
  return source === undefined || parseArn(source) === undefined ? [] : [source]
}

/** The stream of Amazon Kinesis that a shard iterator is of, where the upstream writes it there; else none. */
export function iteratorStream(iterator: string): readonly string[] {
  const text = iterator.replaceAll('\n', '')
  const bytes = Buffer.from(text, 'base64')
  // decoders differ in what they make of anything but the plain form, in lines or not
  if (bytes.toString('base64') !== text) return []
  const stream = /^([\w.-]{1,128}):shardId-\d+(?::|$)/.exec(bytes.toString('latin1'))?.[1]
  return stream === undefined ? [] : [stream]
}
