import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { TrailStatus } from '../client/trails.ts'
import { useText } from '../text/language.ts'
import { trailsText } from '../text/trails.ts'
import { Time } from './time.tsx'

/** Whether a trail logs. */
export function Logging({ status }: { readonly status: TrailStatus }) {
  const t = useText(trailsText)
  return (
    <StatusIndicator type={status.IsLogging ? 'success' : 'stopped'}>
      {status.IsLogging ? t.on : t.off}
    </StatusIndicator>
  )
}

/** When a trail delivered a file last, or why it could not. */
export function Delivered({ status }: { readonly status: TrailStatus }) {
  const t = useText(trailsText)
  const { LatestDeliveryTime, LatestDeliveryError = '' } = status
  if (LatestDeliveryError !== '')
    return <StatusIndicator type="error">{`${t.failure}: ${LatestDeliveryError}`}</StatusIndicator>
  if (LatestDeliveryTime === undefined) return t.never
  return <Time iso={new Date(LatestDeliveryTime * 1_000).toISOString()} />
}
