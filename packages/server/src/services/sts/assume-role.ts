import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  type Family,
  otherAccount,
  signedCaller,
} from '../../authorization/index.ts'
import { type AccountId, type ArnParts, fault, iamArn, parseAccountId, parseArn } from '../../base/index.ts'
import { type Account, type Role, roles, type Tag } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import { mint, type RoleCaller, type SignedCaller, sessionArn } from '../../session/index.ts'
import { credentialsOut } from './credentials.ts'
import { checkSessionPolicies, packedPercent, sessionPolicies } from './session-policy.ts'
import { checkSessionTags } from './session-tags.ts'

const defaultSeconds = 3_600
/** A chained session lives one hour at most (behaviour POL-047). */
const chainedSeconds = 3_600

/** AssumeRole: both sides' policies are weighed, and a session is minted that acts in the caller's place. */
export const assumeRole: Family<Sts.Operations, 'AssumeRole'> = {
  AssumeRole: {
    readOnly: true, // so CloudTrail records it (behaviour TRL-11)
    accounts: (input) => [targetArn(input.RoleArn).account],
    requests(input, call) {
      if (call.caller.kind === 'root')
        throw fault('AccessDenied', 'Roles may not be assumed by root accounts.', 403)
      const { account } = targetArn(input.RoleArn)
      const role = findRole(otherAccount(call, account), input.RoleArn)
      const context = assumeContext(input, role, call)
      const ask = (action: string): AccessRequest => ({
        action,
        resource: input.RoleArn,
        resourceAccount: account,
        context,
        // a missing role is refused in the same words as one that does not trust the caller (behaviour STS-1)
        resourcePolicy: { document: role?.trust, grant: 'trust' },
        bareSentence: true,
      })
      const requests = [ask('sts:AssumeRole')]
      if ((input.Tags?.length ?? 0) > 0 || inheritedTags(call).length > 0)
        requests.push(ask('sts:TagSession'))
      if (input.SourceIdentity !== undefined) requests.push(ask('sts:SetSourceIdentity'))
      return requests
    },
    run(input, call) {
      const caller = signedCaller(call)
      const { account: accountId } = targetArn(input.RoleArn)
      const account = otherAccount(call, accountId)
      const role = findRole(account, input.RoleArn)
      if (account === undefined || role === undefined) {
        // only reached where permission was not asked (modes audit and off)
        throw fault(
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
          403,
        )
      }
      const seconds = sessionSeconds(input.DurationSeconds, role, caller)
      checkSessionTags(input.Tags ?? [], input.TransitiveTagKeys ?? [], inheritedTags(call))
      checkSessionPolicies(input.Policy, input.PolicyArns ?? [], account)
      const sourceIdentity = sourceIdentityOf(input.SourceIdentity, caller)
      const tags = [...inheritedTags(call), ...(input.Tags ?? [])]
      const policies = sessionPolicies(input.Policy, input.PolicyArns ?? [])
      const { credentials } = mint(
        {
          kind: 'role',
          account: account.id,
          roleId: role.id,
          sessionName: input.RoleSessionName,
          origin: caller.kind === 'role' ? 'role' : 'user',
          issuedAt: call.now,
          expiresAt: call.now + seconds * 1000,
          chain: [
            ...('session' in caller && caller.session && 'chain' in caller.session
              ? caller.session.chain
              : []),
            caller.arn,
          ],
          ...(policies === undefined ? {} : { policies }),
          ...(tags.length === 0
            ? {}
            : { tags, transitiveTagKeys: transitiveKeys(input.TransitiveTagKeys ?? [], call) }),
          ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        },
        call.house.tokens,
        call.house.random,
      )
      const packed = packedPercent(input.Policy, input.PolicyArns ?? [], input.Tags ?? [])
      return {
        Credentials: credentialsOut(credentials),
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${input.RoleSessionName}`,
          Arn: sessionArn(account.id, role.name, input.RoleSessionName),
        },
        ...(packed === undefined ? {} : { PackedPolicySize: packed }),
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
      }
    },
    event(input, output) {
      const { account } = targetArn(input.RoleArn)
      return {
        resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: input.RoleArn }],
        ...(output === undefined ? {} : { responseElements: responseElements(output) }),
        alsoIn: [account],
      }
    },
  },
}

/** CloudTrail writes the key id, the token and the expiry; the secret never (behaviour TRL-31). */
function responseElements(output: Sts.AssumeRoleResponse) {
  const { Credentials: credentials, AssumedRoleUser: user } = output
  return {
    credentials: credentials && {
      accessKeyId: credentials.AccessKeyId,
      sessionToken: credentials.SessionToken,
      expiration: credentials.Expiration,
    },
    assumedRoleUser: user && { assumedRoleId: user.AssumedRoleId, arn: user.Arn },
    packedPolicySize: output.PackedPolicySize,
    sourceIdentity: output.SourceIdentity,
  }
}

type Target = ArnParts & { readonly account: AccountId }

/** @throws Fault ValidationError where the text is no role's ARN */
export function targetArn(text: string): Target {
  const parts = parseArn(text)
  const account = parts && parseAccountId(parts.account)
  if (
    parts === undefined ||
    account === undefined ||
    parts.service !== 'iam' ||
    !parts.resource.startsWith('role/')
  ) {
    throw fault('ValidationError', `${text} is invalid`, 400)
  }
  return { ...parts, account }
}

/** The role of this ARN, its path included, in the account. */
export function findRole(account: Account | undefined, arn: string): Role | undefined {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const role = account?.table(roles).findBy('name', name.toLowerCase())
  return role !== undefined &&
    account !== undefined &&
    iamArn(account.id, 'role', role.path, role.name) === arn
    ? role
    : undefined
}

/** How long the session lives. @throws Fault ValidationError past the role's own limit, or past the hour of a chain */
function sessionSeconds(asked: number | undefined, role: Role, caller: SignedCaller): number {
  const seconds = asked ?? defaultSeconds
  if (isChained(caller) && seconds > chainedSeconds) {
    throw fault(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      400,
    )
  }
  if (seconds > role.maxSessionSeconds) {
    throw fault(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      400,
    )
  }
  return seconds
}

/** A role session that assumes a role makes a chain; an EC2 instance's own session does not (behaviour POL-047). */
function isChained(caller: SignedCaller): caller is RoleCaller {
  return caller.kind === 'role' && caller.session.service !== 'ec2.amazonaws.com'
}

/** The source identity sticks: once set it goes through every chain and cannot be changed (behaviour POL-050). */
function sourceIdentityOf(asked: string | undefined, caller: SignedCaller): string | undefined {
  const inherited = caller.kind === 'role' ? caller.session.sourceIdentity : undefined
  if (inherited !== undefined && asked !== undefined && asked !== inherited) {
    throw fault(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:SetSourceIdentity`,
      403,
    )
  }
  return inherited ?? asked
}

/** Transitive tags that the calling session hands on. */
function inheritedTags(call: Call): readonly Tag[] {
  if (call.caller.kind !== 'role') return []
  const { tags = [], transitiveTagKeys = [] } = call.caller.session
  const transitive = new Set(transitiveTagKeys.map((key) => key.toLowerCase()))
  return tags.filter((tag) => transitive.has(tag.Key.toLowerCase()))
}

function transitiveKeys(asked: readonly string[], call: Call): readonly string[] {
  return [...inheritedTags(call).map((tag) => tag.Key), ...asked]
}

function assumeContext(input: Sts.AssumeRoleRequest, role: Role | undefined, call: Call): ContextKeys {
  const keys: Record<string, ContextKeys[string]> = {
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:ExternalId': input.ExternalId,
    'sts:SourceIdentity': input.SourceIdentity,
    'sts:DurationSeconds': input.DurationSeconds,
    'aws:TagKeys': input.Tags?.map((tag) => tag.Key),
    'sts:TransitiveTagKeys': input.TransitiveTagKeys,
  }
  for (const tag of input.Tags ?? []) keys[`aws:RequestTag/${tag.Key}`] = tag.Value
  for (const tag of role?.tags ?? [])
    keys[`aws:ResourceTag/${tag.Key}`] = keys[`iam:ResourceTag/${tag.Key}`] = tag.Value
  // an inherited transitive tag overrides the role's of that key while the trust policy is evaluated (behaviour POL-057)
  for (const tag of inheritedTags(call)) keys[`aws:ResourceTag/${tag.Key}`] = tag.Value
  return keys
}
