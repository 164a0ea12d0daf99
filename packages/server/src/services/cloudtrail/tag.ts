import type { ContextKeys } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'

const most = 50

/** Condition keys of tags in the request. */
export function requestTags(given: readonly CloudTrail.Tag[] | undefined): ContextKeys {
  if (given === undefined || given.length === 0) return {}
  const keys: Record<string, ContextKeys[string]> = { 'aws:TagKeys': given.map(({ Key }) => Key) }
  for (const { Key, Value = '' } of given) keys[`aws:RequestTag/${Key}`] = Value
  return keys
}

/** Returns tags in stored form. @throws Fault if they are too many, repeated, or invalid (behaviour CTR-7) */
export function checkedTags(given: readonly CloudTrail.Tag[], before: readonly Tag[] = []): readonly Tag[] {
  const newKeys = new Set<string>()
  for (const { Key } of given) {
    if (newKeys.has(Key)) throw invalid(`Tag key ${Key} is given twice.`)
    if (Key.toLowerCase().startsWith('aws:')) throw invalid('Tag keys that begin with aws: are reserved.')
    newKeys.add(Key)
  }
  const remaining = before.filter(({ Key }) => !newKeys.has(Key))
  const tags = [...remaining, ...given.map(({ Key, Value = '' }) => ({ Key, Value }))]
  if (tags.length > most)
    throw fault('TagsLimitExceededException', `The number of tags must be ${most} or fewer.`, 400)
  return tags
}

function invalid(message: string) {
  return fault('InvalidTagParameterException', message, 400)
}
