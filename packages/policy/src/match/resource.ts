import type { Policy, PolicyKind, Statement } from '../document/policy.ts'
import { isWild } from './action.ts'
import { type Part, parseTemplate } from './template.ts'

/**
 * A value of Resource or NotResource, cut into parts. The whole ARN is one pattern: `*` crosses `/`, and where it ends
 * a segment it may reach beyond the colon. Variables count from the region on; before it they are text. [POL-083,
 * POL-087, POL-184] An incomplete ARN is completed (behaviour POL-185).
 */
export function resourceParts(
  value: string,
  { version, kind }: Pick<Policy, 'version' | 'kind'>,
  { effect, resource }: Pick<Statement, 'effect' | 'resource'>,
): readonly Part[] {
  const isClosed = (effect === 'Deny') !== (resource?.negated === true)
  const text = completedArn(value, isClosed, isClosed || completed.has(kind))
  if (version !== '2012-10-17' || !text.includes('${'))
    return parseTemplate(text, { wildcards: true, variables: false })
  const region = fieldStarts(text)[2] ?? text.length
  const head = parseTemplate(text.slice(0, region), { wildcards: true, variables: false })
  return [...head, ...parseTemplate(text.slice(region), { wildcards: true, variables: true })]
}

/** Kinds that IAM stores. Others complete an ARN only if that denies more or allows less. */
const completed: ReadonlySet<PolicyKind> = new Set(['identity', 'boundary'])

/**
 * An ARN of fewer than six fields, with `*` for those that are missing: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`. A
 * wildcard may or may not match the missing fields; a policy that fails closed reads it both ways.
 */
export function completedArn(text: string, isClosed: boolean, isCompleted: boolean): string {
  if (!text.startsWith('arn:') || text.endsWith('*')) return text
  const missing = 5 - fieldStarts(text).length
  if (missing <= 0) return text
  if (isWild(text)) return isClosed ? `${text}*` : text
  return isCompleted ? text + ':*'.repeat(missing) : text
}

/** All fields of an ARN. A colon within a variable does not separate fields. */
export function splitFields(text: string): readonly string[] {
  const starts = fieldStarts(text, Number.POSITIVE_INFINITY)
  return [0, ...starts].map((start, index) => text.slice(start, (starts[index] ?? text.length + 1) - 1))
}

/** The start of each field after the first five colons. A colon within a variable does not separate fields. */
function fieldStarts(text: string, most = 5): readonly number[] {
  const starts: number[] = []
  let inside = false
  for (let at = 0; at < text.length && starts.length < most; at++) {
    const code = text.charCodeAt(at)
    if (code === dollar && text.charCodeAt(at + 1) === open) inside = true
    else if (code === close) inside = false
    else if (code === colon && !inside) starts.push(at + 1)
  }
  return starts
}

const dollar = 36
const colon = 58
const open = 123
const close = 125
