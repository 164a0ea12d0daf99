/** An instant as the AWS CLI writes it. */
export function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString().replace(/\.\d{3}Z$/, '+00:00')
}
