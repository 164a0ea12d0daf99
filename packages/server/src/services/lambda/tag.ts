import type { ContextKeys } from '../../authorization/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'

export type Tags = Readonly<Record<string, string>>

/**
 * aws:RequestTag and aws:TagKeys. Their number is limited before anything is made of them: they are judged, recorded and
 * kept with the decision. Which of two tags counts whose keys differ only in case is decided there (behaviour LAM-86).
 * @throws Fault if there are more tags than a function may have
 */
export function requestTagKeys(tags: Tags | undefined): ContextKeys {
  const entries = Object.entries(tags ?? {})
  if (entries.length === 0) return {}
  if (entries.length > limits.tags) throw tooMany()
  return {
    'aws:TagKeys': entries.map(([key]) => key),
    ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  }
}

/** Merges further tags over tags. @throws Fault for an invalid tag */
export function withTags(before: Tags, more: Tags): Tags {
  for (const [key, value] of Object.entries(more)) {
    if (key === '' || key.length > limits.tagKey)
      throw invalid(`Tag keys have from 1 to ${limits.tagKey} characters.`)
    if (value.length > limits.tagValue)
      throw invalid(`Tag values have at most ${limits.tagValue} characters.`)
    if (/^aws:/i.test(key))
      throw invalid(`Tag keys starting with 'aws:' are reserved for internal use: ${key}`)
  }
  const merged = { ...before, ...more }
  if (Object.keys(merged).length > limits.tags) throw tooMany()
  return merged
}

function tooMany() {
  return invalid(`A function has at most ${limits.tags} tags.`)
}
