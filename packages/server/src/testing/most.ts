import {
  combine,
  compile,
  difference,
  evaluate,
  findWitness,
  type Policy,
  parsePolicy,
  principalContext,
  type Request,
} from '@omen-iam/policy'
import { appliesTo } from '../authorization/index.ts'
import { actionClasses } from './action-classes.ts'
import type { Identity } from './identity.ts'
import { askAction } from './question.ts'

/** The excess of a principal over a limit. */
export type MostAnswer =
  /** Nothing. This is a proof. */
  | { readonly verdict: 'nothing'; readonly asked: number }
  | {
      readonly verdict: 'more'
      readonly asked: number
      readonly action: string
      readonly resource: string
      /** Of a trust policy: a principal that may assume the role as well. */
      readonly principal?: string
    }
  /** The search ended early. */
  | { readonly verdict: 'undecided'; readonly asked: number }

export interface MostOptions {
  /** Only actions that this pattern matches: `iam:PassRole`. */
  readonly of?: string
  /** ARNs and actions that people know here: examples are made of them first. */
  readonly names?: readonly string[]
  readonly actions?: readonly string[]
}

/**
 * Whether an identity may do nothing that a policy, the limit, does not allow, by all layers of policies together. Bucket
 * policies and the like count for the ARNs in `names`. @throws TypeError if the limit is no policy
 */
export async function askMost(
  who: Identity,
  limit: string,
  { of = '*', names = [], actions = [] }: MostOptions = {},
): Promise<MostAnswer> {
  const most = policyIn(limit, 'identity')
  const beyond = compile({ endpoint: [{ policy: turned(limit), source: { type: 'endpoint' } }] })
  const { judged, trace: traced, call } = await askAction(who, 'sts:GetCallerIdentity', '*', {})
  const own = traced.layers.flatMap(({ policies }) => policies.flatMap(({ policy }) => policy.statements))
  const classes = actionClasses([...own, ...most.statements], actions, of)
  let asked = 0
  for (const action of classes) {
    for (const resource of names) {
      if (!appliesTo(action, resource)) continue
      asked++
      const known = await askAction(who, action, resource, {})
      const decision = evaluate(known.judged.request, combine(known.judged.policies, beyond))
      if (decision.outcome === 'allowed') return { verdict: 'more', asked, action, resource }
    }
  }
  const policies = combine(judged.policies, beyond)
  const { principal } = judged.request
  const resourceAccount = 'account' in principal ? principal.account : ''
  const context = principalContext(principal)
  const { partition } = call.account
  let isOpen = false
  // actions without resources are asked about `*`
  const resources = ['*', [`arn:${partition}:`, { variable: 'resource', grammar: {} }]]
  for (const action of classes) {
    for (const resource of resources) {
      asked++
      const request = { principal, action, resource, resourceAccount, context }
      const answer = findWitness([{ policies, request }])
      if (answer.verdict === 'undecided') isOpen = true
      else if (answer.verdict !== 'blocked') return { verdict: 'more', asked, action, resource: '*' }
    }
  }
  return { verdict: isOpen ? 'undecided' : 'nothing', asked }
}

/** Whether a trust policy lets nobody in whom the limit does not. @throws TypeError if one is no policy */
export function askMostTrust(trust: string, limit: string): MostAnswer {
  const rows = difference(policyIn(limit, 'trust'), policyIn(trust, 'trust'))
  for (const { example } of rows) {
    if (example === undefined) continue
    const principal = nameOf(example.principal)
    return { verdict: 'more', asked: rows.length, action: example.action, resource: '*', principal }
  }
  return { verdict: 'nothing', asked: rows.length }
}

function nameOf(principal: Request['principal']): string {
  if ('arn' in principal) return principal.arn
  if ('roleArn' in principal) return principal.roleArn
  if ('provider' in principal) return principal.provider
  return principal.type === 'service' ? (principal.names[0] ?? '') : principal.type
}

/** All that the limit does not allow, as one policy: everything is allowed, and the limit's statements are denied. */
function turned(limit: string): Policy {
  const { Version, Statement: given } = JSON.parse(limit) as { Version?: string; Statement: unknown } // parsed before
  const statements = [given].flat() as readonly { Effect?: string; Sid?: string }[] // as above
  const text = JSON.stringify({
    ...(Version === undefined ? {} : { Version }),
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
      ...statements.map(({ Sid: _, ...each }) => ({ Principal: '*', ...each, Effect: 'Deny' })),
    ],
  })
  return policyIn(text, 'endpoint')
}

function policyIn(text: string, kind: 'identity' | 'trust' | 'endpoint'): Policy {
  const parsed = parsePolicy(text, kind)
  if (!parsed.ok) throw new TypeError(`this is no policy: ${parsed.message}`)
  return parsed.policy
}
