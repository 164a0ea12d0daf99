import type { AccessRequest, ContextKeys } from '../../authorization/index.ts'
import type { Tag } from '../../directory/index.ts'
import { invalid, violates } from './faults.ts'
import { quotas } from './quotas.ts'

/**
 * Returns tags in stored form, after the resource's earlier ones. @throws Fault for what AWS refuses (behaviour
 * ORG-50)
 */
export function addTags(had: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const keys = new Set<string>()
  for (const { Key } of added) {
    checkKey(Key)
    if (keys.has(Key)) throw invalid('DUPLICATE_TAG_KEY', 'Your request includes duplicate tag keys.')
    keys.add(Key)
  }
  const tags = [
    ...had.filter((tag) => !keys.has(tag.Key)),
    ...added.map(({ Key, Value }) => ({ Key, Value })),
  ]
  if (tags.length > quotas.tags)
    throw violates('MAX_TAG_LIMIT_EXCEEDED', 'You have exceeded the number of tags allowed on this resource.')
  return tags
}

export function removeTags(had: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  for (const key of keys) checkKey(key)
  const gone = new Set(keys)
  return had.filter((tag) => !gone.has(tag.Key))
}

function checkKey(key: string): void {
  if (!/^aws:/i.test(key)) return
  throw invalid(
    'INVALID_SYSTEM_TAGS_PARAMETER',
    "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're reserved for AWS use.",
  )
}

/** aws:RequestTag/… and aws:TagKeys of the tags in a call. */
export function requestTags(tags: readonly Tag[] | undefined): ContextKeys {
  if (tags === undefined || tags.length === 0) return {}
  const keys: Record<string, ContextKeys[string]> = { 'aws:TagKeys': tags.map((tag) => tag.Key) }
  for (const tag of tags) keys[`aws:RequestTag/${tag.Key}`] = tag.Value
  return keys
}

/** aws:ResourceTag/… of a resource's own tags. */
export function resourceTags(tags: readonly Tag[] | undefined): ContextKeys {
  return Object.fromEntries((tags ?? []).map((tag) => [`aws:ResourceTag/${tag.Key}`, tag.Value]))
}

/** Creating a resource with tags needs the permission to tag it, too (behaviour ORG-51). */
export function tagging(tags: readonly Tag[] | undefined, resource: string): readonly AccessRequest[] {
  if (tags === undefined || tags.length === 0) return []
  return [{ action: 'organizations:TagResource', resource, context: requestTags(tags) }]
}
