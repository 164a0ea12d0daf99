/** The condition keys of tags: with the start `aws:RequestTag`, `aws:RequestTag/KEY` for each. */
export function keysOfTags(
  start: `${string}:${'Principal' | 'Request' | 'Resource'}Tag`,
  tags: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${start}/${key}`, value]))
}
