import type { AccessRequest, Call, Origin } from '../../authorization/index.ts'
import { type Fault, factsOf, fault } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { Signin } from '../../model/index.ts'

/** The command line on the computer of the browser, or on another one. */
export type ClientKind = 'same-device' | 'cross-device'

const devtools = /^arn:aws[\w-]*:signin:::devtools\/(same-device|cross-device)$/

/** Returns which of the two clients it is; undefined if it is none. */
export function clientKind(clientId: string): ClientKind | undefined {
  return devtools.exec(clientId)?.[1] as ClientKind | undefined // the pattern's own words
}

const external =
  /^arn:aws[\w-]*:signin:[a-z\d-]+::external-client\/dcr\/([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})$/

/** Returns the id of a program that registered itself; undefined if the client id is of another kind. */
export function externalId(clientId: string): string | undefined {
  return external.exec(clientId)?.[1]
}

/** The ARNs by which policies name the two clients (behaviour SSO-8). */
export function clientArn(clientId: string, { id, partition }: Account): string {
  const name = clientKind(clientId) === 'cross-device' ? 'remote' : 'localhost'
  return `arn:${partition}:signin:${factsOf(partition).globalRegion}:${id}:oauth2/public-client/${name}`
}

/**
 * The ARN by which policies name the resource of a token: a principal of a service. An endpoint of AWS is named by its
 * service, any other address by its host (behaviour SGN-66).
 */
export function resourceArn(resource: string, region: string, { id, partition }: Account): string {
  const host = resource.includes('://') && URL.canParse(resource) ? new URL(resource).host : resource
  const service = /^([a-z\d-]+)\.[a-z\d-]+\.api\.aws$/.exec(host)?.[1]
  const name = service === undefined ? host : `${service}.amazonaws.com`
  return `arn:${partition}:signin:${region}:${id}:service-principal/${name}`
}

/** Returns whether tokens may be asked for a resource: an address without a fragment, or a name. */
export function isResource(resource: string): boolean {
  if (resource.length > 1_024) return false
  if (/^[\w.:-]+$/.test(resource)) return true
  return /^https?:\/\/[\x21-\x7e]+$/.test(resource) && !/[#*\\]/.test(resource) && URL.canParse(resource)
}

/** The address of this server as the caller wrote it: clients make all of their addresses from it. */
export function baseOf({ secure, host }: Pick<Origin, 'secure' | 'host'>): string {
  return `${secure ? 'https' : 'http'}://${host}`
}

/** Where the code of a login on another computer is shown. */
export const confirmationPath = '/v1/sessions/confirmation'

/** Returns whether an answer may be sent to an address, which belongs to its client (behaviour SSO-3). */
export function isRedirectOf(kind: ClientKind, redirectUri: string, base: string): boolean {
  if (kind === 'cross-device') return redirectUri === `${base}${confirmationPath}`
  const port = /^http:\/\/127\.0\.0\.1:([1-9]\d{0,4})\/oauth\/callback$/.exec(redirectUri)?.[1]
  return port !== undefined && Number(port) < 65_536
}

/** The question whether an identity may give a program access, or tokens. @param keys of the condition */
export function ask(
  action: string,
  { clientId, resource }: { readonly clientId: string; readonly resource?: string | undefined },
  keys: Readonly<Record<string, string | undefined>>,
  { account, region }: Pick<Call, 'account' | 'region'>,
): AccessRequest {
  return {
    action,
    resource: resource === undefined ? clientArn(clientId, account) : resourceArn(resource, region, account),
    context: keys,
    refusedAs: {
      code: 'AccessDeniedException',
      status: 400,
      members: { error: 'INSUFFICIENT_PERMISSIONS' },
    },
  }
}

/** An error of the sign-in's API, with the code that clients read. */
export function oauthFault(
  code: 'AccessDeniedException' | 'ValidationException' | 'TooManyRequestsError',
  error: Signin.OAuth2ErrorCode,
  message: string,
): Fault {
  return fault(code, message, code === 'TooManyRequestsError' ? 429 : 400, { error })
}

/** A request that does not fit. */
export function invalidRequest(message: string): Fault {
  return oauthFault('ValidationException', 'INVALID_REQUEST', message)
}
