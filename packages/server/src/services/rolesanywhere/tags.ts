import { type Call, family } from '../../authorization/index.ts'
import {
  type AnywhereThing,
  anywhereProfiles,
  revocationLists,
  type Tag,
  trustAnchors,
} from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { notFound } from './faults.ts'
import { checkTags, requestTags } from './thing.ts'

interface Tagged {
  readonly resourceArn: string
}

/** Tags of anchors, profiles and lists, by their ARNs. */
export const tags = family<RolesAnywhere.Operations>()({
  ListTagsForResource: {
    resource: ({ resourceArn }) => resourceArn,
    run: (input, call) => ({
      tags: find(input, call).thing.tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
    }),
  },
  TagResource: {
    resource: ({ resourceArn }) => resourceArn,
    context: (input) => requestTags(input.tags),
    run(input, call) {
      const { thing, put } = find(input, call)
      const tagsByKey = new Map(thing.tags.map((tag) => [tag.Key, tag]))
      for (const { key, value } of input.tags) tagsByKey.set(key, { Key: key, Value: value })
      put(checkTags([...tagsByKey.values()]))
      return {}
    },
  },
  UntagResource: {
    resource: ({ resourceArn }) => resourceArn,
    context: ({ tagKeys }) => ({ 'aws:TagKeys': tagKeys }),
    run(input, call) {
      const { thing, put } = find(input, call)
      const gone = new Set(input.tagKeys)
      put(thing.tags.filter(({ Key }) => !gone.has(Key)))
      return {}
    },
  },
})

/** @throws Fault ResourceNotFoundException */
function find({ resourceArn }: Tagged, call: Call) {
  const { account, now } = call
  const [, kind, id = ''] = /:(trust-anchor|profile|crl)\/([0-9a-f-]{36})$/.exec(resourceArn) ?? []
  const found = <T extends AnywhereThing>(thing: T | undefined, put: (changed: T) => void) => {
    if (thing === undefined) throw notFound('The resource was not found.')
    return { thing, put: (kept: readonly Tag[]) => put({ ...thing, tags: kept, updatedAt: now }) }
  }
  if (kind === 'trust-anchor') {
    const table = account.table(trustAnchors)
    return found(table.find(id), (each) => table.put(each))
  }
  if (kind === 'profile') {
    const table = account.table(anywhereProfiles)
    return found(table.find(id), (each) => table.put(each))
  }
  const table = account.table(revocationLists)
  return found(table.find(id), (each) => table.put(each))
}
