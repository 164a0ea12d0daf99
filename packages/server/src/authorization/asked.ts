import type { Asked, StoredEvent } from '../store/index.ts'
import type { AccessRequest } from './access.ts'

/**
 * Characters of an event's questions that are stored: a call may ask thousands, on names of 2,000 characters each.
 */
const charactersMost = 256 * 1024

/**
 * Returns the first questions of a call, as stored with its event, and a mark if there were more (behaviour TRL-89).
 * Questions that need no permission are left out.
 */
export function askedOf(requests: readonly AccessRequest[]): Pick<StoredEvent, 'asked' | 'askedCut'> {
  const kept: Asked[] = []
  let characters = 0
  for (const { action, resource, context, exempt } of requests) {
    if (exempt === true) continue
    const passedTo = context?.['iam:PassedToService']
    const asked = { action, resource, ...(typeof passedTo === 'string' ? { passedTo } : {}) }
    characters += action.length + resource.length + (asked.passedTo?.length ?? 0)
    if (characters > charactersMost) return { asked: kept, askedCut: true }
    kept.push(asked)
  }
  return { asked: kept }
}
