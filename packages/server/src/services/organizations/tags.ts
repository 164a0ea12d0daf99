import { type ContextKeys, family } from '../../authorization/index.ts'
import type { Organizations } from '../../model/index.ts'
import { notSupported, refuse } from './faults.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import type { Place } from './place.ts'
import { policyTypeKey } from './policies.ts'
import { findResource, type OrganizationResource } from './resource.ts'
import { addTags, removeTags, requestTags } from './tag.ts'
import { directionOf, transferKeys } from './transfers/transfer.ts'

/** Tags on roots, units, accounts, policies, the resource policy and transfers. */
export const tags = family<Organizations.Operations>()({
  TagResource: within('policyAdministrators', {
    on: (input) => input.ResourceId,
    context: (input, place) => ({
      ...keysOf(place, input.ResourceId),
      ...requestTags(input.Tags),
    }),
    run(input, place) {
      const resource = getResource(place, input.ResourceId)
      retagger(resource)(addTags(resource.tags, input.Tags))
    },
  }),

  UntagResource: within('policyAdministrators', {
    on: (input) => input.ResourceId,
    context: (input, place) => ({
      ...keysOf(place, input.ResourceId),
      'aws:TagKeys': input.TagKeys,
    }),
    run(input, place) {
      const resource = getResource(place, input.ResourceId)
      retagger(resource)(removeTags(resource.tags, input.TagKeys))
    },
  }),

  ListTagsForResource: within('administrators', {
    on: (input) => input.ResourceId,
    context: (input, place) => keysOf(place, input.ResourceId),
    run(input, place) {
      const resource = getResource(place, input.ResourceId)
      const { items, NextToken } = page(resource.tags, (tag) => tag.Key, { ...input, MaxResults: 50 })
      return { Tags: items, NextToken }
    },
  }),
})

function keysOf(place: Place, id: string): ContextKeys {
  return { ...policyTypeKey(place, id), ...transferKeys(directionOf(place, id)) }
}

function getResource(place: Place, id: string): OrganizationResource {
  const resource = findResource(place, id)
  if (resource === undefined) throw refuse('TargetNotFoundException')
  return resource
}

function retagger({ retag }: OrganizationResource) {
  if (retag === undefined) throw notSupported()
  return retag
}
