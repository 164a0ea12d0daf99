import type { Call } from '../../authorization/index.ts'
import { validationError } from './faults.ts'

/**
 * Returns the given name, or the calling user's own if there is none (behaviour IAM-55). @throws Fault ValidationError
 * if the caller is not a user
 */
export function callingUserName(input: { readonly UserName?: string | undefined }, call: Call): string {
  if (input.UserName !== undefined) return input.UserName
  if (call.caller.kind === 'user') return call.caller.user.name
  throw validationError('Must specify userName when calling with non-User credentials')
}
