import { Context, type Principal, type Request } from '@omen-iam/policy'
import type { AccountId } from '../base/index.ts'
import type { OperationModel, ServiceModel } from '../model/index.ts'
import type { StoredDenial } from '../store/index.ts'
import type { AccessRequest } from './access.ts'
import { decide } from './authorize.ts'
import type { Call } from './call.ts'
import type { KeptDecision } from './decided-call.ts'
import type { DecisionRecord } from './decision-record.ts'
import type { Dependencies } from './dependencies.ts'
import { keepCaller, reviveCaller } from './kept-caller.ts'
import { type KeptPolicies, keepPolicies, revivePolicies, textHash } from './kept-policies.ts'
import type { Origin } from './origin.ts'
import type { Judged } from './verdict.ts'

/** The largest stored record. A larger one stays in memory; no ordinary call or policies reach this size. */
const mostCharacters = 256 * 1024

/** The JSON form of a denial (behaviour RSN-10). */
interface KeptDenial {
  /** Without operations and shapes: a reader wants to know what was called, not how. */
  readonly service: ServiceModel
  readonly operation: OperationModel
  readonly region: string
  readonly origin: Origin
  readonly caller: unknown
  readonly judged: readonly KeptJudged[]
  readonly behind?: readonly KeptJudged[]
  readonly beyond?: number
  readonly letThrough?: boolean
}

interface KeptJudged {
  /** The document of a resource's policy is stored as its hash. */
  readonly access: AccessRequest
  readonly principal: Principal
  /** Action and resource are those of `access`. */
  readonly resourceAccount?: AccountId | undefined
  readonly context: readonly (readonly [key: string, value: string | readonly string[]])[]
  readonly policies: KeptPolicies
}

/**
 * Returns the stored form of a denial, without the following questions if they are too large; undefined if it is too
 * large.
 */
export function keepDenial(record: KeptDecision): StoredDenial | undefined {
  const { id, call, judged, behind, beyond, letThrough } = record
  const documents = new Map<string, string>()
  const denied = judged.at(-1)
  if (denied === undefined) return undefined
  const kept: KeptDenial = {
    service: { ...call.service, derivedFrom: {}, operations: {}, omitted: {}, shapes: {} },
    operation: { ...call.operation, errors: [] },
    region: call.region,
    origin: call.origin,
    caller: keepCaller(call.caller),
    judged: judged.map((one) => keepJudged(one, documents)),
    behind: behind.map((one) => keepJudged(one, documents)),
    beyond,
    letThrough,
  }
  const json = JSON.stringify(kept)
  if (json.length > mostCharacters) {
    if (behind.length === 0) return undefined
    return keepDenial({ ...record, behind: [], beyond: beyond + behind.length })
  }
  return {
    id,
    requestId: call.id,
    account: call.account.id,
    time: call.now,
    action: denied.request.action,
    resource: denied.request.resource,
    json,
    documents,
  }
}

/** Returns the denial, decided again with the same policies; undefined if a document or the account is gone. */
export async function reviveDenial(
  denial: StoredDenial,
  deps: Dependencies,
): Promise<DecisionRecord | undefined> {
  const account = await deps.directory.find(denial.account)
  if (account === undefined) return undefined
  const kept = JSON.parse(denial.json) as KeptDenial // `keepDenial` made it
  const { service, operation, region, origin } = kept
  const caller = reviveCaller(kept.caller, account)
  const call: Call = {
    id: denial.requestId,
    now: denial.time,
    service,
    operation,
    region,
    caller,
    account,
    origin,
    deps,
    mode: deps.mode,
  }
  const again = (list: readonly KeptJudged[]) =>
    list.map((one) => judgedAgain(one, call, denial.documents)).filter((one) => one !== undefined)
  const judged = again(kept.judged)
  const behind = again(kept.behind ?? [])
  if (judged.length + behind.length < kept.judged.length + (kept.behind?.length ?? 0)) return undefined
  return {
    id: denial.id,
    call,
    judged,
    allowed: false,
    behind,
    beyond: kept.beyond ?? 0,
    letThrough: kept.letThrough ?? false,
  }
}

function keepJudged({ access, request, policies }: Judged, documents: Map<string, string>): KeptJudged {
  const { principal, resourceAccount, context } = request
  return {
    access: withDocument(access, (text) => {
      const hash = textHash(text)
      documents.set(hash, text)
      return hash
    }),
    principal,
    resourceAccount: resourceAccount as AccountId | undefined, // `judge` put it there
    context: [...context.entries()],
    policies: keepPolicies(policies, documents),
  }
}

function judgedAgain(
  { access, principal, resourceAccount, context, policies }: KeptJudged,
  call: Call,
  documents: ReadonlyMap<string, string>,
): Judged | undefined {
  const compiled = revivePolicies(policies, documents)
  if (compiled === undefined) return undefined
  const keys = new Context()
  for (const [key, value] of context) keys.set(key, value)
  const request: Request = {
    principal,
    action: access.action,
    resource: access.resource,
    ...(access.resourcePattern === undefined ? {} : { resourcePattern: access.resourcePattern }),
    context: keys,
    ...(resourceAccount === undefined ? {} : { resourceAccount }),
    ...(access.exempt ? { exempt: true } : {}),
  }
  const decision = decide(request, compiled, call.caller)
  return {
    access: withDocument(access, (hash) => documents.get(hash) ?? ''),
    request,
    decision,
    policies: compiled,
  }
}

function withDocument(access: AccessRequest, change: (text: string) => string): AccessRequest {
  const { resourcePolicy } = access
  if (resourcePolicy?.document === undefined) return access
  const document = change(resourcePolicy.document)
  return { ...access, resourcePolicy: { ...resourcePolicy, document } }
}
