import type { AccessRequest } from '../../authorization/index.ts'

/** The question of an action of STS without a resource: a refusal names none (behaviour STS-6). */
export function withoutResource(action: string): AccessRequest {
  return { action, resource: '*', resourceInSentence: null }
}
