import { notAuthorized } from '@omen-iam/policy'
import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  type EventNotes,
  family,
  otherAccount,
  signedCaller,
} from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { findRole, type Role, type Tag, tagTexts } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import type { RoleCaller, SignedCaller } from '../../session/index.ts'
import { shapeForEvent } from '../../trail/index.ts'
import { bringsMfa, countMfa, useMfa } from './mfa.ts'
import { parseRoleArn, roleSeconds } from './role.ts'
import { beginRoleSession, type RoleSession, roleForEvent, sessionForEvent } from './role-session.ts'
import { sessionPolicies } from './session-policy.ts'
import { checkSessionTags, tagKeys } from './session-tags.ts'

/** A chained session lasts one hour at most (behaviour POL-047). */
const chainedSeconds = 3_600

/** AssumeRole: both sides' policies are evaluated, and a session begins that acts in the caller's place. */
export const assumeRole = family<Sts.Operations>()({
  AssumeRole: {
    readOnly: true, // so CloudTrail records it (behaviour TRL-11)
    accounts: (input) => [parseRoleArn(input.RoleArn).account],
    beforehand: countMfa,
    requests(input, call) {
      const caller = signedCaller(call)
      refuseRoot(caller, call)
      const { account } = parseRoleArn(input.RoleArn)
      const owner = otherAccount(call, account)
      const role = owner && findRole(owner, input.RoleArn)
      const sourceIdentity = sourceIdentityOf(input, caller)
      const context = assumeContext(input, role, sourceIdentity, call)
      const ask = (action: string): AccessRequest => ({
        action,
        resource: input.RoleArn,
        resourceAccount: account,
        context,
        // the refusal for a missing role is the same as for one that does not trust the caller (behaviour STS-1)
        resourcePolicy: { document: role?.trust, grant: 'trust', missing: role === undefined },
        bareSentence: true,
      })
      const requests = [ask('sts:AssumeRole')]
      if ((input.Tags?.length ?? 0) > 0 || inheritedTags(caller).length > 0)
        requests.push(ask('sts:TagSession'))
      // a source identity must be allowed at every step of a chain (behaviour STS-51)
      if (sourceIdentity !== undefined) requests.push(ask('sts:SetSourceIdentity'))
      if ((input.ProvidedContexts?.length ?? 0) > 0) requests.push(ask('sts:SetContext'))
      return requests
    },
    run(input, call) {
      const caller = signedCaller(call)
      refuseRoot(caller, call)
      const account = otherAccount(call, parseRoleArn(input.RoleArn).account)
      const role = account && findRole(account, input.RoleArn)
      // only reached if permission was not asked (modes audit and off)
      if (account === undefined || role === undefined) throw denied('sts:AssumeRole', input, caller)
      refuseContexts(input.ProvidedContexts ?? [])
      const seconds = roleSeconds(chained(input.DurationSeconds, caller), role)
      const inherited = inheritedTags(caller)
      const { Tags: tags = [], TransitiveTagKeys: transitive = [] } = input
      checkSessionTags(tags, transitive, inherited)
      useMfa(input, call)
      return beginRoleSession(
        {
          account,
          role,
          sessionName: input.RoleSessionName,
          seconds,
          origin: caller.kind === 'role' ? 'role' : 'user',
          chain: [...chainOf(caller), caller.arn],
          policies: sessionPolicies(input.Policy, input.PolicyArns, account),
          tags: [...inherited, ...tags],
          transitiveTagKeys: [...inherited.map((tag) => tag.Key), ...transitive],
          sourceIdentity: sourceIdentityOf(input, caller),
          minimumTokenSize: input.MinimumSessionTokenSize,
        },
        call,
      )
    },
    event(input, output, call): EventNotes {
      const { account } = parseRoleArn(input.RoleArn)
      return {
        resources: [roleForEvent(input.RoleArn, account)],
        ...(output && {
          requestParameters: parametersForEvent(input, call),
          responseElements: sessionForEvent(output as RoleSession), // what `run` returned
        }),
        alsoIn: [account],
      }
    },
  },
})

/**
 * Without enforcement, a caller with an unknown key is root, and would be refused. @throws Fault AccessDenied for the
 * root user (behaviour STS-2)
 */
function refuseRoot(caller: SignedCaller, { deps }: Call): void {
  if (caller.kind === 'root' && deps.mode !== 'off')
    throw fault('AccessDenied', 'Roles may not be assumed by root accounts.', 403)
}

/** Omen has no context provider, so no assertion can be valid (behaviour STS-60). */
function refuseContexts(contexts: readonly Sts.ProvidedContext[]): void {
  if (contexts.length === 0) return
  throw fault('InvalidContextAssertionException', 'The context assertion is invalid.', 400)
}

/** @throws Fault ValidationError beyond a chain's limit of an hour (behaviour STS-31) */
function chained(asked: number | undefined, caller: SignedCaller): number | undefined {
  if (isChained(caller) && asked !== undefined && asked > chainedSeconds) {
    throw fault(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      400,
    )
  }
  return asked
}

/** A role session that assumes a role makes a chain; an EC2 instance's own session does not (behaviour POL-047). */
function isChained(caller: SignedCaller): caller is RoleCaller {
  return caller.kind === 'role' && caller.session.service !== 'ec2.amazonaws.com'
}

function chainOf(caller: SignedCaller): readonly string[] {
  return caller.kind === 'role' ? caller.session.chain : []
}

/**
 * The source identity is permanent: it goes through every chain and cannot be changed (behaviour POL-050). @throws
 * Fault AccessDenied if another is requested
 */
function sourceIdentityOf(input: Sts.AssumeRoleRequest, caller: SignedCaller): string | undefined {
  const inherited = caller.kind === 'role' ? caller.session.sourceIdentity : undefined
  const sourceIdentity = input.SourceIdentity
  if (inherited !== undefined && sourceIdentity !== undefined && sourceIdentity !== inherited) {
    throw denied('sts:SetSourceIdentity', input, caller)
  }
  return inherited ?? sourceIdentity
}

function denied(action: string, input: Sts.AssumeRoleRequest, caller: SignedCaller) {
  return fault('AccessDenied', notAuthorized(caller.arn, action, input.RoleArn), 403)
}

/** Returns the transitive tags of the calling session. */
function inheritedTags(caller: SignedCaller): readonly Tag[] {
  if (caller.kind !== 'role') return []
  const { tags = [], transitiveTagKeys = [] } = caller.session
  const transitive = new Set(transitiveTagKeys.map((key) => key.toLowerCase()))
  return tags.filter((tag) => transitive.has(tag.Key.toLowerCase()))
}

function assumeContext(
  input: Sts.AssumeRoleRequest,
  role: Role | undefined,
  sourceIdentity: string | undefined,
  call: Call,
): ContextKeys {
  const keys: Record<string, ContextKeys[string]> = {
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:ExternalId': input.ExternalId,
    'sts:SourceIdentity': sourceIdentity,
    ...tagKeys(input.Tags ?? [], input.TransitiveTagKeys ?? []),
    'sts:RequestContextProviders': input.ProvidedContexts?.flatMap(({ ProviderArn }) => ProviderArn ?? []),
  }
  // MFA in this call counts as present and fresh, for both sides' policies (behaviour POL-072)
  if (bringsMfa(input, call)) {
    keys['aws:MultiFactorAuthPresent'] = true
    keys['aws:MultiFactorAuthAge'] = 0
  }
  const inherited = inheritedTags(signedCaller(call))
  const overridden = new Set(inherited.map(({ Key }) => Key.toLowerCase()))
  for (const { Key, Value } of role?.tags ?? []) {
    keys[`iam:ResourceTag/${Key}`] = Value
    if (!overridden.has(Key.toLowerCase())) keys[`aws:ResourceTag/${Key}`] = Value
  }
  // an inherited transitive tag overrides the role's tag of that key while the trust policy is evaluated (behaviour
  // POL-057)
  for (const { Key, Value } of inherited) keys[`aws:ResourceTag/${Key}`] = Value
  return keys
}

/** The event has inherited tags beside the passed ones (behaviour STS-13). */
function parametersForEvent(input: Sts.AssumeRoleRequest, call: Call): Readonly<Record<string, unknown>> {
  const inherited = inheritedTags(signedCaller(call))
  const parameters = shapeForEvent(call.service, 'AssumeRoleRequest', input) as Record<string, unknown> // of a structure
  if (inherited.length === 0) return parameters
  return {
    ...parameters,
    incomingTransitiveTags: tagTexts(inherited),
  }
}
