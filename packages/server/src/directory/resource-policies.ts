import type { Account } from './account.ts'
import { defineTable } from './table.ts'

/**
 * The policy of a resource that no service of the server keeps, such as a bucket of a real account. It was imported; questions
 * about the resource use it.
 */
export interface ImportedResourcePolicy {
  /** The ARN of the resource. */
  readonly arn: string
  /** JSON. */
  readonly document: string
}

export const resourcePolicies = defineTable<ImportedResourcePolicy>({
  kind: 'imported/resource-policy',
  key: (r) => r.arn,
  affectsPolicies: true,
})

/** The imported policy of a resource, or of what contains it: of an object its bucket's. */
export function importedPolicy(account: Account, arn: string): ImportedResourcePolicy | undefined {
  const table = account.table(resourcePolicies)
  if (table.size === 0) return undefined
  const bucket = /^arn:[a-z-]+:s3:::[^/]+/.exec(arn)?.[0]
  return table.find(arn) ?? (bucket === undefined ? undefined : table.find(bucket))
}
