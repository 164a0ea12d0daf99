import { Context, type Principal, principalContext } from '@omen-iam/policy'
import { isoSeconds } from '../base/index.ts'
import {
  type Caller,
  isSigned,
  type RoleCaller,
  type SessionClaims,
  signInSessionArn,
} from '../session/index.ts'
import type { ContextKeys } from './access.ts'
import { type Call, regionOf } from './call.ts'
import { addOrganizationKeys } from './organization.ts'
import { isSeen } from './tag-twins.ts'

/** Returns the caller as policies see it. */
export function principalOf(caller: Caller): Principal {
  switch (caller.kind) {
    case 'root':
    case 'assumedRoot':
      return { type: 'root', arn: caller.arn, account: caller.account }
    case 'user':
      return { type: 'user', arn: caller.arn, account: caller.account, id: caller.user.id }
    case 'role':
      return {
        type: 'roleSession',
        sessionArn: caller.arn,
        roleArn: caller.roleArn,
        account: caller.account,
        roleId: caller.role.id,
        serviceLinked: caller.role.linkedService !== undefined,
      }
    case 'federated': {
      const { account, issuer, issuerArn } = caller
      return {
        type: 'federatedUser',
        arn: caller.arn,
        account,
        parent:
          issuer === undefined
            ? { type: 'root', arn: issuerArn, account }
            : { type: 'user', arn: issuerArn, account, id: issuer.id },
      }
    }
    case 'webIdentity':
    case 'saml':
      return { type: caller.kind, provider: caller.assertion.provider }
    case 'service':
      return { type: 'service', names: caller.names ?? [caller.name] }
    case 'center':
    case 'anonymous':
      return { type: 'anonymous' }
  }
}

/**
 * Returns the global condition keys of a call (behaviours POL-101 to POL-110); each request adds its own. @param
 * forwardedBy the service that makes the request with the caller's credentials, if the call itself is the caller's
 */
export function globalContext(call: Call, principal: Principal, forwardedBy?: string): Context {
  const context = new Context(principalContext(principal))
  // every service has a type, and that of most is not known (behaviour GRD-209)
  if (principal.type === 'service') context.leaveOpen(isTypeOfPrincipal)
  const { caller, origin, now } = call
  context.set('aws:CurrentTime', () => isoSeconds(now))
  context.set('aws:EpochTime', () => Math.floor(now / 1000))
  context.set('aws:SecureTransport', origin.secure)
  context.set('aws:UserAgent', origin.userAgent)
  // calls of a global service have its one region, whatever region they were signed for (behaviour POL-173)
  context.set('aws:RequestedRegion', regionOf(call))
  // a service that acts on its own has a name instead of an address, and no network that policies could use (behaviour
  // POL-174)
  const forwarding = forwardingKeys([origin.invokedBy, forwardedBy])
  addKeys(context, forwarding ?? { 'aws:ViaAWSService': false })
  if (forwarding === undefined && caller.kind !== 'service') context.set('aws:SourceIp', origin.sourceIp)
  callerKeys(context, caller, now)
  // services and bearers of assertions belong to no account, and so to no organization
  if ('account' in principal) {
    addOrganizationKeys(context, 'Principal', call.account, call.deps.directory)
  }
  return context
}

const isTypeOfPrincipal = (key: string) => key === 'aws:principaltype'

/**
 * Returns the keys of a request that services make with a caller's credentials, in the order of the chain; undefined if
 * the caller makes it (behaviours POL-110, GRD-200).
 */
export function forwardingKeys(chain: readonly (string | undefined)[]): ContextKeys | undefined {
  const services = chain.filter((service) => service !== undefined)
  if (services.length === 0) return undefined
  return {
    'aws:ViaAWSService': true,
    'aws:CalledVia': services,
    'aws:CalledViaFirst': services[0],
    'aws:CalledViaLast': services.at(-1),
  }
}

/**
 * Adds a request's own keys. Tags whose keys differ only in case are one condition key with one of their values
 * (behaviour POL-178).
 */
export function addKeys(context: Context, keys: ContextKeys | undefined): void {
  let tags: Map<string, string> | undefined
  for (const key in keys) {
    const value = keys[key]
    if (value === undefined) continue
    if (key.includes('/')) {
      tags ??= new Map()
      const name = key.toLowerCase()
      const twin = tags.get(name)
      if (twin !== undefined && isSeen(twin, key)) continue
      tags.set(name, key)
    }
    context.set(key, value)
  }
}

/** Returns `aws:userid` of a caller (behaviour POL-102). */
export function userIdOf(caller: Caller): string {
  switch (caller.kind) {
    case 'root':
    case 'assumedRoot':
      return caller.account
    case 'user':
      return caller.user.id
    case 'role':
      return `${caller.role.id}:${caller.session.sessionName}`
    case 'federated':
      return `${caller.account}:${caller.session.name}`
    case 'webIdentity':
    case 'saml':
      return caller.assertion.subject
    case 'service':
      return caller.name
    case 'center':
      return caller.userId
    case 'anonymous':
      return 'anonymous'
  }
}

/** Adds the keys that follow from the caller's session and tags. */
export function callerKeys(context: Context, caller: Caller, now: number): void {
  if (!isSigned(caller)) return
  const session = caller.session
  if (session !== undefined) {
    context.set('aws:TokenIssueTime', () => isoSeconds(session.issuedAt))
    // AWS has no information on MFA at another party's sign-in, so the key is absent (behaviour POL-105)
    if (!isVouchedFor(session)) context.set('aws:MultiFactorAuthPresent', session.mfaAt !== undefined)
    if (session.mfaAt !== undefined) {
      const mfaAt = session.mfaAt
      context.set('aws:MultiFactorAuthAge', () => Math.floor((now - mfaAt) / 1000))
    }
    if (session.byOAuth === true) context.set('aws:SignInSessionArn', signInSessionArn(caller))
  }
  if (caller.kind === 'assumedRoot') {
    context.set('aws:AssumedRoot', true)
    context.set('aws:SourceIdentity', caller.session.sourceIdentity)
  }
  if (caller.kind === 'user')
    for (const tag of caller.user.tags) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  if (caller.kind === 'role') roleKeys(context, caller)
  if (caller.kind === 'federated') {
    for (const tag of caller.issuer?.tags ?? []) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
    for (const tag of caller.session.tags ?? []) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  }
}

/** Sessions of federated identities: an identity provider or GetFederationToken gives the identity. */
function isVouchedFor(session: SessionClaims): boolean {
  if (session.kind === 'federated') return true
  return session.kind === 'role' && (session.origin === 'webIdentity' || session.origin === 'saml')
}

function roleKeys(context: Context, caller: RoleCaller): void {
  const { role, session } = caller
  // session tags are last: they override the role's tag of the same key (behaviour POL-055)
  for (const tag of role.tags) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  for (const tag of session.tags ?? []) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  context.set('aws:SourceIdentity', session.sourceIdentity)
  addKeys(context, session.serviceKeys)
  const provider = session.federated?.provider
  // AWS has none for sessions of a SAML provider (behaviour POL-172)
  if (provider?.includes(':saml-provider/') === false) context.set('aws:FederatedProvider', provider)
  for (const [key, values] of Object.entries(session.federated?.keys ?? {})) {
    context.set(key, values.length === 1 ? values[0] : values)
  }
}
