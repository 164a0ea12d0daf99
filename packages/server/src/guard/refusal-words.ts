import { type AccessRequest, accessDenied, type Call, refuses } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import { isSigned } from '../session/index.ts'

/** S3 quotes ARNs, and gives no details to callers of other accounts (behaviour GRD-72). */
export function inWords(access: AccessRequest, call: Call): AccessRequest {
  if (!access.action.startsWith('s3:')) return access
  const owner = access.resourceAccount
  const outsider = !isSigned(call.caller) || (owner !== undefined && owner !== call.account.id)
  return outsider
    ? { ...access, refusal: 'Access Denied' }
    : { ...access, resourceInSentence: `"${access.resource}"` }
}

/** Codes of refusals in services that do not have their protocol's (behaviour GRD-73). */
const ownCodes: Readonly<Record<string, string>> = { sns: 'AuthorizationError' }

/** A refusal in the service's own code. */
export function inCode(refused: Fault, { service }: Call): Fault {
  const code = ownCodes[service.id]
  return code === undefined ? refused : fault(code, refused.message, refused.status)
}

/** Refuses a call for a reason outside policies; returns the reason if audit mode allows the call. @throws Fault */
export function refuse(because: string, call: Call): string {
  if (refuses(call.mode)) throw inCode(accessDenied(because, call.service.protocol), call)
  return because
}
