import type { Call, Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { trails } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { notHere } from './faults.ts'
import { arnOf, ownTrail } from './find-trail.ts'
import { checkedTags, requestTags } from './tag.ts'

/** Tags of trails, which are named by their ARN here. */
export const tags: Family<CloudTrail.Operations, 'AddTags' | 'RemoveTags' | 'ListTags'> = {
  AddTags: {
    resource: (input, call) => arnOf(input.ResourceId, call),
    context: (input) => requestTags(input.TagsList),
    run(input, call) {
      const trail = tagged(input.ResourceId, call)
      call.account.table(trails).put({ ...trail, tags: checkedTags(input.TagsList, trail.tags) })
      return {}
    },
  },
  RemoveTags: {
    resource: (input, call) => arnOf(input.ResourceId, call),
    context: (input) => ({ 'aws:TagKeys': input.TagsList.map(({ Key }) => Key) }),
    run(input, call) {
      const trail = tagged(input.ResourceId, call)
      const gone = new Set(input.TagsList.map(({ Key }) => Key))
      call.account.table(trails).put({ ...trail, tags: trail.tags.filter(({ Key }) => !gone.has(Key)) })
      return {}
    },
  },
  ListTags: {
    resource: (input, call) => input.ResourceIdList.map((id) => arnOf(id, call)),
    readOnly: true,
    run: (input, call) => ({
      ResourceTagList: input.ResourceIdList.map((id) => ({
        ResourceId: id,
        TagsList: tagged(id, call).tags.map(({ Key, Value }) => ({ Key, Value })),
      })),
    }),
  },
}

function tagged(arn: string, call: Call) {
  if (!arn.startsWith('arn:')) throw fault('CloudTrailARNInvalidException', `${arn} is not a valid ARN.`, 400)
  if (/^arn:[^:]*:cloudtrail:[^:]*:\d{12}:(?:eventdatastore|channel|dashboard)\//.test(arn))
    throw notHere('Event data stores, channels and dashboards are not kept')
  return ownTrail(arn, call)
}
