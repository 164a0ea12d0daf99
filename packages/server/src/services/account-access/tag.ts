import type { ContextKeys } from '../../authorization/index.ts'
import { accessQuotas, type Tag } from '../../directory/index.ts'
import { invalid } from './faults.ts'

type Tags = Readonly<Record<string, string>>

/** The keys of tags that a request brings. @throws Fault if there are too many */
export function requestTags(tags: Tags = {}): ContextKeys {
  const checkedTags = checkTags(tags)
  if (checkedTags.length === 0) return {}
  return {
    ...Object.fromEntries(checkedTags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': checkedTags.map(({ Key }) => Key),
  }
}

/** The keys of the tags that an application has. */
export function resourceTags(tags: readonly Tag[]): ContextKeys {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]))
}

/** @throws Fault if there are too many, a key is AWS's own, or one is too long (behaviour SSO-178) */
export function checkTags(tags: Tags): readonly Tag[] {
  const keys = Object.keys(tags)
  if (keys.length > accessQuotas.tags) throw invalid(`A resource has at most ${accessQuotas.tags} tags.`)
  return keys.map((Key) => {
    const Value = tags[Key] ?? ''
    if (/^aws:/i.test(Key)) throw invalid('Tag keys that begin with aws: are reserved.')
    if (Key === '' || Key.length > 128 || Value.length > 256)
      throw invalid('A tag key has 1 to 128 characters, a value at most 256.')
    return { Key, Value }
  })
}

/** Tags as the API has them. */
export function tagsMap(tags: readonly Tag[]): Tags {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}
