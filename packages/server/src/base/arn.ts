import { type ArnParts, splitArn } from '@omen-iam/policy'
import { type AccountId, parseAccountId } from './account.ts'
import type { Partition } from './partition.ts'

export type { ArnParts }

/** The parts of an ARN, or undefined where the text is none. `resource` may hold further colons. */
export function parseArn(text: string): ArnParts | undefined {
  const parts = splitArn(text)
  return parts && parts.partition !== '' && parts.service !== '' && parts.resource !== '' ? parts : undefined
}

/** The account that an ARN names; undefined where it names none, or is none. */
export function accountInArn(text: string): AccountId | undefined {
  const arn = parseArn(text)
  return arn && parseAccountId(arn.account)
}

/** The ARN of a managed policy of AWS's own: `arn:PARTITION:iam::aws:policy/PATH/NAME`. */
export function awsPolicyArn(partition: Partition, pathAndName: string): string {
  return `arn:${partition}:iam::aws:policy/${pathAndName}`
}

/** Whose ARNs they are: an account has both. */
export interface ArnOwner {
  readonly id: string
  readonly partition: Partition
}

/** `arn:PARTITION:iam::ACCOUNT:KIND/path/name`; `path` begins and ends with a slash. */
export function iamArn({ id, partition }: ArnOwner, kind: string, path: string, name: string): string {
  return `arn:${partition}:iam::${id}:${kind}${path}${name}`
}
