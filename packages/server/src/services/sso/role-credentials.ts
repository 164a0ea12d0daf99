import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  family,
  otherAccount,
} from '../../authorization/index.ts'
import {
  type FaultReason,
  fault,
  iamArn,
  isoSeconds,
  parseAccountId,
  samlAddress,
  uuid,
} from '../../base/index.ts'
import {
  type AtPortal,
  atPortal,
  attributeTags,
  identityStoreArn,
  issuerOf,
  lentTo,
  providerName,
  secondsOf,
  whyNotLent,
} from '../../center/index.ts'
import {
  type Account,
  type PermissionSet,
  provisionings,
  type Role,
  roles,
  samlProviderArn,
  samlProviders,
  type Tag,
  tagTexts,
} from '../../directory/index.ts'
import type { Sso } from '../../model/index.ts'
import { mint, type SamlCaller, sessionArn, userIdentity } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import { makeEvent } from '../../trail/index.ts'
import { ssoEvent } from './events.ts'
import { byAccessToken } from './portal.ts'

const action = 'sts:AssumeRoleWithSAML'
const bearer = byAccessToken<Sso.GetRoleCredentialsRequest>(({ roleName, accountId }) => ({
  role_name: roleName,
  account_id: accountId,
}))

/** GetRoleCredentials: a SAML assertion that is made in memory, and the trust of the reserved role (behaviour SSO-70). */
export const roleCredentials = family<Sso.Operations>()({
  GetRoleCredentials: {
    ...bearer,
    readOnly: false,
    accounts: (input) => {
      const account = parseAccountId(input.accountId)
      return [...bearer.accounts(input), ...(account === undefined ? [] : [account])]
    },
    requests: (input, call) => asked(lentRole(input, call)),
    run(input, call) {
      const lent = lentRole(input, call)
      const { account, role, set, caller, tags } = lent
      if (role === undefined)
        throw noAccess({ kind: 'notProvisioned', names: { set: set.name, account: account.id } })
      const { assertion } = caller
      const { place, user } = lent.person
      const { credentials } = mint(
        {
          kind: 'role',
          account: account.id,
          roleId: role.id,
          sessionName: assertion.sessionName,
          origin: 'saml',
          issuedAt: call.now,
          expiresAt: call.now + secondsOf(set.duration) * 1000,
          chain: [`${assertion.provider}:${assertion.subject}`],
          federated: { provider: assertion.provider, keys: assertion.keys },
          serviceKeys: {
            'identitystore:UserId': user.id,
            'identitystore:IdentityStoreArn': identityStoreArn(place.center, place.owner),
          },
          ...(tags.length > 0 && { tags }),
        },
        call.deps.tokens,
        call.deps.random,
      )
      minted.set(call.marks ?? call, assumeEvent(lent, role, credentials, call))
      return {
        roleCredentials: {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey,
          sessionToken: credentials.sessionToken,
          expiration: credentials.expiresAt,
        },
      }
    },
    event(input, output, call) {
      const portalEvents =
        call.caller.kind === 'center'
          ? [
              ssoEvent(call, call.caller, output !== undefined, {
                role_name: input.roleName,
                account_id: input.accountId,
              }),
            ]
          : []
      const assumed = output === undefined ? undefined : minted.get(call.marks ?? call)
      return { unrecorded: true, further: assumed === undefined ? portalEvents : [assumed, ...portalEvents] }
    },
  },
})

/** The events of the members in which calls assumed a role. */
const minted = new WeakMap<object, StoredEvent>()

interface LentRole {
  readonly person: AtPortal
  readonly account: Account
  /** As provisioned; undefined if it or its provider is gone. */
  readonly role: Role | undefined
  readonly set: PermissionSet
  readonly caller: SamlCaller
  readonly tags: readonly Tag[]
}

/** @throws Fault ForbiddenException if the set is not lent to the person there */
function lentRole(input: Sso.GetRoleCredentialsRequest, call: Call): LentRole {
  const person = atPortal(input.accessToken, call)
  const { place, user } = person
  const lent = lentTo(user, place).find(
    ({ account, set }) => account === input.accountId && set.name === input.roleName,
  )
  const account = lent && otherAccount(call, lent.account)
  if (lent === undefined || account === undefined)
    throw noAccess(whyNotLent(user, place, input.accountId, input.roleName))
  const { set } = lent
  const provisioned = place.owner.table(provisionings).find(`${account.id} ${set.id}`)
  const provider = providerName(place, account)
  const hasProvider = account.table(samlProviders).findBy('name', provider.toLowerCase()) !== undefined
  const role =
    hasProvider && provisioned !== undefined ? account.table(roles).find(provisioned.roleId) : undefined
  const tags = attributeTags(user, place.center)
  return {
    person,
    account,
    role,
    set,
    tags,
    caller: samlCaller(person, account, samlProviderArn(account, provider), tags),
  }
}

/** The assertion that Identity Center makes for the person. */
function samlCaller(
  { place, user, open }: AtPortal,
  account: Account,
  provider: string,
  tags: readonly Tag[],
): SamlCaller {
  const issuer = issuerOf(place, account.id)
  const audience = samlAddress(account.partition)
  // a session's name has fewer characters than a user's (behaviour SSO-71)
  const sessionName = user.userName
    .replace(/[^\w+=,.@-]/g, '_')
    .slice(0, 64)
    .padEnd(2, '_')
  const nameQualifier = Buffer.from(open.grant.id, 'base64url').toString('base64')
  return {
    kind: 'saml',
    account: account.id,
    assertion: {
      provider,
      id: `_${open.grant.id}`,
      issuer,
      subject: user.userName,
      subjectType: 'persistent',
      audience,
      nameQualifier,
      sessionName,
      tags,
      transitiveTagKeys: [],
      keys: {
        'saml:aud': [audience],
        'saml:iss': [issuer],
        'saml:sub': [user.userName],
        'saml:sub_type': ['persistent'],
        'saml:namequalifier': [nameQualifier],
        'saml:doc': [`${account.id}/${provider.slice(provider.lastIndexOf('/') + 1)}`],
      },
    },
  }
}

/** The questions of AssumeRoleWithSAML: trust, and the organization's policies (behaviour SSO-70). */
function asked({ account, role, caller, tags }: LentRole): readonly AccessRequest[] {
  const resource =
    role === undefined
      ? iamArn(account, 'role', '/', 'missing')
      : iamArn(account, 'role', role.path, role.name)
  const context: Record<string, ContextKeys[string]> = { 'sts:RoleSessionName': caller.assertion.sessionName }
  for (const [key, [value]] of Object.entries(caller.assertion.keys)) context[key] = value
  for (const { Key, Value } of tags) context[`aws:RequestTag/${Key}`] = Value
  if (tags.length > 0) context['aws:TagKeys'] = tags.map(({ Key }) => Key)
  const ask = (name: string): AccessRequest => ({
    action: name,
    resource,
    resourceAccount: account.id,
    asked: caller,
    context,
    resourcePolicy: { document: role?.trust, grant: 'trust', missing: role === undefined },
    refusedAs: { code: 'ForbiddenException', status: 403, text: 'No access' },
  })
  return tags.length === 0 ? [ask(action)] : [ask(action), ask('sts:TagSession')]
}

/** AssumeRoleWithSAML, in the member account. */
function assumeEvent(
  { account, caller, set, tags }: LentRole,
  role: Role,
  credentials: { readonly accessKeyId: string; readonly sessionToken: string; readonly expiresAt: number },
  call: Call,
): StoredEvent {
  const { assertion } = caller
  const roleArn = iamArn(account, 'role', role.path, role.name)
  return makeEvent({
    account: account.id,
    id: uuid(call.deps.random),
    time: call.now,
    identity: userIdentity(caller),
    username: assertion.subject,
    source: 'sts.amazonaws.com',
    name: 'AssumeRoleWithSAML',
    region: call.region,
    sourceIp: call.origin.sourceIp,
    userAgent: call.origin.userAgent,
    requestParameters: {
      sAMLAssertionID: assertion.id,
      roleSessionName: assertion.sessionName,
      roleArn,
      principalArn: assertion.provider,
      durationSeconds: secondsOf(set.duration),
      ...(tags.length > 0 && {
        principalTags: tagTexts(tags),
      }),
    },
    responseElements: {
      credentials: {
        accessKeyId: credentials.accessKeyId,
        sessionToken: credentials.sessionToken,
        expiration: isoSeconds(credentials.expiresAt),
      },
      assumedRoleUser: {
        assumedRoleId: `${role.id}:${assertion.sessionName}`,
        arn: sessionArn(account, role.name, assertion.sessionName),
      },
      subject: assertion.subject,
      subjectType: assertion.subjectType,
      issuer: assertion.issuer,
      audience: assertion.audience,
      nameQualifier: assertion.nameQualifier,
    },
    requestId: uuid(call.deps.random),
    readOnly: true,
    resources: [
      { accountId: account.id, type: 'AWS::IAM::Role', ARN: roleArn },
      { accountId: account.id, type: 'AWS::IAM::SAMLProvider', ARN: assertion.provider },
    ],
    type: 'AwsApiCall',
  })
}

/** The answer says no more than AWS's; `omen why` does (behaviour SSO-114). */
function noAccess(because: FaultReason) {
  return fault('ForbiddenException', 'No access', 403, {}, because)
}
