import type { ContextKeys } from '../../authorization/index.ts'
import { poolQuotas } from '../../directory/index.ts'
import { invalid } from './faults.ts'

export type Tags = Readonly<Record<string, string>>

/** The keys of tags that a request brings. @throws Fault if there are too many */
export function requestTags(tags: Tags = {}): ContextKeys {
  const keys = Object.keys(checkTags(tags))
  if (keys.length === 0) return {}
  return {
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key]])),
    'aws:TagKeys': keys,
  }
}

/** @throws Fault InvalidParameterException */
export function checkTags(tags: Tags): Tags {
  const keys = Object.keys(tags)
  if (keys.length > poolQuotas.tags) throw invalid(`A pool has at most ${poolQuotas.tags} tags.`)
  if (keys.some((key) => /^aws:/i.test(key))) throw invalid('Tag keys that begin with aws: are reserved.')
  return tags
}
