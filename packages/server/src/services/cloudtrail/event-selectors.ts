import { family } from '../../authorization/index.ts'
import { type AdvancedEventSelector, type EventSelector, trailArn, trails } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { advancedIn, advancedOut, byField } from './advanced-selectors.ts'
import { basicIn, basicOut } from './basic-selectors.ts'
import { invalidSelectors } from './faults.ts'
import { getTrail, onTrails, ownTrail } from './find-trail.ts'

/** The events that a trail delivers. */
export const eventSelectors = family<CloudTrail.Operations>()({
  PutEventSelectors: {
    requests: (input, call) => onTrails([input.TrailName], call),
    run(input, call) {
      const { selectors: _, advancedSelectors: __, ...trail } = ownTrail(input.TrailName, call)
      const { EventSelectors: basic, AdvancedEventSelectors: advanced } = input
      if ((basic === undefined) === (advanced === undefined))
        throw invalidSelectors('Specify either event selectors or advanced event selectors.')
      const changed =
        basic !== undefined
          ? { ...trail, selectors: basicIn(basic) }
          : { ...trail, advancedSelectors: advancedIn(advanced ?? []) }
      call.account.table(trails).put(changed)
      return { TrailARN: trailArn(call.account, trail), ...selectorsOut(changed) }
    },
  },
  GetEventSelectors: {
    requests: (input, call) => onTrails([input.TrailName], call),
    run(input, call) {
      const { trail, owner } = getTrail(input.TrailName, call)
      const sorted = trail.advancedSelectors?.map(byField)
      const trailShown = sorted === undefined ? trail : { ...trail, advancedSelectors: sorted }
      return { TrailARN: trailArn(owner, trail), ...selectorsOut(trailShown) }
    },
  },
})

const everything: EventSelector = {
  readWriteType: 'All',
  includeManagementEvents: true,
  dataResources: [],
  excludeSources: [],
}

function selectorsOut(trail: {
  readonly selectors?: readonly EventSelector[]
  readonly advancedSelectors?: readonly AdvancedEventSelector[]
}) {
  if (trail.advancedSelectors !== undefined)
    return { AdvancedEventSelectors: trail.advancedSelectors.map(advancedOut) }
  return { EventSelectors: (trail.selectors ?? [everything]).map(basicOut) }
}
