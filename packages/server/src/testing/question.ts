import { Context, evaluate, principalContext, type Trace, trace } from '@omen-iam/policy'
import {
  type Call,
  type ContextKeys,
  type Dependencies,
  type Judged,
  mayAssume,
  resourceLayers,
  trustsService,
} from '../authorization/index.ts'
import { iamArn, parseAccountId, parseArn } from '../base/index.ts'
import { findRoleNamed, type Role } from '../directory/index.ts'
import { judgePass, judgeQuestion } from '../gate/index.ts'
import type { Identity } from './identity.ts'

/** A question and its answer. */
export interface Answered {
  /** The question in words: `s3:GetObject on arn:aws:s3:::a/b`. */
  readonly what: string
  readonly judged: Judged
  readonly trace: Trace
  readonly call: Call
}

/** May the identity do the action on the resource? */
export async function askAction(
  who: Identity,
  action: string,
  resource: string,
  context: ContextKeys,
): Promise<Answered> {
  const call = who.call()
  const judged = await judgeQuestion(action, resource, context, call)
  return answered(`${action} on ${resource}`, judged, call)
}

/** May the identity assume the role, by both sides' policies? */
export async function askAssume(who: Identity, role: string, context: ContextKeys): Promise<Answered> {
  const call = who.call()
  const { found, owner } = roleNamed(role, call, call.deps)
  return answered(`sts:AssumeRole on ${role}`, mayAssume(call, found, owner, context), call)
}

/**
 * May the identity pass the role to the service, and may the service assume it? Returns the first check that fails, or
 * the last.
 */
export async function askPass(who: Identity, role: string, service: string): Promise<Answered> {
  const call = who.call()
  const { found } = roleNamed(role, call, call.deps)
  const { mayPass, trust } = judgePass(found, service, call)
  return mayPass.decision.outcome === 'allowed'
    ? answered(`that ${service} assumes ${role}`, trust.judged, trust.call)
    : answered(`iam:PassRole on ${role} for ${service}`, mayPass, call)
}

/** A bearer of a token of an identity provider, or a service that acts on its own. */
export type Bearer = { readonly provider: string } | { readonly service: string }

/**
 * May the bearer assume the role, by its trust policy? The condition keys are those of the token, or of the service's call.
 */
export function askBearer(
  bearer: Bearer,
  role: string,
  context: Readonly<Record<string, string>>,
  of: Identity,
): boolean {
  const call = of.call()
  const { found, owner } = roleNamed(role, call, call.deps)
  if ('service' in bearer) return trustsService(found, bearer.service, { ...call, account: owner }, context)
  const principal = { type: 'webIdentity', provider: bearer.provider } as const
  const request = {
    principal,
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: iamArn(owner, 'role', found.path, found.name),
    resourceAccount: owner.id,
    context: new Context({ ...principalContext(principal), ...context }),
  }
  const trust = { document: found.trust, grant: 'trust' } as const
  const layers = resourceLayers(trust, owner, call.deps.directory, request.action)
  return evaluate(request, layers).outcome === 'allowed'
}

function roleNamed(
  name: string,
  call: Call,
  { directory }: Dependencies,
): { found: Role; owner: Call['account'] } {
  const id = parseAccountId(parseArn(name)?.account ?? call.account.id)
  const owner = id && directory.loaded(id)
  const found = owner && findRoleNamed(owner, name.replace(/^role\//, ''))
  if (owner === undefined || found === undefined)
    throw new TypeError(`there is no role ${name} in this server`)
  return { found, owner }
}

function answered(what: string, judged: Judged, call: Call): Answered {
  return { what, judged, trace: trace(judged.request, judged.policies), call }
}
