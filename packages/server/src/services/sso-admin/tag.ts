import type { ContextKeys } from '../../authorization/index.ts'
import type { Tag } from '../../directory/index.ts'
import { invalid } from './operation.ts'

const most = 50

/** The keys of tags that a request brings. */
export function requestTags(tags: readonly Tag[] | undefined): ContextKeys {
  if (tags === undefined || tags.length === 0) return {}
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.map(({ Key }) => Key),
  }
}

/** @throws Fault if a key comes twice, or there are too many */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (new Set(tags.map(({ Key }) => Key)).size !== tags.length) throw invalid('A tag key is given twice.')
  if (tags.length > most) throw invalid(`A resource has at most ${most} tags.`)
  return tags
}
