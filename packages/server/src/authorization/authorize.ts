import {
  Budget,
  type CompiledSet,
  combine,
  type Decision,
  defaultSteps,
  deniedWithin,
  evaluate,
  type Principal,
  type Request,
} from '@omen-iam/policy'
import { accountInArn, principalIn } from '../base/index.ts'
import { type Caller, isSigned } from '../session/index.ts'
import type { AccessRequest, PassedRole } from './access.ts'
import { type Call, otherAccount } from './call.ts'
import { addKeys, globalContext, principalOf } from './context.ts'
import { callerPolicies, resourceLayers, scopeLayers } from './gather.ts'
import type { Operation } from './operation.ts'
import { addOrganizationKeys } from './organization.ts'
import { refuseBySession } from './session-limits.ts'
import type { Judged, Verdict } from './verdict.ts'

/**
 * The most questions after a denial that are examined: records of denials are stored, and some calls ask a thousand
 * questions.
 */
const mostBehind = 50

/**
 * Returns everything that a call asks: its own action or actions, and iam:PassRole for each role that it passes.
 * @throws Fault if the caller's kind of session may not make the call at all
 */
export function accessRequests<I>(
  operation: Pick<Operation<I, unknown>, 'requests' | 'resource' | 'context' | 'passes'>,
  input: I,
  call: Call,
): readonly AccessRequest[] {
  refuseBySession(call)
  const requests = operation.requests?.(input, call) ?? ownRequests(operation, input, call)
  const passed = operation.passes?.(input, call)
  return passed === undefined || passed.length === 0
    ? requests
    : [...requests, ...passed.map((each) => passRoleRequest(each, call))]
}

function ownRequests<I>(
  operation: Pick<Operation<I, unknown>, 'requests' | 'resource' | 'context' | 'passes'>,
  input: I,
  call: Call,
): readonly AccessRequest[] {
  const action = `${call.service.signingName}:${call.operation.name}`
  const resources = operation.resource?.(input, call) ?? '*'
  const context = operation.context?.(input, call)
  const request = (resource: string): AccessRequest => ({ action, resource, ...(context && { context }) })
  return typeof resources === 'string' ? [request(resources)] : resources.map(request)
}

/**
 * PassRole is a permission and never a call: it is asked together with the call that passes the role (POL-073 to
 * POL-075).
 */
export function passRoleRequest(
  passed: PassedRole,
  { account: { partition } }: Pick<Call, 'account'>,
): AccessRequest {
  return {
    action: 'iam:PassRole',
    resource: passed.roleArn,
    context: {
      'iam:PassedToService': principalIn(partition, passed.service),
      'iam:AssociatedResourceArn': passed.associatedResourceArn,
    },
  }
}

/** Steps that each question adds to the budget of a call's questions (behaviour POL-188). */
const stepsOfQuestion = 1_000

/** The budget of a call's questions, in steps (behaviour POL-188). */
export function budgetFor(questions = 1): Budget {
  return new Budget(defaultSteps + stepsOfQuestion * questions)
}

/**
 * Asks the engine each question in turn and stops at the first denial. All of them share the budget; questions after
 * its end are denied.
 */
export function authorize(
  requests: readonly AccessRequest[],
  call: Call,
  budget: Budget = budgetFor(requests.length),
): Verdict {
  const principal = principalOf(call.caller)
  const judged: Judged[] = []
  for (const [index, access] of requests.entries()) {
    const one = judge(access, principal, call, budget)
    judged.push(one)
    if (one.decision.outcome === 'allowed') continue
    const rest = requests.slice(index + 1)
    const behind = rest.slice(0, mostBehind).map((next) => judge(next, principal, call, budget))
    return { allowed: false, judged, denied: one, behind, beyond: rest.length - behind.length }
  }
  return { allowed: true, judged, denied: undefined, behind: [], beyond: 0 }
}

/** Asks the engine one question about the caller, or about who is asked in the caller's place. */
export function judge(
  access: AccessRequest,
  principal: Principal,
  call: Call,
  budget: Budget = budgetFor(),
): Judged {
  const first = judgeOne(access, principal, call, budget)
  if (first.decision.outcome === 'allowed')
    return (access.some ? deniedOfSome(first, principal, call, budget) : undefined) ?? first
  for (const other of access.or ?? []) {
    const judged = judgeOne(other, principal, call, budget)
    if (judged.decision.outcome === 'allowed') return judged
  }
  return first
}

/** The denial of one of the resources that an allowed question is about, if a Deny names it (behaviour GRD-534). */
function deniedOfSome(
  { access, request, policies }: Judged,
  principal: Principal,
  call: Call,
  budget: Budget,
): Judged | undefined {
  for (const resource of deniedWithin(request, policies, budget)) {
    const one = judgeOne({ ...access, resource }, principal, call, budget)
    if (one.decision.outcome === 'explicitDeny') return one
  }
  return undefined
}

function judgeOne(access: AccessRequest, given: Principal, by: Call, budget: Budget): Judged {
  const call = access.asked === undefined ? by : { ...by, caller: access.asked }
  const principal = access.asked === undefined ? given : principalOf(access.asked)
  const { caller, deps } = call
  const { canonicalId } = access
  const context = globalContext(call, principal, access.forwardedBy)
  addKeys(context, access.context)
  if (access.isUnknown !== undefined) context.leaveOpen(access.isUnknown)
  const owner = access.resourceAccount ?? accountInArn(access.resource)
  // a question about no particular resource is about the caller's account (behaviour ORG-43)
  const ownerAccount = owner === undefined ? call.account : otherAccount(call, owner)
  context.set('aws:ResourceAccount', owner ?? call.account.id)
  if (ownerAccount !== undefined) addOrganizationKeys(context, 'Resource', ownerAccount, deps.directory)
  const decidedIn = access.decidedIn ?? owner
  const request: Request = {
    principal:
      canonicalId === undefined || !('account' in principal) ? principal : { ...principal, canonicalId },
    action: access.action,
    resource: access.resource,
    ...(access.resourcePattern === undefined ? {} : { resourcePattern: access.resourcePattern }),
    context,
    ...(decidedIn === undefined ? {} : { resourceAccount: decidedIn }),
    ...(access.exempt ? { exempt: true } : {}),
  }
  const resourceSide = resourceLayers(access.resourcePolicy, ownerAccount, deps.directory, access.action)
  const policies = isSigned(caller)
    ? combine(callerPolicies(caller, call.account, deps.directory), resourceSide)
    : resourceSide
  const decided = (asked: Request) =>
    isSigned(caller) ? decide(asked, policies, caller, budget) : evaluate(asked, policies, budget)
  const decision = decided(request)
  const isLet = access.deniesOnly === true && decision.outcome === 'implicitDeny'
  return {
    access,
    request,
    decision: isLet ? decided({ ...request, exempt: true }) : decision,
    policies,
  }
}

/** Returns the engine's answer to a question, after the scopes of the caller's session are applied. */
export function decide(
  request: Request,
  policies: CompiledSet,
  caller: Caller,
  budget: Budget = budgetFor(),
): Decision {
  const decision = evaluate(request, policies, budget)
  const scopes = isSigned(caller) ? caller.session?.scopes : undefined
  return decision.outcome !== 'allowed' || scopes === undefined
    ? decision
    : scoped(decision, request, scopes, budget)
}

/** Every scope of GetScopedCredentials must allow too, whichever policy allowed (behaviour STS-74). */
function scoped(allowed: Decision, request: Request, scopes: readonly string[], budget: Budget): Decision {
  // a scope belongs to the caller: the policy of another account's resource was asked before
  const { principal } = request
  const scoped = 'account' in principal ? { ...request, resourceAccount: principal.account } : request
  for (const layer of scopeLayers(scopes)) {
    const decision = evaluate(scoped, layer, budget)
    if (decision.outcome !== 'allowed') return decision
  }
  return allowed
}
