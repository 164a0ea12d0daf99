import { type AccessRequest, type Call, family } from '../../authorization/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { invalidParameter, missing } from './faults.ts'
import { type Fields, filteredBy } from './filter.ts'
import { limits } from './limits.ts'
import { ensureDefaultNetwork } from './network/default-network.ts'
import { pageOf } from './page.ts'
import { checkTagCount, checkTagList, plain, requestTagKeys, resourceTagKeys, withTags } from './tag.ts'
import { allTags, arnOf, findTagged, getTagged, kindKeys } from './tagged.ts'

/** Tags of every resource with an id. */
export const tags = family<Ec2.Operations>()({
  CreateTags: {
    requests: (input, call) => onEach(input.Resources, plain(input.Tags), call),
    run(input, call) {
      const added = plain(input.Tags)
      if (added.length === 0) throw missing('Tag')
      checkTagList(added)
      for (const id of new Set(input.Resources)) {
        const { table, record } = getTagged(id, call)
        table.put({ ...record, tags: withTags(record.tags, added) })
      }
      return undefined
    },
  },
  DeleteTags: {
    requests: (input, call) => onEach(input.Resources, plain(input.Tags), call),
    // a tag without a value is removed whatever its value, and without tags all are removed (behaviour EC2-66)
    run(input, call) {
      for (const id of new Set(input.Resources)) {
        const { table, record } = getTagged(id, call)
        const remaining = record.tags.filter((tag) => !isNamed(tag, input.Tags))
        if (remaining.length < record.tags.length) table.put({ ...record, tags: remaining })
      }
      return undefined
    },
  },
  DescribeTags: {
    run(input, call) {
      const all = allTags(call).map((each) => ({ ...each, place: `${each.id} ${each.tag.Key}` }))
      const matches = filteredBy(all, input.Filters, fields).toSorted((a, b) => (a.place < b.place ? -1 : 1))
      const placed = matches.map((each, i) => ({ ...each, id: String(i), resource: each.id, createdAt: i }))
      const { page, next } = pageOf(placed, input)
      return {
        Tags: page.map(({ resource, type, tag }) => ({
          ResourceId: resource,
          ResourceType: type,
          Key: tag.Key,
          Value: tag.Value,
        })),
        NextToken: next,
      }
    },
  },
})

function onEach(ids: readonly string[], asked: readonly Tag[], call: Call): readonly AccessRequest[] {
  if (ids.length > limits.idsPerCall)
    throw invalidParameter(`No more than ${limits.idsPerCall} resources may be tagged in one call.`)
  checkTagCount(asked)
  ensureDefaultNetwork(call)
  const requestKeys = requestTagKeys(asked)
  return [...new Set(ids)].map((id) => {
    const record = findTagged(id, call)
    const context = {
      ...kindKeys(record, call),
      ...requestKeys,
      ...resourceTagKeys(record?.record.tags ?? []),
    }
    return { action: `ec2:${call.operation.name}`, resource: arnOf(id, record, call), context }
  })
}

function isNamed(tag: Tag, asked: readonly Ec2.Tag[] | undefined): boolean {
  if (asked === undefined || asked.length === 0) return true
  return asked.some(({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value))
}

const fields: Fields<{ readonly id: string; readonly type: string; readonly tag: Tag }> = {
  key: ({ tag }) => tag.Key,
  'resource-id': ({ id }) => id,
  'resource-type': ({ type }) => type,
  value: ({ tag }) => tag.Value,
}
