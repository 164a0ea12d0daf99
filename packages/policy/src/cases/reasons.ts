import type { Source } from '../document/set.ts'
import type { LayerTrace, Trace } from '../evaluate/story.ts'
import type { LayerName } from '../request/decision.ts'

/** Further names of layers, as AWS's documentation has them. */
const aliases: Readonly<Record<LayerName, readonly string[]>> = {
  identity: ['identity-policy', 'identity-based-policy'],
  resource: ['resource-policy', 'resource-based-policy', 'trust', 'trust-policy'],
  boundary: ['permissions-boundary'],
  session: ['session-policy'],
  scp: ['service-control-policy'],
  rcp: ['resource-control-policy'],
  endpoint: ['endpoint-policy', 'vpc-endpoint-policy'],
}

/**
 * The possible reasons of a decision, in lower case: layers, Sids of the statements, and names and ARNs of the
 * policies that decided. The engine reports one layer; if several deny, each of them is a reason.
 */
export function reasonsOf({ decision, layers }: Trace): ReadonlySet<string> {
  const reasons = new Set<string>()
  const add = (text: string | undefined) => {
    if (text !== undefined && text !== '') reasons.add(text.toLowerCase())
  }
  const addLayer = (layer: LayerName) => {
    for (const name of [layer, ...aliases[layer]]) add(name)
  }
  if (decision.outcome === 'allowed') {
    add(decision.reason)
    for (const { layer, statement, source } of decision.by) {
      addLayer(layer)
      add(statement.sid)
      addPolicy(source, add)
    }
    return reasons
  }
  addLayer(decision.layer)
  const isDeny = decision.outcome === 'explicitDeny'
  for (const layer of layers) {
    if (layer.verdict !== (isDeny ? 'explicitDeny' : 'noAllow')) continue
    addLayer(layer.layer)
    if (isDeny) addDenials(layer, add)
    else for (const { source } of layer.policies) addPolicy(source, add)
  }
  return reasons
}

function addDenials({ policies }: LayerTrace, add: (text: string | undefined) => void): void {
  for (const { source, statements } of policies) {
    for (const { matched, statement } of statements) {
      if (!matched || statement.effect !== 'Deny') continue
      add(statement.sid)
      addPolicy(source, add)
    }
  }
}

function addPolicy({ type, arn, name, id }: Source, add: (text: string | undefined) => void): void {
  add(arn)
  add(name)
  add(id)
  // SimulatePrincipalPolicy calls an inline policy TYPE_OWNER_NAME; either name may have underscores
  const inline = name?.startsWith(`${type}_`) === true ? name : ''
  for (let at = inline.indexOf('_', type.length + 1); at !== -1; at = inline.indexOf('_', at + 1))
    add(inline.slice(at + 1))
  // a managed policy by its name
  add(arn?.slice(arn.lastIndexOf('/') + 1))
}
