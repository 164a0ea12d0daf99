import { type AccountId, parseAccountId } from './account.ts'
import type { Partition } from './partition.ts'

/** `arn:partition:service:region:account:resource`; the resource may contain further colons. */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

const form = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s

/** Returns the parts of an ARN, or undefined if the text is not an ARN. Only region and account may be empty. */
export function parseArn(text: string): ArnParts | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [, partition = '', service = '', region = '', account = '', resource = ''] = parts
  return { partition, service, region, account, resource }
}

/** The last piece of the resource in an ARN: what is behind the last slash or colon. */
export function lastPiece(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1)
}

/**
 * Returns the account that an ARN names, or undefined if it names none or is not an ARN. Other parts may be empty: what a
 * decision takes for the caller's own must name no other account.
 */
export function accountInArn(text: string): AccountId | undefined {
  if (!text.startsWith('arn:')) return undefined
  let start = 0
  for (let colons = 0; colons < 4; colons++) {
    start = text.indexOf(':', start) + 1
    if (start === 0) return undefined
  }
  const end = text.indexOf(':', start)
  return end < 0 ? undefined : parseAccountId(text.slice(start, end))
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
