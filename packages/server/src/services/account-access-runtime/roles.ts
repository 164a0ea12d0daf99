import { type Call, family, otherAccount } from '../../authorization/index.ts'
import {
  type AccountId,
  accountInArn,
  bearerToken,
  type Fault,
  fault,
  peopleBeside,
} from '../../base/index.ts'
import {
  type AtPortal,
  accessAtPortal,
  attributeTags,
  byBearer,
  entitledKey,
  entitledTo,
  identityStoreArn,
  ownerInToken,
  type PortalScope,
  pageOf,
  portalEvent,
  workingAccess,
} from '../../center/index.ts'
import {
  type Account,
  accessApplicationArn,
  accessService,
  findRole,
  newestAccount,
} from '../../directory/index.ts'
import type { AccountAccessRuntime } from '../../model/index.ts'
import type { MintedCredentials } from '../../session/index.ts'

interface Brought {
  readonly authorization?: string | undefined
  readonly tenantId: string
}

/** An operation with a bearer token of IAM Identity Center. */
function byToken<Input extends Brought>(detailsOf: (input: Input) => object | undefined) {
  return byBearer<Input>({
    tokenOf: ({ authorization }) => bearerToken(authorization),
    personAt: (token, call) => accessAtPortal(token, undefined, call),
    eventOf: (call, caller, output, input) =>
      portalEvent(call, caller, {
        source: 'account-access-runtime.amazonaws.com',
        // the service logs ids of users, and no names (behaviour SSO-187)
        username: caller.userId,
        ...(output === undefined && { error: { code: 'AccessDeniedException', message: refusal } }),
        details: detailsOf(input),
      }),
  })
}

/** The roles of a person, and credentials of them. */
export const roles = family<AccountAccessRuntime.Operations>()({
  ListRoles: {
    ...byToken<AccountAccessRuntime.ListRolesRequest>(() => undefined),
    run(input, call) {
      const { user, place } = personOf(input, 'account_access:read_only', call)
      const { items, NextToken } = pageOf(entitledTo(user, place), entitledKey, {
        MaxResults: input.maxResults,
        NextToken: input.nextToken,
      })
      return {
        roles: items.map(({ account, accountName, roleArn }) => ({
          accountId: account,
          accountName,
          roleArn,
        })),
        nextToken: NextToken,
      }
    },
  },
  GetRoleCredentials: {
    ...byToken<AccountAccessRuntime.GetRoleCredentialsRequest>(({ roleArn }) => ({ roleArn })),
    readOnly: false,
    accounts: ({ authorization, roleArn }) => {
      const owner = ownerInToken(bearerToken(authorization))
      const target = accountInArn(roleArn)
      return [
        ...(owner === undefined ? [] : [owner, peopleBeside(owner)]),
        ...(target === undefined ? [] : [target]),
      ]
    },
    async act(input, call) {
      const person = personOf(input, 'account_access:assume', call)
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = await assumed(input, person, call)
      return {
        credentialsDetails: {
          programmaticAccess: {
            accessKeyId,
            secretAccessKey,
            sessionToken,
            expiresAt: Math.floor(expiresAt / 1000) * 1000,
          },
        },
      }
    },
  },
})

const refusal = 'You are not authorized to perform this action.'

/** The words of the service are not known (behaviour SSO-184); `omen why` says more (behaviour SSO-193). */
function denied(kind: string, names: Readonly<Record<string, string>> = {}): Fault {
  return fault('AccessDeniedException', refusal, 403, {}, { kind, names })
}

/** Returns the person of a token, at the tenant of its directory. @throws Fault UnauthorizedException, AccessDeniedException */
function personOf({ authorization, tenantId }: Brought, scope: PortalScope, call: Call): AtPortal {
  const person = accessAtPortal(bearerToken(authorization), scope, call)
  if (workingAccess(person.place.owner)?.tenant !== tenantId) throw denied('noTenant', { tenant: tenantId })
  return person
}

/** The service assumes the role for the person. @throws Fault */
async function assumed(
  { roleArn, sessionName, sessionDuration }: AccountAccessRuntime.GetRoleCredentialsRequest,
  { user, place }: AtPortal,
  call: Call,
): Promise<MintedCredentials> {
  const application = workingAccess(place.owner)
  const entitled = entitledTo(user, place).find((each) => each.roleArn === roleArn)
  if (application === undefined || entitled === undefined)
    throw denied('notEntitled', { user: user.userName, role: roleArn })
  const account = await newest(entitled.account, call)
  const role = account && findRole(account, roleArn)
  if (account === undefined || role === undefined) throw denied('noRole', { role: roleArn })
  const lifetimeSeconds = sessionDuration ?? role.maxSessionSeconds
  if (lifetimeSeconds > role.maxSessionSeconds)
    throw fault(
      'ValidationException',
      `The session duration exceeds the maximum of the role: ${role.maxSessionSeconds} seconds.`,
      400,
    )
  const request = {
    account,
    role,
    service: accessService,
    sessionName: sessionName ?? user.id,
    lifetimeSeconds,
    region: call.region,
    context: {
      'aws:SourceAccount': place.owner.id,
      'aws:SourceArn': accessApplicationArn(application, place.owner),
      'sts:RequestContextProviders': `arn:${account.partition}:iam::aws:contextProvider/IdentityCenter`,
      'sts:RequestContext/identitystore:UserId': user.id,
    },
    setsContext: true,
    serviceKeys: {
      'identitystore:UserId': user.id,
      'identitystore:IdentityStoreArn': identityStoreArn(place.center, place.owner),
    },
  }
  // a role that lets the service give no tags is assumed without them (behaviour SSO-183)
  const credentials = await call.deps.assumeForService({
    ...request,
    optionalTags: attributeTags(user, place.center),
  })
  if (credentials === undefined) throw denied('roleRefuses', { role: roleArn })
  return credentials
}

async function newest(id: AccountId, call: Call): Promise<Account | undefined> {
  return (await newestAccount(call.deps.directory, id)) ?? otherAccount(call, id)
}
