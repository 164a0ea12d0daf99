import { family, prepared } from '../../authorization/index.ts'
import { isoSeconds } from '../../base/index.ts'
import { readDelivery, readLogsDelivery, type Trail, trails } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { getTrail, onTrails, ownTrail } from './find-trail.ts'

/** The most periods whose events wait for delivery. If nothing is ever delivered, the oldest are dropped. */
const mostPeriods = 100

/** Whether a trail logs, since when, and the state of its deliveries. */
export const logging = family<CloudTrail.Operations>()({
  StartLogging: {
    requests: (input, call) => onTrails([input.Name], call),
    run(input, call) {
      const trail = ownTrail(input.Name, call)
      if (!isLogging(trail)) {
        const periods = [...trail.periods, { from: call.now }].slice(-mostPeriods)
        call.account.table(trails).put({ ...trail, periods, startedAt: call.now })
      }
      return {}
    },
  },
  StopLogging: {
    requests: (input, call) => onTrails([input.Name], call),
    run(input, call) {
      const trail = ownTrail(input.Name, call)
      if (isLogging(trail)) call.account.table(trails).put(stopped(trail, call.now))
      return {}
    },
  },
  GetTrailStatus: prepared({
    requests: (input, call) => onTrails([input.Name], call),
    async prepare(input, call) {
      const { trail, owner } = getTrail(input.Name, call)
      const { store } = call.deps.directory
      const { state: delivery } = await readDelivery(owner, trail, store)
      const { state: logs } = trail.logs === undefined ? {} : await readLogsDelivery(owner, trail, store)
      return { delivery, logs }
    },
    run(input, call, { delivery, logs }) {
      const { trail } = getTrail(input.Name, call)
      return {
        IsLogging: isLogging(trail),
        LatestDeliveryError: delivery?.error,
        LatestDeliveryTime: delivery?.deliveredAt,
        LatestCloudWatchLogsDeliveryError: logs?.error,
        LatestCloudWatchLogsDeliveryTime: logs?.deliveredAt,
        StartLoggingTime: trail.startedAt,
        StopLoggingTime: trail.stoppedAt,
        LatestDigestDeliveryTime: delivery?.digestAt,
        LatestDeliveryAttemptTime: text(delivery?.attemptedAt),
        LatestNotificationAttemptTime: '',
        LatestNotificationAttemptSucceeded: '',
        LatestDeliveryAttemptSucceeded: text(delivery?.deliveredAt),
        TimeLoggingStarted: text(trail.startedAt),
        TimeLoggingStopped: text(trail.stoppedAt),
      }
    },
  }),
})

/** Returns the trail with its current period ended. */
export function stopped(trail: Trail, now: number): Trail {
  if (!isLogging(trail)) return trail
  const periods = trail.periods.map((period) => (period.to === undefined ? { ...period, to: now } : period))
  return { ...trail, periods, stoppedAt: now }
}

function isLogging({ periods }: Trail): boolean {
  const running = periods.at(-1)
  return running !== undefined && running.to === undefined
}

/** Returns instants as texts, as CloudTrail's older members have them; empty if there is none. */
function text(time: number | undefined): string {
  return time === undefined ? '' : isoSeconds(time)
}
