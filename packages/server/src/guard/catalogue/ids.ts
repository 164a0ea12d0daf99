import { parseArn } from '../../base/index.ts'
import type { Place } from './place.ts'

/** The prefixes of Amazon EC2's ids, and the kinds in their ARNs: Amazon EC2 User Guide, "Resource IDs". */
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

/** The ARN of an Amazon EC2 id; the ARNs of images and snapshots have no account. */
export function ec2Arn(id: string, { partition, region, account }: Place): string {
  const prefix = id.slice(0, Math.max(id.indexOf('-'), 0))
  const kind = Object.hasOwn(kinds, prefix) ? kinds[prefix]! : '*'
  const owner = kind === 'image' || kind === 'snapshot' ? '' : account
  return `arn:${partition}:ec2:${region}:${owner}:${kind}/${id}`
}

/** The ARN of a node that Systems Manager manages: an instance, a managed node, or an Amazon ECS task. */
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

/** The source queue of a message move task, read from its handle; undefined if it has none. */
export function taskSource(handle: string): readonly string[] {
  const source = /"sourceArn"\s*:\s*"([^"\\]*)"/.exec(Buffer.from(handle, 'base64').toString('utf8'))?.[1]
  return source === undefined || parseArn(source) === undefined ? [] : [source]
}

/** The Amazon Kinesis stream of a shard iterator, if the upstream writes it there. */
export function iteratorStream(iterator: string): readonly string[] {
  const text = iterator.replaceAll('\n', '')
  const bytes = Buffer.from(text, 'base64')
  // decoders differ on everything but the plain form
  if (bytes.toString('base64') !== text) return []
  const stream = /^([\w.-]{1,128}):shardId-\d+(?::|$)/.exec(bytes.toString('latin1'))?.[1]
  return stream === undefined ? [] : [stream]
}
