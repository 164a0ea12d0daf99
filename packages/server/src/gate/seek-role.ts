import type { Call } from '../authorization/index.ts'
import { parseAccountId, parseArn } from '../base/index.ts'
import type { Account } from '../directory/index.ts'

/** Looks for a role of an account that Omen does not have. */
export type SeeksRole = (account: Account, name: string) => Promise<void>

/** Has the role looked for that a call of IAM or STS names: STS by its ARN, IAM by its name. */
export async function seekRole(
  input: Readonly<Record<string, unknown>>,
  { service, operation, account, deps }: Call,
  seek: SeeksRole,
): Promise<void> {
  const { RoleArn, RoleName } = input
  if (service.id === 'iam' && typeof RoleName === 'string' && !operation.name.startsWith('Create'))
    return seek(account, RoleName)
  if (service.id !== 'sts' || typeof RoleArn !== 'string') return
  const arn = parseArn(RoleArn)
  if (arn === undefined) return
  const id = parseAccountId(arn.account)
  const owner = id && (await deps.directory.find(id))
  const name = /^role\/(?:.*\/)?([^/]+)$/.exec(arn.resource)?.[1]
  if (owner !== undefined && name !== undefined) await seek(owner, name)
}
