import type { Call } from '../../authorization/index.ts'
import { validationError } from './faults.ts'

/**
 * The name given, or the calling user's own where none is (behaviour IAM-55).
 * @throws Fault ValidationError where the caller is no user
 */
export function callingUserName(input: { readonly UserName?: string | undefined }, call: Call): string {
  if (input.UserName !== undefined) return input.UserName
  if (call.caller.kind === 'user') return call.caller.user.name
  throw validationError('Must specify userName when calling with non-User credentials')
}
