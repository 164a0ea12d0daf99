import { type Call, type ContextKeys, family } from '../../authorization/index.ts'
import { type PodAssociation, podAssociationArn, podAssociations } from '../../directory/index.ts'
import type { Eks } from '../../model/index.ts'
import { badRequest, unknownResource } from './faults.ts'
import { checkTags, requestTags, resourceTags } from './tag.ts'

interface Tagged {
  readonly resourceArn: string
}

/** Tags of associations, by their ARNs (behaviour POD-21). */
export const tags = family<Eks.Operations>()({
  ListTagsForResource: {
    ...onArn(() => ({})),
    run: (input, call) => ({ tags: get(input, call).tags }),
  },
  TagResource: {
    ...onArn((input: Eks.TagResourceRequest) => requestTags(input.tags)),
    run(input, call) {
      const association = get(input, call)
      const tagsAfter = { ...association.tags, ...input.tags }
      checkTags(tagsAfter, badRequest)
      call.account.table(podAssociations).put({ ...association, tags: tagsAfter })
      return {}
    },
  },
  UntagResource: {
    ...onArn((input: Eks.UntagResourceRequest) => ({ 'aws:TagKeys': input.tagKeys })),
    run(input, call) {
      const association = get(input, call)
      const gone = new Set(input.tagKeys)
      const left = Object.entries(association.tags).filter(([key]) => !gone.has(key))
      call.account.table(podAssociations).put({ ...association, tags: Object.fromEntries(left) })
      return {}
    },
  },
})

function onArn<Input extends Tagged>(context: (input: Input) => ContextKeys) {
  return {
    resource: ({ resourceArn }: Input) => resourceArn,
    context: (input: Input, call: Call) => ({
      ...resourceTags(find(input, call)),
      ...context(input),
    }),
  }
}

function find({ resourceArn }: Tagged, { account }: Call): PodAssociation | undefined {
  const association = account.table(podAssociations).find(resourceArn.slice(resourceArn.lastIndexOf('/') + 1))
  return association !== undefined && podAssociationArn(account, association) === resourceArn
    ? association
    : undefined
}

/** @throws Fault NotFoundException */
function get(input: Tagged, call: Call): PodAssociation {
  const association = find(input, call)
  if (association === undefined) throw unknownResource(input.resourceArn)
  return association
}
