import { family } from '../../authorization/index.ts'
import { type AccessApplication, accessApplications } from '../../directory/index.ts'
import type { AccountAccess } from '../../model/index.ts'
import { type AccessPlace, getPlace, onApplication } from './place.ts'
import { checkTags, requestTags, tagsMap } from './tag.ts'

/** Tags of the application. */
export const tags = family<AccountAccess.Operations>()({
  ListTagsForResource: onApplication(
    ({ resourceArn }: AccountAccess.ListTagsForResourceRequest) => resourceArn,
    (input, call) => ({ tags: tagsMap(getPlace(input.resourceArn, call).application.tags) }),
  ),
  TagResource: onApplication(
    ({ resourceArn }: AccountAccess.TagResourceRequest) => resourceArn,
    (input, call) => {
      const place = getPlace(input.resourceArn, call)
      const tagsAfter = { ...tagsMap(place.application.tags), ...input.tags }
      retag(place, checkTags(tagsAfter), call.now)
      return {}
    },
    { keys: (input) => requestTags(input.tags) },
  ),
  UntagResource: onApplication(
    ({ resourceArn }: AccountAccess.UntagResourceRequest) => resourceArn,
    (input, call) => {
      const place = getPlace(input.resourceArn, call)
      const gone = new Set(input.tagKeys)
      const left = place.application.tags.filter(({ Key }) => !gone.has(Key))
      retag(place, left, call.now)
      return {}
    },
    { keys: (input) => ({ 'aws:TagKeys': input.tagKeys }) },
  ),
})

function retag({ application, owner }: AccessPlace, tags: AccessApplication['tags'], now: number): void {
  owner.table(accessApplications).put({ ...application, tags, updatedAt: now })
}
