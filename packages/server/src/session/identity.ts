import { isoSeconds } from '../base/index.ts'
import {
  type Caller,
  type FederatedCaller,
  isSigned,
  type RoleCaller,
  type RootCaller,
  type SignedCaller,
  type UserCaller,
} from './caller.ts'
import { signInSessionArn } from './sign-in.ts'

/** Returns CloudTrail's userIdentity of a caller, with AWS's order of members (behaviours TRL-20 to TRL-29). */
export function userIdentity(caller: Caller, invokedBy?: string): Readonly<Record<string, unknown>> {
  const identity = withoutNoKey(identityOf(caller))
  return invokedBy === undefined || caller.kind === 'service' ? identity : { ...identity, invokedBy }
}

/** A caller that a code or a token of OAuth proves has no key (behaviour SSO-15). */
function withoutNoKey(identity: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (identity.accessKeyId !== '') return identity
  const { accessKeyId: _, ...rest } = identity
  return rest
}

/** Returns the identity in a sign-in's own event, without key and session (behaviour SGN-12). */
export function signInIdentity(caller: Caller): Readonly<Record<string, unknown>> {
  const { accessKeyId: _, sessionContext: __, ...identity } = identityOf(caller)
  return identity
}

/** Returns the caller as the other account's event shows it: only its origin (behaviour TRL-28). */
export function foreignIdentity(caller: Caller): Readonly<Record<string, unknown>> {
  const own = identityOf(caller)
  if (!isSigned(caller)) return own
  return { type: 'AWSAccount', principalId: own.principalId, accountId: caller.account }
}

function identityOf(caller: Caller): Readonly<Record<string, unknown>> {
  switch (caller.kind) {
    case 'root':
      return {
        type: 'Root',
        principalId: caller.account,
        arn: caller.arn,
        accountId: caller.account,
        accessKeyId: caller.accessKeyId,
        ...userSession(caller),
      }
    case 'user':
      return {
        type: 'IAMUser',
        principalId: caller.user.id,
        arn: caller.arn,
        accountId: caller.account,
        accessKeyId: caller.accessKeyId,
        userName: caller.user.name,
        ...userSession(caller),
      }
    case 'role':
      return roleIdentity(caller)
    case 'federated':
      return federatedIdentity(caller)
    case 'assumedRoot':
      return {
        type: 'Root',
        principalId: caller.account,
        arn: caller.arn,
        accountId: caller.account,
        accessKeyId: caller.accessKeyId,
        sessionContext: { attributes: attributes(caller.session), assumedRoot: 'true' },
      }
    case 'webIdentity': {
      const { provider, audience, subject } = caller.assertion
      return {
        type: 'WebIdentityUser',
        principalId: `${provider}:${audience}:${subject}`,
        userName: subject,
        identityProvider: provider,
      }
    }
    case 'saml': {
      const { provider, nameQualifier, subject } = caller.assertion
      return {
        type: 'SAMLUser',
        principalId: `${nameQualifier}:${subject}`,
        userName: subject,
        identityProvider: provider,
      }
    }
    case 'service':
      return { type: 'AWSService', invokedBy: caller.name }
    case 'center':
      return {
        type: 'IdentityCenterUser',
        accountId: caller.account,
        onBehalfOf: { userId: caller.userId, identityStoreArn: caller.storeArn },
        credentialId: caller.credentialId,
      }
    case 'anonymous':
      return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
  }
}

function userSession(caller: RootCaller | UserCaller) {
  if (caller.session === undefined) return {}
  return { sessionContext: { attributes: attributes(caller.session), ...signIn(caller) } }
}

function signIn(caller: Caller) {
  const signInSession = signInSessionArn(caller)
  return signInSession === undefined ? {} : { signInSessionArn: signInSession }
}

function roleIdentity(caller: RoleCaller) {
  const { role, session } = caller
  return {
    type: 'AssumedRole',
    principalId: `${role.id}:${session.sessionName}`,
    arn: caller.arn,
    accountId: caller.account,
    accessKeyId: caller.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.id,
        arn: caller.roleArn,
        accountId: caller.account,
        userName: role.name,
      },
      ...(session.federated === undefined
        ? {}
        : { webIdFederationData: { federatedProvider: session.federated.provider, attributes: {} } }),
      attributes: attributes(session),
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
      ...signIn(caller),
      ...(session.service === 'ec2.amazonaws.com'
        ? { ec2RoleDelivery: session.serviceKeys?.['ec2:RoleDelivery'] ?? '2.0' }
        : {}),
    },
    ...scope(session),
    ...behalf(session),
  }
}

/** The person of IAM Identity Center behind a session of a reserved role (behaviour SSO-74). */
function behalf({ serviceKeys }: RoleCaller['session']) {
  const userId = serviceKeys?.['identitystore:UserId']
  if (userId === undefined) return {}
  return { onBehalfOf: { userId, identityStoreArn: serviceKeys?.['identitystore:IdentityStoreArn'] } }
}

/** The kinds of resources that a service gives a session to, with the key that names the resource (behaviour TRL-94). */
const scopes: readonly (readonly [key: string, type: string])[] = [
  ['ec2:SourceInstanceARN', 'AWS::EC2::Instance'],
  ['lambda:SourceFunctionArn', 'AWS::Lambda::Function'],
]

function scope({ serviceKeys }: RoleCaller['session']) {
  const [key, issuerType] = scopes.find(([name]) => serviceKeys?.[name] !== undefined) ?? []
  return key === undefined ? {} : { inScopeOf: { issuerType, credentialsIssuedTo: serviceKeys?.[key] } }
}

function federatedIdentity(caller: FederatedCaller) {
  const { issuer, session } = caller
  return {
    type: 'FederatedUser',
    principalId: `${caller.account}:${session.name}`,
    arn: caller.arn,
    accountId: caller.account,
    accessKeyId: caller.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: issuer === undefined ? 'Root' : 'IAMUser',
        principalId: issuer?.id ?? caller.account,
        arn: caller.issuerArn,
        accountId: caller.account,
        ...(issuer === undefined ? {} : { userName: issuer.name }),
      },
      attributes: attributes(session),
    },
  }
}

function attributes(session: { readonly issuedAt: number; readonly mfaAt?: number }) {
  return {
    creationDate: isoSeconds(session.issuedAt),
    mfaAuthenticated: session.mfaAt === undefined ? 'false' : 'true',
  }
}

/** Returns the user name of LookupEvents: the user's, the session's, or the bearer's of an assertion. */
export function eventUsername(caller: Caller): string | undefined {
  if (isSigned(caller)) return callerName(caller)
  if (caller.kind === 'center') return caller.userName
  return caller.kind === 'webIdentity' || caller.kind === 'saml' ? caller.assertion.subject : undefined
}

/** Returns a signed caller's name: the user's, or the session's. */
export function callerName(caller: SignedCaller): string {
  switch (caller.kind) {
    case 'user':
      return caller.user.name
    case 'role':
      return caller.session.sessionName
    case 'federated':
      return caller.session.name
    case 'root':
    case 'assumedRoot':
      return 'root'
  }
}
