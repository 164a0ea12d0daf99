import type { Dependencies } from '../authorization/index.ts'
import type { AccountId } from '../base/index.ts'
import { type Account, defineTable, StaleAccount } from '../directory/index.ts'
import type { GuardParts } from '../guard/index.ts'

/** A bucket that an account created through the guard. */
interface OwnedBucket {
  /** The upstream's origin, and the bucket's name. */
  readonly key: string
  readonly account: AccountId
  /** The time of the upstream's success, in milliseconds since the epoch. */
  readonly at: number
}

const ownedBuckets = defineTable<OwnedBucket>({ kind: 'guard/bucket', key: (r) => r.key })

/** The most buckets that are kept; the oldest goes first. AWS lets an account have 10,000. */
const bucketsMost = 10_000

const attemptsOnConflict = 8

/**
 * The owners of an upstream's buckets, kept in the first account (behaviour GRD-83). A failure to keep one is logged:
 * the call that created the bucket has been answered.
 */
export function bucketOwners(
  deps: Pick<Dependencies, 'directory' | 'firstAccount'>,
  origin: string,
  complain: (error: unknown) => void,
  most: number = bucketsMost,
): GuardParts['bucketOwners'] {
  const { directory, firstAccount } = deps
  const keyOf = (bucket: string) => `${origin}\n${bucket}`
  const change = async (make: (account: Account) => void) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const account = await directory.find(firstAccount)
        if (account === undefined) return
        make(account)
        await (directory.hasChanges ? directory.commit([]) : undefined)
        return
      } catch (error) {
        if (error instanceof StaleAccount && attempt < attemptsOnConflict) continue
        complain(error)
        return
      }
    }
  }
  return {
    async find(bucket) {
      const account = await directory.find(firstAccount)
      return account?.table(ownedBuckets).find(keyOf(bucket))?.account
    },
    note: (bucket, { account, since, now }) =>
      change((first) => {
        const table = first.table(ownedBuckets)
        const key = keyOf(bucket)
        const known = table.find(key)
        if (known !== undefined && known.at >= since) return
        if (known === undefined && table.size >= most) table.delete(oldest(table.values()))
        table.put({ key, account, at: now })
      }),
    forget: (bucket) => change((first) => first.table(ownedBuckets).delete(keyOf(bucket))),
    forgetAll: () =>
      change((first) => {
        const table = first.table(ownedBuckets)
        for (const { key } of [...table.values()]) if (key.startsWith(keyOf(''))) table.delete(key)
      }),
  }
}

/**
 * Returns the account that created the bucket of an ARN through the guard; undefined if no account is known, or if several
 * are, of different upstreams.
 */
export async function ownerOfBucket(
  arn: string,
  { directory, firstAccount }: Pick<Dependencies, 'directory' | 'firstAccount'>,
): Promise<AccountId | undefined> {
  const bucket = /^arn:aws[a-z-]*:s3:::([^/*?]+)/.exec(arn)?.[1]
  const account = bucket === undefined ? undefined : await directory.find(firstAccount)
  if (account === undefined) return undefined
  const owners = new Set<AccountId>()
  for (const { key, account: owner } of account.table(ownedBuckets).values())
    if (key.endsWith(`\n${bucket}`)) owners.add(owner)
  return owners.size === 1 ? [...owners][0] : undefined
}

function oldest(buckets: Iterable<OwnedBucket>): string {
  let found = { key: '', at: Number.POSITIVE_INFINITY }
  for (const bucket of buckets) if (bucket.at < found.at) found = bucket
  return found.key
}
