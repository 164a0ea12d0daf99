import { type AccessRequest, type Call, type ContextKeys, otherAccount } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type Account, findRole, type Role, tagTexts } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import type { Assertion, SamlCaller, WebIdentityCaller } from '../../session/index.ts'
import { parseBearersRoleArn } from './role.ts'
import { beginRoleSession, type RoleSession } from './role-session.ts'
import { sessionPolicies } from './session-policy.ts'
import { tagKeys } from './session-tags.ts'

/**
 * Returns the question of an assertion's bearer to a role's trust policy, which alone decides (behaviour POL-066).
 */
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

/** Returns the role of an allowed call. @throws Fault if there is none (modes audit and off) */
export function federatedRole(action: string, roleArn: string, call: Call): FederatedRole {
  const account = otherAccount(call, parseBearersRoleArn(roleArn).account)
  const role = account && findRole(account, roleArn)
  if (account !== undefined && role !== undefined) return { account, role }
  throw fault('AccessDenied', refusalOf(action), 403)
}

/** Begins the role session of an assertion's bearer. */
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

/** Returns what CloudTrail writes of an assertion beside the request (behaviours STS-97 and STS-107). */
export function assertedForEvent({ sourceIdentity, tags, transitiveTagKeys }: Assertion) {
  return {
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(tags.length > 0 && { principalTags: tagTexts(tags) }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
  }
}

/** The refusal names neither a caller nor a resource (behaviour STS-80). */
function refusalOf(action: string): string {
  return `Not authorized to perform ${action}`
}
