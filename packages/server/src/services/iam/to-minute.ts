/** AWS returns last uses of keys and services to the minute (behaviour IAM-83). */
export function toMinute(milliseconds: number): number {
  return milliseconds - (milliseconds % 60_000)
}
