import { type AccessRequest, type Call, type ContextKeys, otherAccount } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type Account, findRole, type Role } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import type { Assertion, SamlCaller, WebIdentityCaller } from '../../session/index.ts'
import { parseBearersRoleArn } from './role.ts'
import { beginRoleSession, type RoleSession } from './role-session.ts'
import { sessionPolicies } from './session-policy.ts'
import { tagKeys } from './session-tags.ts'

/** What the bearer of an assertion asks of a role's trust policy, which alone decides (behaviour POL-066). */
export function federatedRequests(
  action: string,
  roleArn: string,
  sessionName: string,
  { assertion }: WebIdentityCaller | SamlCaller,
  call: Call,
): readonly AccessRequest[] {
  const { account } = parseBearersRoleArn(roleArn)
  const owner = otherAccount(call, account)
  const role = owner && findRole(owner, roleArn)
  const { tags, transitiveTagKeys, sourceIdentity } = assertion
  const context: Record<string, ContextKeys[string]> = {
    'sts:RoleSessionName': sessionName,
    'sts:SourceIdentity': sourceIdentity,
    ...tagKeys(tags, transitiveTagKeys),
  }
  for (const [key, values] of Object.entries(assertion.keys))
    context[key] = values.length === 1 ? values[0] : values
  for (const { Key, Value } of role?.tags ?? []) {
    context[`aws:ResourceTag/${Key}`] = context[`iam:ResourceTag/${Key}`] = Value
  }
  const ask = (asked: string): AccessRequest => ({
    action: asked,
    resource: roleArn,
    resourceAccount: account,
    context,
    resourcePolicy: { document: role?.trust, grant: 'trust', missing: role === undefined },
    refusal: refusalOf(asked),
  })
  const requests = [ask(action)]
  if (tags.length > 0) requests.push(ask('sts:TagSession'))
  if (sourceIdentity !== undefined) requests.push(ask('sts:SetSourceIdentity'))
  return requests
}

interface FederatedRole {
  readonly account: Account
  readonly role: Role
}

/** The role, for a call that was let through. @throws Fault where there is none (modes audit and off) */
export function federatedRole(action: string, roleArn: string, call: Call): FederatedRole {
  const account = otherAccount(call, parseBearersRoleArn(roleArn).account)
  const role = account && findRole(account, roleArn)
  if (account !== undefined && role !== undefined) return { account, role }
  throw fault('AccessDenied', refusalOf(action), 403)
}

/** Begins the session of the role that an assertion's bearer may have. */
export function beginFederatedSession(
  { account, role }: FederatedRole,
  { assertion, kind: origin }: WebIdentityCaller | SamlCaller,
  input: Sts.AssumeRoleWithWebIdentityRequest | Sts.AssumeRoleWithSAMLRequest,
  { sessionName, seconds }: { readonly sessionName: string; readonly seconds: number },
  call: Call,
): RoleSession {
  return beginRoleSession(
    {
      account,
      role,
      sessionName,
      seconds,
      origin,
      chain: [`${assertion.provider}:${assertion.subject}`],
      policies: sessionPolicies(input.Policy, input.PolicyArns, account),
      tags: assertion.tags,
      transitiveTagKeys: assertion.transitiveTagKeys,
      sourceIdentity: assertion.sourceIdentity,
      federated: { provider: assertion.provider, keys: assertion.keys },
      minimumTokenSize: input.MinimumSessionTokenSize,
    },
    call,
  )
}

/** What CloudTrail writes of an assertion beside what was asked for: what it brought (behaviours STS-97 and STS-107). */
export function assertedForEvent({ sourceIdentity, tags, transitiveTagKeys }: Assertion) {
  return {
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(tags.length > 0 && { principalTags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
  }
}

/** Nobody is named, and no resource (behaviour STS-80). */
function refusalOf(action: string): string {
  return `Not authorized to perform ${action}`
}
