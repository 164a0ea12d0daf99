import { Lines, type Policy, type PolicyTrace, type Statement, type Trace } from '@omen-iam/policy'
import type { Iam } from '../../../model/index.ts'

/** The kinds of policies that a result shows. */
export type Shown = 'identity' | 'resource' | 'boundary'

/** The names of kinds of policies in live answers, which differ from the model (behaviour SIM-7). */
export const sourceTypes: Readonly<Record<Shown, string>> = {
  identity: 'IAM Policy',
  resource: 'Resource Policy',
  boundary: 'Permissions Boundary Policy',
}

/** A statement that matched. */
export interface Match {
  readonly layer: Shown
  readonly policy: PolicyTrace
  readonly statement: Statement
  /** Its place among all statements of the simulation. */
  readonly place: readonly [layer: number, policy: number, statement: number]
}

/** The order in a total; that of one resource has identity policies first. */
const layerOrder: readonly Shown[] = ['resource', 'identity', 'boundary']

/**
 * Returns the statements that determine an outcome: the Allows of identity and resource policies, or the Denys of all that are shown.
 * A boundary grants nothing. SCPs are not shown, and if one denies nothing else is; an implicit deny has no statements (behaviour
 * SIM-8).
 */
export function matches(outcome: Trace['decision']['outcome'], { layers }: Trace): readonly Match[] {
  if (outcome === 'implicitDeny') return []
  if (layers.some(({ layer, verdict }) => layer === 'scp' && verdict === 'explicitDeny')) return []
  const effect = outcome === 'explicitDeny' ? 'Deny' : 'Allow'
  const matches: Match[] = []
  for (const { layer, policies } of layers) {
    if (!isShown(layer) || (effect === 'Allow' && layer === 'boundary')) continue
    for (const [policyIndex, policy] of policies.entries()) {
      for (const [index, { statement, matched }] of policy.statements.entries()) {
        if (!matched || statement.effect !== effect) continue
        matches.push({ layer, policy, statement, place: [layerOrder.indexOf(layer), policyIndex, index] })
      }
    }
  }
  return matches
}

/** Each statement of several lists once, in the order of their documents (behaviour SIM-3). */
export function united(lists: readonly (readonly Match[])[]): readonly Match[] {
  const unique = new Map(lists.flat().map((match) => [match.place.join(), match]))
  return [...unique.values()].toSorted(
    ({ place: a }, { place: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2],
  )
}

function isShown(layer: string): layer is Shown {
  return layer in sourceTypes
}

/** Returns a statement as answers name it. */
export function statementOut({ layer, policy: { source, policy }, statement }: Match): Iam.Statement {
  return {
    SourcePolicyId: source.name ?? source.arn,
    SourcePolicyType: sourceTypes[layer] as Iam.PolicySourceType, // AWS answers words that its own model lacks
    StartPosition: placeOf(policy, startOf(policy.text, statement.span.start.offset)),
    EndPosition: placeOf(policy, statement.span.end.offset),
  }
}

const space = /\s/

/**
 * Live answers begin a statement at the position of their parser: after the bracket of the list, after the previous
 * statement, and after its own brace if it is alone (behaviour SIM-9).
 */
function startOf(text: string, offset: number): number {
  const at = beforeSpace(text, offset)
  if (text[at - 1] === ':') return offset + 1
  return text[at - 1] === ',' ? beforeSpace(text, at - 1) : at
}

const lines = new WeakMap<Policy, Lines>()

function placeOf(policy: Policy, offset: number): Iam.Position {
  const linesOfPolicy = lines.get(policy) ?? new Lines(policy.text)
  lines.set(policy, linesOfPolicy)
  const { line, column } = linesOfPolicy.position(offset)
  return { Line: line, Column: column }
}

/** Returns the beginning of the blanks before a position. */
function beforeSpace(text: string, offset: number): number {
  let at = offset
  while (at > 0 && space.test(text.charAt(at - 1))) at--
  return at
}
