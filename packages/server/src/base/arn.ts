import { type ArnParts, splitArn } from '@omen-iam/policy'
import { type AccountId, parseAccountId } from './account.ts'

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

/** `arn:aws:iam::ACCOUNT:KIND/path/name`; `path` begins and ends with a slash. */
export function iamArn(account: string, kind: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`
}
