import type { Determining, ExplicitDeny, ImplicitDeny, LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import type { ExplainOptions } from './explanation.ts'

/** AWS's names for the kinds of policy, with their articles (behaviour POL-115). */
const policyTypes: Readonly<Record<LayerName, { readonly name: string; readonly withArticle: string }>> = {
  identity: { name: 'identity-based policy', withArticle: 'an identity-based policy' },
  resource: { name: 'resource-based policy', withArticle: 'a resource-based policy' },
  boundary: { name: 'permissions boundary', withArticle: 'a permissions boundary' },
  session: { name: 'session policy', withArticle: 'a session policy' },
  scp: { name: 'service control policy', withArticle: 'a service control policy' },
  rcp: { name: 'resource control policy', withArticle: 'a resource control policy' },
  endpoint: { name: 'VPC endpoint policy', withArticle: 'a VPC endpoint policy' },
}

const trustPolicy = { name: 'role trust policy', withArticle: 'the role trust policy' }

/** AWS's access denied sentence, to the letter. */
export function sentence(
  decision: ExplicitDeny | ImplicitDeny,
  request: Request,
  caller: string,
  options: ExplainOptions,
): string {
  const { action } = request
  const start = notAuthorized(caller, action, resourceIn(request, options))
  if (options.because === false) return start
  if (decision.outcome === 'explicitDeny') return `${start} ${explicit(decision, options)}`
  return `${start} because no ${implicitType(decision, options)} allows the ${action} action`
}

/** AWS's sentence for a denial, without a reason; without a resource if none is given. */
export function notAuthorized(caller: string, action: string, resource?: string): string {
  const start = `User: ${caller} is not authorized to perform: ${action}`
  return resource === undefined ? start : `${start} on resource: ${resource}`
}

/** The resource as the sentence writes it. */
function resourceIn(request: Request, options: ExplainOptions): string | undefined {
  if (options.resource === null) return undefined
  const resource = options.resource ?? request.resource
  return options.quoteResource === true ? `"${resource}"` : resource
}

function explicit({ by, layer }: ExplicitDeny, options: ExplainOptions): string {
  const [first] = by
  const text = `with an explicit deny in ${typeOf(layer, first).withArticle}`
  const arn = first?.source.arn
  return arn === undefined || options.policyArn === false || layer === 'resource' ? text : `${text}: ${arn}`
}

/**
 * Across accounts AWS names the resource policy when it only delegates to the caller's account and no identity
 * policy takes that up.
 */
function implicitType(decision: ImplicitDeny, { trust }: ExplainOptions): string {
  const delegated = decision.crossAccount && decision.layer === 'identity' && decision.grantedTo === 'account'
  const layer = delegated ? 'resource' : decision.layer
  return layer === 'resource' && trust === true ? trustPolicy.name : policyTypes[layer].name
}

function typeOf(layer: LayerName, by: Determining | undefined): { name: string; withArticle: string } {
  return layer === 'resource' && by?.policy.kind === 'trust' ? trustPolicy : policyTypes[layer]
}
