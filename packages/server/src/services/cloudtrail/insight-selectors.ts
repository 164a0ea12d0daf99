import { family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { trailArn } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { notHere } from './faults.ts'
import { getTrail, onTrails, ownTrail } from './find-trail.ts'

/** Omen computes no insights: they are always off, and can only be turned off (behaviour CTR-11). */
export const insightSelectors = family<CloudTrail.Operations>()({
  PutInsightSelectors: {
    requests: (input, call) => onTrails([input.TrailName ?? input.EventDataStore ?? '*'], call),
    run(input, call) {
      const trail = ownTrail(trailNameIn(input), call)
      if (input.InsightSelectors.length > 0)
        throw notHere(
          'Without an upstream that has the trails (omen guard --forward cloudtrail), Insights events are not made',
        )
      return { TrailARN: trailArn(call.account, trail), InsightSelectors: [] }
    },
  },
  GetInsightSelectors: {
    requests: (input, call) => onTrails([input.TrailName ?? input.EventDataStore ?? '*'], call),
    run(input, call) {
      const { trail } = getTrail(trailNameIn(input), call)
      throw fault(
        'InsightNotEnabledException',
        `Trail ${trail.name} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
        400,
      )
    },
  },
})

function trailNameIn(
  input: Pick<CloudTrail.GetInsightSelectorsRequest, 'TrailName' | 'EventDataStore'>,
): string {
  if (input.EventDataStore !== undefined) throw notHere('Event data stores are not kept')
  if (input.TrailName === undefined)
    throw fault('InvalidParameterCombinationException', 'Specify a trail.', 400)
  return input.TrailName
}
