import type { ContextKeys } from '../../authorization/index.ts'
import type { Fault } from '../../base/index.ts'
import type { PodAssociation } from '../../directory/index.ts'
import { invalid } from './faults.ts'

type Tags = Readonly<Record<string, string>>

const tagsMost = 50

/** @throws Fault if there are too many, or a key is AWS's own */
export function checkTags(tags: Tags, fault: (message: string) => Fault = invalid): void {
  const keys = Object.keys(tags)
  if (keys.length > tagsMost) throw fault(`A resource has at most ${tagsMost} tags.`)
  if (keys.some((key) => /^aws:/i.test(key))) throw fault('Tag keys that begin with aws: are reserved.')
}

/** The keys of tags that a request brings. @throws Fault if there are too many */
export function requestTags(tags: Tags = {}): ContextKeys {
  const keys = Object.keys(tags)
  if (keys.length === 0) return {}
  if (keys.length > tagsMost) throw invalid(`A resource has at most ${tagsMost} tags.`)
  return {
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key]])),
    'aws:TagKeys': keys,
  }
}

/** The keys of the tags that an association has. */
export function resourceTags(association: PodAssociation | undefined): ContextKeys {
  const tags = Object.entries(association?.tags ?? {})
  return Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]))
}
