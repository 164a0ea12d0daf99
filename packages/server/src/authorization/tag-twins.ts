/** Buckets of the table in which AWS seems to keep the condition keys of a request. */
const buckets = 64

/**
 * Whether the first of two tags, whose condition keys differ in case alone, is the one that AWS sees: the last in the
 * order of a Java hash table (behaviour POL-178). If both are in one bucket, it is the second.
 */
export function isSeen(key: string, other: string): boolean {
  return bucketOf(key) > bucketOf(other)
}

/** Java's hash of a text, spread as its hash table does. */
function bucketOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 16)) & (buckets - 1)
}
