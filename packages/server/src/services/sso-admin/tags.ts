import { type Call, family } from '../../authorization/index.ts'
import {
  type CenterPlace,
  centersInView,
  checkManages,
  instanceArn,
  pageOf,
  permissionSetArn,
} from '../../center/index.ts'
import { centers, permissionSets, type Tag } from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { notFound } from './operation.ts'
import { checkTags, requestTags } from './tag.ts'

/** Tags of instances and permission sets. */
export const tags = family<SsoAdmin.Operations>()({
  TagResource: {
    resource: (input) => input.ResourceArn,
    context: (input, call) => ({ ...requestTags(input.Tags), ...ownTags(input.ResourceArn, call) }),
    run(input, call) {
      const thing = taggedThing(input.ResourceArn, call)
      const newKeys = new Set(checkTags(input.Tags).map(({ Key }) => Key))
      thing.retag(checkTags([...thing.tags.filter(({ Key }) => !newKeys.has(Key)), ...input.Tags]))
      return {}
    },
  },
  UntagResource: {
    resource: (input) => input.ResourceArn,
    context: (input, call) => ({ 'aws:TagKeys': input.TagKeys, ...ownTags(input.ResourceArn, call) }),
    run(input, call) {
      const thing = taggedThing(input.ResourceArn, call)
      thing.retag(thing.tags.filter(({ Key }) => !input.TagKeys.includes(Key)))
      return {}
    },
  },
  ListTagsForResource: {
    resource: (input) => input.ResourceArn,
    context: (input, call) => ownTags(input.ResourceArn, call),
    run(input, call) {
      const { items, NextToken } = pageOf(taggedThing(input.ResourceArn, call).tags, ({ Key }) => Key, input)
      return { Tags: items, NextToken }
    },
  },
})

interface Tagged {
  readonly place: CenterPlace
  readonly tags: readonly Tag[]
  retag(tags: readonly Tag[]): void
}

function find(arn: string, call: Call): Tagged | undefined {
  for (const place of centersInView(call)) {
    const { center, owner } = place
    if (instanceArn(center, owner) === arn)
      return { place, tags: center.tags, retag: (tags) => owner.table(centers).put({ ...center, tags }) }
    const set = owner.table(permissionSets).find(arn.slice(arn.lastIndexOf('/') + 1))
    if (set !== undefined && permissionSetArn(center.id, set.id, owner) === arn)
      return { place, tags: set.tags, retag: (tags) => owner.table(permissionSets).put({ ...set, tags }) }
  }
  return undefined
}

function ownTags(arn: string, call: Call) {
  const tags = find(arn, call)?.tags ?? []
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]))
}

function taggedThing(arn: string, call: Call): Tagged {
  const thing = find(arn, call)
  if (thing === undefined) throw notFound(`Could not find ${arn}.`)
  checkManages(thing.place, call)
  return thing
}
