import { parseJson } from './json.ts'
import type { ParsedPolicy, Policy, PolicyKind } from './policy.ts'
import { readPolicy } from './read.ts'
import { Report } from './report.ts'

export interface ParseOptions {
  /**
   * Accept what can be evaluated, though AWS would not store it: unknown operators (which then cannot be evaluated
   * and fail closed), values of a wrong form, elements out of place.
   */
  readonly lenient?: boolean
  /** Accept a variable in the account of a resource's ARN, as AWS's simulator does where IAM stores none. [POL-184] */
  readonly accountVariables?: boolean
}

/** Characters of a document before it is refused unread; the longest that AWS takes is half of it. */
const MAX_TEXT = 262_144

/** Reads a policy document in linear time. Never throws: a fault is a finding, with AWS's text in `message`. */
export function parsePolicy(text: string, kind: PolicyKind, options?: ParseOptions): ParsedPolicy {
  const { policy, report } = readDocument(text, kind, options)
  const accepted = policy !== undefined && (!report.refused || options?.lenient === true)
  if (accepted) return { ok: true, policy, findings: report.findings }
  return { ok: false, message: report.message(kind), findings: report.findings }
}

/** The same for a document that has been parsed as JSON already; positions are those of its text with two spaces. */
export function policyFromJson(value: unknown, kind: PolicyKind, options?: ParseOptions): ParsedPolicy {
  return parsePolicy(toText(value), kind, options)
}

/** The policy, as far as one can be made of the text, and everything that is wrong with it. */
export function readDocument(
  text: string,
  kind: PolicyKind,
  options?: ParseOptions,
): { policy: Policy | undefined; report: Report } {
  const report = new Report(text, options?.accountVariables)
  return { policy: read(text, kind, report), report }
}

function read(text: string, kind: PolicyKind, report: Report): Policy | undefined {
  if (text.length > MAX_TEXT) {
    return report.refuse('INVALID_JSON', `longer than ${MAX_TEXT} characters`, '', [], { start: 0, end: 0 })
  }
  const root = parseJson(text)
  if (root.type === 'problem')
    return report.refuse('INVALID_JSON', `Invalid JSON: ${root.message}`, '', [], root)
  return readPolicy(root, kind, report)
}

/** JSON.stringify throws for cycles and returns undefined for what is no JSON; both are no policy. */
function toText(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? ''
  } catch {
    return ''
  }
}
