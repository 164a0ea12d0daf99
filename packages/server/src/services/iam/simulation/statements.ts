import type { LayerTrace, PolicyTrace, Position, StatementTrace, Trace } from '@omen-iam/policy'
import type { Iam } from '../../../model/index.ts'

type Shown = 'identity' | 'resource' | 'boundary'

/** The names of kinds of policies in live answers, which differ from the model (behaviour SIM-7). */
export const sourceTypes: Readonly<Record<Shown, string>> = {
  identity: 'IAM Policy',
  resource: 'Resource Policy',
  boundary: 'Permissions Boundary Policy',
}

/**
 * Returns the statements that determine a decision: of each kind, its Denys if it denies, otherwise its Allows; Denys
 * first. SCPs are not shown, and an implicit deny has none (behaviour SIM-8).
 */
export function matchedStatements({ decision, layers }: Trace): readonly Iam.Statement[] {
  if (decision.outcome === 'implicitDeny') return []
  const found: Record<'Allow' | 'Deny', Iam.Statement[]> = { Deny: [], Allow: [] }
  for (const layer of layers) {
    if (!isShown(layer)) continue
    const effect = effectShown(layer, decision.outcome)
    if (effect === undefined) continue
    for (const policy of layer.policies) {
      for (const statement of policy.statements) {
        if (statement.matched && statement.statement.effect === effect) {
          found[effect].push(statementOut(layer.layer, policy, statement))
        }
      }
    }
  }
  return [...found.Deny, ...found.Allow]
}

function isShown(layer: LayerTrace): layer is LayerTrace & { readonly layer: Shown } {
  return layer.layer in sourceTypes
}

function effectShown(layer: LayerTrace, outcome: 'allowed' | 'explicitDeny'): 'Allow' | 'Deny' | undefined {
  if (layer.verdict === 'explicitDeny') return outcome === 'explicitDeny' ? 'Deny' : undefined
  // a boundary grants nothing: only its Denys are returned
  return layer.verdict === 'allow' && layer.layer !== 'boundary' ? 'Allow' : undefined
}

function statementOut(
  layer: Shown,
  { source, policy }: PolicyTrace,
  { statement }: StatementTrace,
): Iam.Statement {
  return {
    SourcePolicyId: source.name ?? source.arn,
    SourcePolicyType: sourceTypes[layer] as Iam.PolicySourceType, // AWS answers words that its own model lacks
    StartPosition: startOf(policy.text, statement.span.start),
    EndPosition: { Line: statement.span.end.line, Column: statement.span.end.column },
  }
}

const space = /\s/

/**
 * Live answers begin a statement at the position of their parser: after the bracket of the list, after the previous
 * statement, and after its own brace if it is alone (behaviour SIM-9).
 */
function startOf(text: string, { offset, line, column }: Position): Iam.Position {
  let at = beforeSpace(text, offset)
  if (text[at - 1] === ':') return { Line: line, Column: column + 1 }
  if (text[at - 1] === ',') at = beforeSpace(text, at - 1)
  const lines = text.slice(at, offset).split('\n').length - 1
  if (lines === 0) return { Line: line, Column: column - (offset - at) }
  return { Line: line - lines, Column: at - text.lastIndexOf('\n', at - 1) }
}

/** Returns the beginning of the blanks before a position. */
function beforeSpace(text: string, offset: number): number {
  let at = offset
  while (at > 0 && space.test(text.charAt(at - 1))) at--
  return at
}
