import { type AccessRequest, accessDenied, type Call, refuses } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import { isSigned } from '../session/index.ts'

/** The end of a secret's ARN that is not known. */
const unknownEnd = '-??????'

/**
 * S3 quotes ARNs, and gives no details to callers of other accounts (behaviour GRD-72). A secret to be made has its name
 * alone (behaviour GRD-213).
 */
export function inWords(access: AccessRequest, call: Call): AccessRequest {
  const { action, resource, resourceInSentence } = access
  if (
    action.startsWith('secretsmanager:') &&
    resource.endsWith(unknownEnd) &&
    resourceInSentence === undefined
  )
    return { ...access, resourceInSentence: resource.slice(0, -unknownEnd.length).replace(/^.*:secret:/, '') }
  if (!access.action.startsWith('s3:')) return access
  const owner = access.resourceAccount
  const outsider = !isSigned(call.caller) || (owner !== undefined && owner !== call.account.id)
  return outsider
    ? { ...access, refusal: 'Access Denied' }
    : { ...access, resourceInSentence: `"${access.resource}"` }
}

/** Services with a code of their own, or with a spelling of their actions (behaviours GRD-73, GRD-220). */
const ownWords: Readonly<Record<string, OwnWords>> = {
  sns: { code: 'AuthorizationError', spelt: (action) => action.replace('sns:', 'SNS:') },
  sqs: { status: 403, spelt: (action) => action.toLowerCase() },
}

interface OwnWords {
  readonly code?: string
  readonly status?: number
  spelt(action: string): string
}

/** A refusal in the service's own code and spelling, unless it has a code already. */
export function inCode(refused: Fault, { service, account }: Call): Fault {
  if (service.id === 'kms') return fault(refused.code, ofOwnKeys(refused.message, account.id), refused.status)
  const own = ownWords[service.id]
  const common = accessDenied('', service.protocol).code
  if (own === undefined || refused.code !== common) return refused
  const action = new RegExp(`(?<=(?:perform:|allows the) )${service.signingName}:\\w+`, 'g')
  const message = refused.message.replace(action, (text) => own.spelt(text))
  return fault(own.code ?? common, message, own.status ?? refused.status)
}

/** AWS KMS names no key of another account (behaviour GRD-202). */
function ofOwnKeys(message: string, account: string): string {
  const key = / on resource: arn:[\w-]+:kms:[\w-]*:(\d{12}):\S+/.exec(message)
  return key === null || key[1] === account ? message : message.replace(key[0], ' on this resource')
}

/** Refuses a call for a reason outside policies; returns the reason if audit mode allows the call. @throws Fault */
export function refuse(because: string | Fault, call: Call): string {
  if (typeof because !== 'string') {
    if (refuses(call.mode)) throw because
    return because.message
  }
  if (refuses(call.mode)) throw inCode(accessDenied(because, call.service.protocol), call)
  return because
}
