import type { Asked } from '../store/index.ts'
import type { AccessRequest } from './access.ts'

/** The questions as they are kept beside a call's event; those that need no permission are none. */
export function askedOf(requests: readonly AccessRequest[]): readonly Asked[] {
  return requests
    .filter(({ exempt }) => exempt !== true)
    .map(({ action, resource, context }) => {
      const passedTo = context?.['iam:PassedToService']
      return { action, resource, ...(typeof passedTo === 'string' ? { passedTo } : {}) }
    })
}
