import type { Statement } from '../document/policy.ts'
import type { PolicySource, Source } from '../document/set.ts'
import type { LayerName } from '../request/decision.ts'
import type { Edit } from './edit.ts'

/** The name of each layer's policies, for people. */
export const layerWords: Readonly<Record<LayerName, string>> = {
  identity: 'identity policy',
  resource: 'resource policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'VPC endpoint policy',
}

/** An edit in words, without its statement's text: `add s3:GetObject to Action of statement "Read" of dev (identity policy)`. */
export function plainChange(edit: Edit): string {
  if (edit.type === 'addStatement') {
    const to =
      edit.policy === undefined ? `a new ${layerWords[edit.layer]}` : policyWords(edit.policy, edit.layer)
    return `add ${JSON.stringify(edit.statement)} to ${to}`
  }
  const where = `${statementWords(edit.statement)} of ${policyWords(edit.policy, edit.layer)}`
  switch (edit.type) {
    case 'addAction':
      return `add ${edit.action} to ${edit.statement.action.negated ? 'NotAction' : 'Action'} of ${where}`
    case 'addResource':
      return `add ${edit.resource} to ${edit.statement.resource?.negated ? 'NotResource' : 'Resource'} of ${where}`
    case 'addPrincipal': {
      const element = edit.statement.principal?.negated ? 'NotPrincipal' : 'Principal'
      return `add ${edit.principal.type} ${edit.principal.value} to ${element} of ${where}`
    }
    case 'addConditionValue':
      return `add ${JSON.stringify(edit.value)} to ${edit.operator} ${edit.key} of ${where}`
    case 'removeCondition':
      return `remove ${edit.operator} ${edit.key} from ${where}`
    case 'removeValue':
      return `remove ${edit.value} from ${edit.element} of ${where}`
    case 'removeStatement':
      return `remove ${where}`
  }
}

/** The name of a statement for people: `statement "Read"`, or `statement 2` without a Sid. */
export function statementWords({ sid, index }: Statement): string {
  return sid === undefined || sid === '' ? `statement ${index + 1}` : `statement "${sid}"`
}

/** The name of a policy for people: its ARN or name, and its kind. */
export function policyWords({ source }: PolicySource, layer: LayerName): string {
  const name = nameOf(source)
  return name === undefined ? `the ${layerWords[layer]}` : `${name} (${layerWords[layer]})`
}

function nameOf({ arn, name, id }: Source): string | undefined {
  return arn ?? name ?? id
}
