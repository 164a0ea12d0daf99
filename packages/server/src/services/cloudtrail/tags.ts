import { type Call, family } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import { type Trail, trails } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { notHere } from './faults.ts'
import { findOwnTrail, onTrails } from './find-trail.ts'
import { checkedTags, requestTags } from './tag.ts'
import { parseTrailReference } from './trail-name.ts'

/** Tags of trails, which these operations name by their ARN. */
export const tags = family<CloudTrail.Operations>()({
  AddTags: {
    requests: (input, call) => onTrails([input.ResourceId], call, requestTags(input.TagsList)),
    run(input, call) {
      const trail = tagged(input.ResourceId, call)
      call.account.table(trails).put({ ...trail, tags: checkedTags(input.TagsList, trail.tags) })
      return {}
    },
  },
  RemoveTags: {
    requests: (input, call) =>
      onTrails([input.ResourceId], call, { 'aws:TagKeys': input.TagsList.map(({ Key }) => Key) }),
    run(input, call) {
      const trail = tagged(input.ResourceId, call)
      const gone = new Set(input.TagsList.map(({ Key }) => Key))
      call.account.table(trails).put({ ...trail, tags: trail.tags.filter(({ Key }) => !gone.has(Key)) })
      return {}
    },
  },
  ListTags: {
    requests: (input, call) => onTrails(input.ResourceIdList, call),
    readOnly: true,
    run: (input, call) => ({
      ResourceTagList: input.ResourceIdList.map((id) => ({
        ResourceId: id,
        TagsList: tagged(id, call).tags.map(({ Key, Value }) => ({ Key, Value })),
      })),
    }),
  },
})

/** Returns the trail of an ARN. A missing one is a resource that is not found (behaviour CTR-14). */
function tagged(arn: string, call: Call): Trail {
  if (!arn.startsWith('arn:')) throw fault('CloudTrailARNInvalidException', `${arn} is not a valid ARN.`, 400)
  if (/^arn:[^:]*:cloudtrail:[^:]*:\d{12}:(?:eventdatastore|channel|dashboard)\//.test(arn))
    throw notHere('Event data stores, channels and dashboards are not kept')
  const { account, homeRegion } = parseTrailReference(arn)
  if (account !== call.account.id)
    throw foreign(`AccountID in ARN is wrong`, `with AccountID ${call.account.id}`)
  if (homeRegion !== call.region) throw foreign('Region in ARN is wrong', `in region ${call.region}`)
  const trail = findOwnTrail(arn, call)
  if (trail === undefined)
    throw fault('ResourceNotFoundException', `The resource ${arn} cannot be found.`, 400)
  return trail
}

function foreign(problem: string, where: string): Fault {
  return fault('CloudTrailARNInvalidException', `${problem}, you can only access resources ${where}.`, 400)
}
