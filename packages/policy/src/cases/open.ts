import type { PolicyKind } from '../document/policy.ts'
import type { Grant, PolicySet, PolicySource, ResourcePolicy, SourceType } from '../document/set.ts'
import { policyFromJson } from '../parse/parse.ts'
import { Context } from '../request/context.ts'
import type { LayerName } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'
import type { Request } from '../request/request.ts'
import type { Case, CaseRequest } from './case.ts'
import { principalOf } from './principal.ts'

export type OpenedCase =
  | { readonly ok: true; readonly request: Request; readonly policies: PolicySet }
  | { readonly ok: false; readonly message: string }

/** Converts a case to a request and policies. */
export function openCase({ request, policies }: Case): OpenedCase {
  const reader = new Reader()
  const { kind, grant } = resourceRules(request)
  const source = reader.resource(policies.resource, kind)
  const set: PolicySet = {
    identity: reader.layer('identity', policies.identity),
    boundary: reader.layer('boundary', policies.boundary),
    session: reader.layer('session', policies.session),
    resource: resourcePolicy(source, grant),
    scp: policies.scp?.map((level, index) => reader.level('scp', level, index)),
    rcp: policies.rcp?.map((level, index) => reader.level('rcp', level, index)),
    endpoint: reader.layer('endpoint', policies.endpoint),
  }
  if (reader.problem !== undefined) return { ok: false, message: reader.problem }
  return opened(request, set)
}

/** A case with policies that are already parsed. The resource policy decides which layers must allow. */
export function openQuestion(request: CaseRequest, policies: CasePolicySet): OpenedCase {
  const { resource: source, ...set } = policies
  return opened(request, { ...set, resource: resourcePolicy(source, resourceRules(request).grant) })
}

/** Policies that have been read, by layer. */
export type CasePolicySet = Omit<PolicySet, 'resource'> & { readonly resource?: PolicySource | undefined }

/** The kind of the resource's policy: a trust policy, a key policy, or any other. */
export function resourcePolicyKind(request: CaseRequest): PolicyKind {
  return resourceRules(request).kind
}

function opened(request: CaseRequest, set: PolicySet): OpenedCase {
  const asked = requestOf(request, set)
  return asked === undefined
    ? { ok: false, message: `${JSON.stringify(request.principal)} is not a principal` }
    : { ok: true, request: asked, policies: set }
}

/** Operations of STS that need no permission and cannot be denied (behaviours POL-061 and POL-065). */
const exempt: ReadonlySet<string> = new Set(['sts:getcalleridentity', 'sts:getsessiontoken'])

function requestOf(request: CaseRequest, set: PolicySet): Request | undefined {
  const principal = principalOf(request.principal, namedRoles(set))
  if (principal === undefined) return undefined
  const { action, resource, resourceAccount } = request
  return {
    principal,
    action,
    resource,
    resourceAccount,
    context: contextOf(principal, request.context),
    exempt: exempt.has(action.toLowerCase()),
  }
}

/** The keys of the case, and those that follow from the principal unless the case has them. */
function contextOf(principal: Principal, given: CaseRequest['context']): Context {
  const context = new Context(principalContext(principal))
  for (const [key, value] of Object.entries(given ?? {})) context.set(key, value)
  return context
}

/** The resource's policy: the rules that it obeys, and which layers must allow. */
function resourceRules({ action, resource }: CaseRequest): {
  readonly kind: PolicyKind
  readonly grant: Grant
} {
  const [, , service, , , name = ''] = resource.split(':')
  if (service === 'iam' && name.startsWith('role/') && /^sts:/i.test(action))
    return { kind: 'trust', grant: 'trust' }
  if (service === 'kms' && name.startsWith('key/')) return { kind: 'key', grant: 'explicit' }
  return { kind: 'resource', grant: 'either' }
}

function resourcePolicy(source: PolicySource | undefined, grant: Grant): ResourcePolicy | undefined {
  if (source !== undefined) return { source, grant }
  return grant === 'either' ? undefined : { grant }
}

function namedRoles(set: PolicySet): readonly string[] {
  const statements = set.resource?.source?.policy.statements ?? []
  return statements.flatMap(({ principal }) => principal?.entries.map(({ value }) => value) ?? [])
}

const sourceTypes: Readonly<Record<LayerName, SourceType>> = {
  identity: 'user-managed',
  boundary: 'user-managed',
  session: 'session',
  resource: 'resource',
  scp: 'scp',
  rcp: 'rcp',
  endpoint: 'endpoint',
}

/** Reads documents and keeps the first error. */
class Reader {
  problem: string | undefined

  layer(
    name: Exclude<LayerName, 'resource'>,
    documents: readonly unknown[] | undefined,
  ): readonly PolicySource[] | undefined {
    return documents?.flatMap((document, index) => this.#source(document, name, name, `${name}[${index}]`))
  }

  resource(document: unknown, kind: PolicyKind): PolicySource | undefined {
    return document === undefined ? undefined : this.#source(document, kind, 'resource', 'resource')[0]
  }

  level(name: 'scp' | 'rcp', documents: readonly unknown[], level: number): readonly PolicySource[] {
    return documents.flatMap((document, index) =>
      this.#source(document, name, name, `${name}[${level}][${index}]`),
    )
  }

  #source(document: unknown, kind: PolicyKind, layer: LayerName, place: string): readonly PolicySource[] {
    const name = `policies.${place}`
    // Lenient, because cases also cover documents that AWS would not store.
    const parsed = policyFromJson(document, kind, { lenient: true })
    if (parsed.ok) return [{ policy: parsed.policy, source: { type: sourceTypes[layer], name } }]
    this.problem ??= `${name}: ${parsed.findings[0]?.message ?? parsed.message}`
    return []
  }
}
