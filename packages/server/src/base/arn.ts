import { type ArnParts, splitArn } from '@omen-iam/policy'
import { type AccountId, parseAccountId } from './account.ts'
import type { Partition } from './partition.ts'

export type { ArnParts }

/** Returns the parts of an ARN, or undefined if the text is not an ARN. `resource` may contain further colons. */
export function parseArn(text: string): ArnParts | undefined {
  const parts = splitArn(text)
  return parts && parts.partition !== '' && parts.service !== '' && parts.resource !== '' ? parts : undefined
}

/** Returns the account that an ARN names, or undefined if it names none or is not an ARN. */
export function accountInArn(text: string): AccountId | undefined {
  const arn = parseArn(text)
  return arn && parseAccountId(arn.account)
}

/** Returns the ARN of an AWS managed policy: `arn:PARTITION:iam::aws:policy/PATH/NAME`. */
export function awsPolicyArn(partition: Partition, pathAndName: string): string {
  return `arn:${partition}:iam::aws:policy/${pathAndName}`
}

/** The owner of ARNs; an account has both members. */
export interface ArnOwner {
  readonly id: string
  readonly partition: Partition
}

/** `arn:PARTITION:iam::ACCOUNT:KIND/path/name`; `path` begins and ends with a slash. */
export function iamArn({ id, partition }: ArnOwner, kind: string, path: string, name: string): string {
  return `arn:${partition}:iam::${id}:${kind}${path}${name}`
}
