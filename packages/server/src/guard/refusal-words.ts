import type { AccessRequest, Call } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import { enforce } from '../pipeline/index.ts'
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
  if (enforce(call.mode, { denied: true }) === 'refuse') throw inCode(denial(call, because), call)
  return because
}

/** A refusal outside policies, in the code of the service's protocol. */
function denial(call: Call, message: string): Fault {
  switch (call.service.protocol) {
    case 'ec2Query':
      return fault('UnauthorizedOperation', message, 403)
    case 'awsQuery':
    case 'restXml':
      return fault('AccessDenied', message, 403)
    case 'awsJson1_0':
    case 'awsJson1_1':
      return fault('AccessDeniedException', message, 400)
    case 'restJson':
      return fault('AccessDeniedException', message, 403)
  }
}
