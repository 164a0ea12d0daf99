import type { AccessRequest, Call, ContextKeys } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { invalidParameter } from './faults.ts'
import { limits } from './limits.ts'

type Specifications = readonly Ec2.TagSpecification[] | undefined

/** Tags for each kind of resource that a request creates. */
export type TagsByKind = ReadonlyMap<string, readonly Tag[]>

/**
 * Returns the tags in TagSpecifications, by kind. @throws Fault for too many tags; `checkTags` checks everything else
 */
export function tagsByKind(specifications: Specifications): TagsByKind {
  const byKind = new Map<string, Tag[]>()
  for (const { ResourceType: kind = '', Tags: tags = [] } of specifications ?? []) {
    const tagsOfKind = byKind.get(kind) ?? []
    byKind.set(kind, tagsOfKind)
    if (tagsOfKind.length + tags.length > limits.tagsPerResource) throw tooManyTags()
    tagsOfKind.push(...plain(tags))
  }
  return byKind
}

/** Returns tags in stored form. */
export function plain(tags: readonly Ec2.Tag[] | undefined): readonly Tag[] {
  return (tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }))
}

/** @throws Fault for a kind that the operation does not create, or for tags that EC2 refuses */
export function checkTags(byKind: TagsByKind, kinds: readonly string[]): void {
  for (const [kind, tags] of byKind) {
    if (!kinds.includes(kind))
      throw invalidParameter(`'${kind}' is not a valid taggable resource type for this operation.`)
    checkTagList(tags, true)
  }
}

/** Must be called before the tags enter a context. @throws Fault for too many tags */
export function checkTagCount(tags: readonly unknown[]): void {
  if (tags.length > limits.tagsPerResource) throw tooManyTags()
}

/** @throws Fault in EC2's words (behaviour EC2-65) */
export function checkTagList(tags: readonly Tag[], made = false): void {
  const keys = new Set<string>()
  for (const { Key: key, Value: value } of tags) {
    if (key === '' || key.length > 127)
      throw invalidParameter(
        key === ''
          ? 'Tag key cannot be null or empty.'
          : 'Tag key exceeds the maximum length of 127 characters',
      )
    if (value.length > 255) throw invalidParameter('Tag value exceeds the maximum length of 255 characters')
    if (/^aws:/i.test(key)) throw reserved(key, made)
    if (keys.has(key)) throw invalidParameter(`Duplicate tag key '${key}' specified.`)
    keys.add(key)
  }
  if (tags.length > limits.tagsPerResource) throw tooManyTags()
}

/** CreateTags names the parameter; operations that tag what they create do not. */
function reserved(key: string, made: boolean) {
  const why = "Tag keys starting with 'aws:' are reserved for internal use"
  return invalidParameter(made ? why : `Value ( ${key} ) for parameter key is invalid. ${why}`)
}

/** Merges further tags over tags. */
export function withTags(tags: readonly Tag[], more: readonly Tag[]): readonly Tag[] {
  const merged = new Map(tags.map((tag) => [tag.Key, tag]))
  for (const tag of more) merged.set(tag.Key, tag)
  if (merged.size > limits.tagsPerResource) throw tooManyTags()
  return [...merged.values()]
}

function tooManyTags() {
  return fault('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.', 400)
}

/** aws:RequestTag and aws:TagKeys. */
export function requestTagKeys(tags: readonly Tag[] | undefined): ContextKeys {
  if (tags === undefined || tags.length === 0) return {}
  const keys: Record<string, string | string[]> = { 'aws:TagKeys': tags.map((tag) => tag.Key) }
  for (const tag of tags) keys[`aws:RequestTag/${tag.Key}`] = tag.Value
  return keys
}

/** Returns aws:ResourceTag and ec2:ResourceTag of an existing resource. */
export function resourceTagKeys(tags: readonly Tag[]): ContextKeys {
  const keys: Record<string, string> = {}
  for (const tag of tags) keys[`aws:ResourceTag/${tag.Key}`] = keys[`ec2:ResourceTag/${tag.Key}`] = tag.Value
  return keys
}

/** Tagging in a creation asks for ec2:CreateTags on the new resource, with ec2:CreateAction (behaviour EC2-5). */
export function createTagsRequest(
  arn: string,
  tags: readonly Tag[] | undefined,
  call: Call,
): readonly AccessRequest[] {
  if (tags === undefined || tags.length === 0) return []
  const context = { ...requestTagKeys(tags), 'ec2:CreateAction': call.operation.name }
  return [{ action: 'ec2:CreateTags', resource: arn, context }]
}
