import type { ArnOwner } from '../base/index.ts'
import { accessService } from '../directory/index.ts'
import { type RegionalCall, roleArn } from './lenders.ts'
import type { SeedPath } from './read.ts'
import type { SeedAccount, SeedEntitlement } from './seed.ts'

/** The account that has the instance of IAM Identity Center, and the ids of its people. */
interface Place {
  readonly owner: ArnOwner
  readonly seed: SeedAccount
  readonly instanceArn: string
  readonly region: string
  readonly call: RegionalCall
  idOf(kind: 'USER' | 'GROUP', name: string, at: SeedPath): string
}

/** Enables the account access manager, and makes its entitlements (behaviour SSO-191). */
export async function plantEntitlements(
  given: readonly SeedEntitlement[],
  { owner, seed, instanceArn, region, call, idOf }: Place,
): Promise<void> {
  if (given.length === 0) return
  const at: SeedPath = ['identityCenter', 'entitlements']
  const service = { ServicePrincipal: accessService }
  await call('organizations', 'EnableAWSServiceAccess', service, at, undefined)
  const source = { identitySource: { identityCenter: { instanceArn } } }
  const made = await call('account-access', 'CreateApplication', source, at, region)
  const { applicationArn } = made as { applicationArn: string } // the operation's output has it
  for (const [index, { user, group = '', role }] of given.entries()) {
    const place = [...at, index]
    const identityCenter =
      user === undefined ? { groupId: idOf('GROUP', group, place) } : { userId: idOf('USER', user, place) }
    const principalRole = { principal: { identityCenter }, roleArn: roleArn(role, seed, owner) }
    const input = { applicationArn, entitlement: { principalRole } }
    await call('account-access', 'CreateEntitlement', input, place, region)
  }
}
