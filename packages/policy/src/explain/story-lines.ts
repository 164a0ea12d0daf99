import type { ConditionTrace, ElementTrace, LayerTrace, StatementTrace, Trace } from '../evaluate/story.ts'
import type { Decision, Determining, LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { statementWords } from './change.ts'
import { needsSetOperator } from './list-key.ts'

/** Maximum lines. */
const maxLines = 60

const layers: Readonly<Record<LayerName, string>> = {
  identity: 'identity-based policies',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policies',
  scp: 'service control policies',
  rcp: 'resource control policies',
  endpoint: 'VPC endpoint policy',
}

/** Explains a decision in plain words, one line for each step. */
export function storyLines(
  decision: Decision,
  trace: Trace | undefined,
  request: Request,
  caller: string,
  assumed: readonly string[],
): string[] {
  const lines = [`${caller} asks for ${request.action} on ${request.resource}.`, headline(decision)]
  for (const statement of decision.by) lines.push(`  ${determining(statement)}`)
  for (const { problem, ...where } of decision.unevaluable) {
    lines.push(`Could not be evaluated: ${problem}, in ${determining(where)}`)
  }
  if (assumed.length > 0) lines.push(`assumed: ${assumed.join(', ')}`)
  if (trace !== undefined) for (const layer of trace.layers) lines.push(...layerLines(layer))
  return lines.slice(0, maxLines)
}

function headline(decision: Decision): string {
  const across = decision.crossAccount ? ' across accounts' : ''
  switch (decision.outcome) {
    case 'allowed':
      return `Allowed${across}${allowed[decision.reason]}`
    case 'explicitDeny':
      return `Denied${across}: a statement of the ${layers[decision.layer]} denies it, and a Deny is final.`
    case 'implicitDeny': {
      const level = decision.level === undefined ? '' : ` at level ${decision.level} of the organization`
      return `Denied${across}: nothing in the ${layers[decision.layer]}${level} allows it.`
    }
  }
}

const allowed = {
  identity: ' by an identity-based policy.',
  resource: ' by the resource-based policy.',
  both: ' by an identity-based policy and the resource-based policy together.',
  root: ': the root user has full access.',
  exempt: ': this operation needs no permission.',
} as const

function determining({ source, statement, layer }: Determining): string {
  const { line, column } = statement.span.start
  const policy = source.arn ?? source.name ?? source.id ?? `the ${layers[layer]}`
  return `${statement.effect}: ${statementWords(statement)} of ${policy} (line ${line}, column ${column})`
}

function layerLines({ layer, level, verdict, policies }: LayerTrace): string[] {
  const name = level === undefined ? layers[layer] : `${layers[layer]}, level ${level}`
  const lines = [`${name}: ${verdicts[verdict]}`]
  if (verdict === 'notApplied') return lines
  for (const { source, policy, statements } of policies) {
    for (const traced of statements) {
      const { statement, failed } = traced
      if (failed?.element === 'Action' || failed?.element === 'NotAction') continue
      lines.push(`  ${determining({ layer, source, policy, statement })} ${statementText(traced)}`)
    }
  }
  return lines
}

const verdicts = {
  allow: 'allows',
  explicitDeny: 'denies',
  noAllow: 'does not allow',
  notApplied: 'does not bind this principal',
} as const

function statementText({ failed, problem }: StatementTrace): string {
  if (problem !== undefined) return `cannot be evaluated: ${problem}`
  if (failed === undefined) return 'applies'
  return `does not apply: ${elementText(failed)}`
}

function elementText(failed: ElementTrace | ConditionTrace): string {
  const { line, column } = failed.span.start
  const at = `(line ${line}, column ${column})`
  if (!('operator' in failed)) return `${failed.element} does not fit ${at}`
  const seen =
    failed.seen === undefined ? 'the request has no such key' : `the request has ${quote(failed.seen)}`
  const list = needsSetOperator(failed)
    ? ', a list, which satisfies no operator without ForAllValues or ForAnyValue'
    : ''
  return `${failed.operator} ${failed.key} wants ${quote(failed.wanted)}, ${seen}${list} ${at}`
}

function quote(value: string | readonly string[]): string {
  return typeof value === 'string' ? `"${value}"` : value.map((item) => `"${item}"`).join(' or ')
}
