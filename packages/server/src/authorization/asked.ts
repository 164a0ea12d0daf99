import type { Asked } from '../store/index.ts'
import type { AccessRequest } from './access.ts'

/** Characters of one event's questions that are kept: a call may ask thousands, on names of 2,000 characters each. */
const charactersMost = 256 * 1024

/** The first questions, as they are kept beside a call's event; those that need no permission are none. */
export function askedOf(requests: readonly AccessRequest[]): readonly Asked[] {
  const kept: Asked[] = []
  let characters = 0
  for (const { action, resource, context, exempt } of requests) {
    if (exempt === true) continue
    const passedTo = context?.['iam:PassedToService']
    const asked = { action, resource, ...(typeof passedTo === 'string' ? { passedTo } : {}) }
    characters += action.length + resource.length + (asked.passedTo?.length ?? 0)
    if (characters > charactersMost) break
    kept.push(asked)
  }
  return kept
}
