import { createHash } from 'node:crypto'
import type { Call } from '../../authorization/index.ts'
import type { Random } from '../../base/index.ts'

/** The prefix of an id for each kind of resource. */
export type Prefix =
  | 'i'
  | 'r'
  | 'vpc'
  | 'subnet'
  | 'sg'
  | 'sgr'
  | 'eni'
  | 'eni-attach'
  | 'vol'
  | 'snap'
  | 'ami'
  | 'key'
  | 'lt'
  | 'dopt'
  | 'vpc-cidr-assoc'
  | 'rtb'
  | 'rtbassoc'
  | 'igw'
  | 'acl'
  | 'aclassoc'
  | 'iip-assoc'

/** `i-0123456789abcdef0`: a prefix, and seventeen hexadecimal digits of which AWS's first is usually 0. */
export function newResourceId(prefix: Prefix, random: Random): string {
  return `${prefix}-0${Buffer.from(random.bytes(8)).toString('hex')}`
}

/**
 * Returns the id of a resource that is created implicitly: the same for the same words, so that it can be created
 * again.
 */
export function steadyId(prefix: Prefix, ...words: readonly string[]): string {
  return `${prefix}-0${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16)}`
}

/** Returns whether the text has the form of an id with this prefix, in the long or the old short form. */
export function isResourceId(prefix: Prefix, text: string): boolean {
  return text.startsWith(`${prefix}-`) && /^[0-9a-f]{8}(?:[0-9a-f]{9})?$/.test(text.slice(prefix.length + 1))
}

/** `arn:PARTITION:ec2:REGION:ACCOUNT:KIND/ID`; ARNs of images and snapshots have no account. */
export function ec2Arn(
  { region, account: { partition } }: Pick<Call, 'region' | 'account'>,
  account: string,
  kind: string,
  id: string,
): string {
  return `arn:${partition}:ec2:${region}:${account}:${kind}/${id}`
}
