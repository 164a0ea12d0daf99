/** A record that lists show by its age. */
export type Made = { readonly id: string } & (
  | { readonly createdAt: number }
  | { readonly uploadedAt: number }
)

/** The key that lists of credentials are sorted by: the oldest first (behaviour IAM-44). */
export function ageKey(record: Made): string {
  const at = 'createdAt' in record ? record.createdAt : record.uploadedAt
  return `${String(at).padStart(15, '0')} ${record.id}`
}
