import type { AccessRequest } from '../../authorization/index.ts'

/** The question of an STS action without a resource: a refusal names none (behaviour STS-6). */
export function withoutResource(action: string): AccessRequest {
  return { action, resource: '*', resourceInSentence: null }
}
