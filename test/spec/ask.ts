import {
  type CompiledSet,
  Context,
  compile,
  type Decision,
  evaluate,
  type LayerName,
  type PolicyKind,
  type PolicySource,
  type Principal,
  policyFromJson,
  type Request,
} from '@omen-iam/policy'
import type { CaseRequest, Document, World } from './case.ts'

/** A document that the engine has read; worlds share documents, and each is read once. */
const read = new WeakMap<Document, Map<PolicyKind, PolicySource>>()

/** Asks the engine about a world, by its own front door and none of the short cuts of a case runner. */
export function ask(world: World): Decision {
  return evaluate(requestOf(world.request), compiledOf(world))
}

export function compiledOf({ request, policies }: World): CompiledSet {
  const kind = isAssumption(request) ? 'trust' : isKey(request) ? 'key' : 'resource'
  const grant = kind === 'trust' ? 'trust' : kind === 'key' ? 'explicit' : 'either'
  const resource = policies.resource && { source: sourceOf(policies.resource, kind) }
  const rcp = request.action.toLowerCase() === 'kms:retiregrant' ? undefined : policies.rcp // POL-016
  return compile({
    ...(policies.identity && { identity: sources(policies.identity, 'identity') }),
    ...(policies.boundary && { boundary: sources(policies.boundary, 'boundary') }),
    ...(policies.session && { session: sources(policies.session, 'session') }),
    resource: { ...resource, grant },
    ...(policies.scp && { scp: policies.scp.map((level) => sources(level, 'scp')) }),
    ...(rcp && { rcp: rcp.map((level) => sources(level, 'rcp')) }),
    ...(policies.endpoint && { endpoint: sources(policies.endpoint, 'endpoint') }),
  })
}

export function requestOf(request: CaseRequest): Request {
  return {
    principal: principalOf(request),
    action: request.action,
    resource: request.resource,
    ...(request.resourceAccount === undefined ? {} : { resourceAccount: request.resourceAccount }),
    context: new Context(request.context),
    exempt: /^sts:get(calleridentity|sessiontoken)$/i.test(request.action),
  }
}

export function layerOf(decision: Decision): LayerName | undefined {
  return decision.outcome === 'allowed' ? undefined : decision.layer
}

function principalOf({ principal }: CaseRequest): Principal {
  if (typeof principal !== 'string') return { type: 'service', names: [principal.service] }
  if (principal === '*') return { type: 'anonymous' }
  const [, partition = '', , , account = '', path = ''] = principal.split(':')
  const arn = principal
  if (path === 'root') return { type: 'root', arn, account }
  if (path.startsWith('user/')) return { type: 'user', arn, account }
  if (path.startsWith('oidc-provider/')) return { type: 'webIdentity', provider: arn }
  if (path.startsWith('saml-provider/')) return { type: 'saml', provider: arn }
  const name = path.split('/').at(path.startsWith('role/') ? -1 : 1)
  if (path.startsWith('federated-user/')) {
    const parent: Principal = {
      type: 'user',
      arn: `arn:${partition}:iam::${account}:user/${name}-parent`,
      account,
    }
    return { type: 'federatedUser', arn, account, parent }
  }
  const written = path.startsWith('role/')
  return {
    type: 'roleSession',
    sessionArn: written ? `arn:${partition}:sts::${account}:assumed-role/${name}/some-session` : arn,
    roleArn: written ? arn : `arn:${partition}:iam::${account}:role/${name}`,
    account,
    serviceLinked: /^(role\/aws-service-role\/|assumed-role\/AWSServiceRoleFor)/.test(path),
  }
}

function isAssumption({ action, resource }: CaseRequest): boolean {
  return /^sts:/i.test(action) && resource.includes(':role/')
}

function isKey({ resource }: CaseRequest): boolean {
  return resource.includes(':kms:') && resource.includes(':key/')
}

function sources(documents: readonly Document[], kind: PolicyKind): PolicySource[] {
  return documents.map((each) => sourceOf(each, kind))
}

function sourceOf(document: Document, kind: PolicyKind): PolicySource {
  const kinds = read.get(document) ?? new Map<PolicyKind, PolicySource>()
  read.set(document, kinds)
  const known = kinds.get(kind)
  if (known !== undefined) return known
  const parsed = policyFromJson(document, kind, { lenient: true })
  if (!parsed.ok) throw new Error(`the engine does not read ${JSON.stringify(document)}: ${parsed.message}`)
  const source: PolicySource = { policy: parsed.policy, source: { type: 'none' } }
  kinds.set(kind, source)
  return source
}
