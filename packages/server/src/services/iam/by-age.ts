/** A record that lists sort by age. */
export type Made = { readonly id: string } & (
  | { readonly createdAt: number }
  | { readonly uploadedAt: number }
)

/** Returns the key that sorts lists of credentials: the oldest first (behaviour IAM-44). */
export function ageKey(record: Made): string {
  const at = 'createdAt' in record ? record.createdAt : record.uploadedAt
  return `${String(at).padStart(15, '0')} ${record.id}`
}
