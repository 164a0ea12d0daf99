import { type Account, groups, type IamIdentity, roles, users } from '../../directory/index.ts'
import { ofPermissions } from './derived.ts'

/** How often a managed policy is used, for each of its two uses. */
export interface Attachments {
  readonly asPermissions: number
  readonly asBoundary: number
}

const none: Attachments = { asPermissions: 0, asBoundary: 0 }

/** Returns the number of the account's entities that a managed policy is attached to. */
export function attachmentsOf(account: Account, arn: string): Attachments {
  return allAttachments(account).get(arn) ?? none
}

/** Returns the use of every managed policy that is in use, by ARN. */
export const allAttachments = ofPermissions((account): ReadonlyMap<string, Attachments> => {
  const counts = new Map<string, { asPermissions: number; asBoundary: number }>()
  const entry = (arn: string) => {
    const count = counts.get(arn)
    if (count !== undefined) return count
    const newCount = { asPermissions: 0, asBoundary: 0 }
    counts.set(arn, newCount)
    return newCount
  }
  const add = (identities: Iterable<IamIdentity & { readonly boundaryArn?: string }>) => {
    for (const identity of identities) {
      for (const arn of identity.attached) entry(arn).asPermissions++
      if (identity.boundaryArn !== undefined) entry(identity.boundaryArn).asBoundary++
    }
  }
  add(account.table(users).values())
  add(account.table(groups).values())
  add(account.table(roles).values())
  return counts
})
