import { literalPattern } from '../match/literal.ts'
import type { Request } from '../request/request.ts'

/**
 * A pattern that fits the request's resource and, beside the request's action, no other. `arn:aws:s3:::*` is what an
 * action on all of a service asks about: if the statement has no other action, `*` means the same and is written so. Of a
 * resource with a random name it is the pattern of such names.
 */
export function resourcePattern({ resource, resourcePattern: random }: Request, isAlone: boolean): string {
  if (random !== undefined) return random
  return isAlone && /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*$/.test(resource) ? '*' : literalPattern(resource)
}

/** Whether a value of a policy has a variable: `${*}`, `${?}` and `${$}` are characters. */
export function hasVariable(value: string): boolean {
  return /\$\{(?![*?$]\})/.test(value)
}
