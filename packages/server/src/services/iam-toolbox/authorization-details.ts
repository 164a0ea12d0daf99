import { createHash } from 'node:crypto'
import { type Decision, type LayerName, type Source, trace } from '@omen-iam/policy'
import {
  type Call,
  type DecisionRecord,
  family,
  globalContext,
  type Judged,
  prepared,
  principalOf,
  recallDecision,
  requestIdOf,
} from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { IamToolbox } from '../../model/index.ts'
import { evaluationContext, requestContext } from './context.ts'

/** Returns what decided a denial (behaviours RSN-7, RSN-9). */
export const authorizationDetails = family<IamToolbox.Operations>()({
  GetRequestAuthorizationDetails: prepared({
    async prepare({ authorizationId, nextToken }, call): Promise<DecisionRecord | undefined> {
      // a call asks less than a page of questions, so no token was ever issued
      if (nextToken !== undefined) throw fault('ValidationException', 'The nextToken is not valid.', 400)
      return recordOf(authorizationId, call)
    },
    run({ authorizationId }, _call, record) {
      if (record === undefined) {
        const message = `Authorization details for ${authorizationId} were not found.`
        throw fault('ResourceNotFoundException', message, 404)
      }
      const evaluated = record.judged.map((judged) => evaluatedBy(judged, record))
      const policies = new Map<string, IamToolbox.PolicyInfo>()
      for (const policy of evaluated.flatMap((each) => each.policies)) {
        policies.set(policy.uri, together(policies.get(policy.uri), policy))
      }
      return {
        requestContext: requestContext(record.judged[0]!), // a decision is on one question at least
        evaluations: evaluated.map(({ evaluation }) => evaluation),
        policies: [...policies.values()],
      }
    },
  }),
})

/** Returns the denial if its account is the reader's own or one of the same organization. */
async function recordOf(authorizationId: string, call: Call): Promise<DecisionRecord | undefined> {
  const requestId = requestIdOf(authorizationId)
  const record = requestId === undefined ? undefined : await recallDecision(requestId, call.deps)
  if (record === undefined || record.allowed) return undefined
  if (record.call.account.id === call.account.id) return record
  const theirs = record.judged[0]?.request.context.get('aws:PrincipalOrgID')
  const ours = globalContext(call, principalOf(call.caller)).get('aws:PrincipalOrgID')
  return theirs !== undefined && theirs === ours ? record : undefined
}

const effects: Readonly<Record<Decision['outcome'], IamToolbox.EvaluatedEffect>> = {
  allowed: 'ALLOW',
  explicitDeny: 'EXPLICIT_DENY',
  implicitDeny: 'IMPLICIT_DENY',
}

interface Evaluated {
  readonly evaluation: IamToolbox.Evaluation
  readonly policies: readonly IamToolbox.PolicyInfo[]
}

/** A question: its subject, its outcome, and the statements and policies that decided it. */
function evaluatedBy(judged: Judged, record: DecisionRecord): Evaluated {
  const { request, decision, policies } = judged
  const weighed = trace(request, policies).layers.flatMap((layer) =>
    layer.policies
      // a resource without a policy has an empty one
      .filter(({ statements }) => statements.length > 0)
      .map(({ source, statements }) => ({
        info: policyInfo(source, layer.layer, judged, record),
        matched: statements.filter(({ matched }) => matched).map(({ statement }) => statement),
      })),
  )
  return {
    evaluation: {
      action: request.action,
      resource: request.resource,
      context: evaluationContext(judged),
      evaluatedEffect: effects[decision.outcome],
      matchedPolicies: weighed
        .filter(({ matched }) => matched.length > 0)
        .map(({ info, matched }) => ({
          uri: info.uri,
          matchedStatements: matched.map(({ sid, index, effect }) => ({
            sid: sid || `Statement${index + 1}`,
            evaluatedEffect: effect === 'Deny' ? 'DENY' : 'ALLOW',
          })),
        })),
    },
    policies: weighed.map(({ info }) => info),
  }
}

const types: Readonly<Record<LayerName, IamToolbox.PolicyType>> = {
  identity: 'IDENTITY_BASED_POLICY',
  resource: 'RESOURCE_BASED_POLICY',
  boundary: 'PERMISSIONS_BOUNDARY',
  session: 'SESSION_POLICY',
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
  endpoint: 'VPC_ENDPOINT_POLICY',
}

function policyInfo(
  source: Source,
  layer: LayerName,
  { request }: Judged,
  { call }: DecisionRecord,
): IamToolbox.PolicyInfo {
  const arn = layer === 'resource' ? request.resource : (source.group ?? bearerOf(call))
  // the decision does not store where in the organization a policy is attached
  const hangsAbove = layer === 'scp' || layer === 'rcp' || layer === 'endpoint'
  return {
    type: types[layer],
    inline: source.arn === undefined,
    uri: source.arn ?? opaque([call.account.id, layer, source.type, source.name ?? '', arn ?? '']),
    ...(hangsAbove || arn === undefined ? {} : { attachedTo: [{ arn }] }),
  }
}

/** A policy, also if several entities have it: the user and a group of the user's, or two groups. */
function together(
  before: IamToolbox.PolicyInfo | undefined,
  { attachedTo = [], ...policy }: IamToolbox.PolicyInfo,
): IamToolbox.PolicyInfo {
  const arns = new Set([...(before?.attachedTo ?? []), ...attachedTo].map(({ arn }) => arn))
  return arns.size === 0 ? policy : { ...policy, attachedTo: [...arns].map((arn) => ({ arn })) }
}

/** The owner of the identity policies; for a session, its role. */
function bearerOf({ caller }: Call): string | undefined {
  const principal = principalOf(caller)
  return 'roleArn' in principal ? principal.roleArn : 'arn' in principal ? principal.arn : undefined
}

/** An inline policy has no ARN: this text only distinguishes it from others. */
function opaque(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
