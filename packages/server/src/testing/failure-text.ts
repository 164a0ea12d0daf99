import {
  layerWords,
  plainChange,
  policyWords,
  type StatementTrace,
  statementWords,
  suggest,
  type Trace,
} from '@omen-iam/policy'
import { refusalSentence } from '../authorization/index.ts'
import type { Answered } from './question.ts'

/** The most statements shown that nearly allowed the action. */
const nearMost = 3

/** Returns the message of a failed assertion about a decision: the deciding statements, and the smallest change. */
export function failureText(headline: string, { judged, trace }: Answered): string {
  const { decision, request, policies, access } = judged
  if (decision.outcome === 'allowed') return [headline, ...decidingLines(trace)].join('\n')
  const fixed = access.resourcePolicy?.missing ? { fixed: ['resource' as const] } : {}
  const [smallest] = suggest(request, policies, { most: 1, ...fixed })
  const changes =
    smallest === undefined
      ? ['no edit of a policy allows it']
      : smallest.edits.map(
          (edit, index) => `${index === 0 ? 'smallest change' : 'and'}: ${plainChange(edit)}`,
        )
  return [headline, `  ${refusalSentence(judged)}`, ...decidingLines(trace), ...changes.map(indented)].join(
    '\n',
  )
}

/** Returns the statements that decided; if none did, the nearest ones. */
export function decidingLines({ decision, layers }: Trace): readonly string[] {
  if (decision.outcome === 'allowed' && decision.by.length === 0) return [`  allowed: ${decision.reason}`]
  if (decision.outcome !== 'implicitDeny') {
    const verb = decision.outcome === 'allowed' ? 'allowed' : 'denied'
    return decision.by.map(
      ({ layer, source, policy, statement }) =>
        `  ${verb} by ${statementWords(statement)} of ${policyWords({ source, policy }, layer)}, line ${statement.span.start.line}`,
    )
  }
  const silent = layers.filter(({ layer, verdict }) => layer === decision.layer && verdict === 'noAllow')
  const near = silent.flatMap(({ layer, policies }) =>
    policies.flatMap(({ source, policy, statements }) =>
      statements
        .filter(({ statement, failed }) => statement.effect === 'Allow' && failed?.element !== 'Action')
        .map(
          (traced) =>
            `  ${statementWords(traced.statement)} of ${policyWords({ source, policy }, layer)}, line ${traced.statement.span.start.line}: ${whyNot(traced)}`,
        ),
    ),
  )
  const level = decision.level === undefined ? '' : ` at level ${decision.level} of the organization`
  return [`  no ${layerWords[decision.layer]}${level} allows it`, ...near.slice(0, nearMost)]
}

function whyNot({ failed, problem }: StatementTrace): string {
  if (problem !== undefined) return `cannot be evaluated: ${problem}`
  if (failed === undefined) return 'does not apply'
  if (!('operator' in failed)) return `${failed.element} does not match`
  const seen = failed.seen === undefined ? 'no such key' : JSON.stringify(failed.seen)
  return `${failed.operator} ${failed.key} wants ${failed.wanted.map((each) => JSON.stringify(each)).join(' or ')}, the request has ${seen}`
}

function indented(line: string): string {
  return `  ${line}`
}
