import type { Call, ContextKeys, Operation } from '../../authorization/index.ts'
import {
  type Account,
  type IdentityPool,
  identityPools,
  type PoolIdentity,
  poolIdentities,
  poolOwners,
} from '../../directory/index.ts'
import { notFound } from './faults.ts'
import { accountInPoolId } from './ids.ts'

interface OfPool {
  readonly IdentityPoolId: string
}

/** `arn:PARTITION:cognito-identity:REGION:ACCOUNT:identitypool/REGION:UUID`. */
export function poolArn({ id, partition }: Account, pool: string): string {
  return `arn:${partition}:cognito-identity:${pool.split(':', 1)[0]}:${id}:identitypool/${pool}`
}

/** An operation on a pool of the caller's account, asked on the pool. */
export function onPool<Input extends OfPool, Output>(
  run: (input: Input, pool: IdentityPool, call: Call) => Output,
): Operation<Input, Output extends void ? undefined : Output> {
  return {
    resource: ({ IdentityPoolId }, { account }) => poolArn(account, IdentityPoolId),
    context: ({ IdentityPoolId }, call) => resourceTags(find(IdentityPoolId, call)),
    run: (input, call) =>
      run(input, getPool(input.IdentityPoolId, call), call) as Output extends void ? undefined : Output, // one that returns nothing returns undefined
  }
}

export function resourceTags(pool: IdentityPool | undefined): ContextKeys {
  return Object.fromEntries(
    Object.entries(pool?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  )
}

/** The pool, in the region of the call; one without a signature names no region but that of the id (behaviour COG-40). */
function find(id: string, { account, caller, region }: Call): IdentityPool | undefined {
  const pool = account.table(identityPools).find(id)
  return caller.kind === 'anonymous' || pool?.id.startsWith(`${region}:`) ? pool : undefined
}

/** @throws Fault ResourceNotFoundException */
export function getPool(id: string, call: Call): IdentityPool {
  const pool = find(id, call)
  if (pool === undefined) throw notFound(`IdentityPool '${id}' not found.`)
  return pool
}

/** An identity, with its pool. */
export interface OfIdentity {
  readonly identity: PoolIdentity
  readonly pool: IdentityPool
}

/** @throws Fault ResourceNotFoundException */
export function getIdentity(id: string, { account }: Pick<Call, 'account'>): OfIdentity {
  const identity = account.table(poolIdentities).find(id)
  const pool = identity && account.table(identityPools).find(identity.pool)
  if (identity === undefined || pool === undefined) throw notFound(`Identity '${id}' not found.`)
  return { identity, pool }
}

/** The rules of an operation without a signature: its account is in the id (behaviour COG-4, COG-39), and nobody is asked. */
export const byId = {
  requests: () => [],
  accounts: (
    { IdentityPoolId, IdentityId = '' }: { readonly IdentityPoolId?: string; readonly IdentityId?: string },
    { deps }: Call,
  ) => {
    const imported =
      IdentityPoolId === undefined
        ? undefined
        : deps.directory.known(deps.firstAccount)?.table(poolOwners).find(IdentityPoolId)?.account
    const account = imported ?? accountInPoolId(IdentityPoolId ?? IdentityId)
    return account === undefined ? [] : [account]
  },
} as const
