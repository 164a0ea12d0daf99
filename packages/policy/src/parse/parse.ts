import { parseJson } from '../document/json.ts'
import type { ParsedPolicy, Policy, PolicyKind } from '../document/policy.ts'
import { readPolicy } from './read.ts'
import { Report } from './report.ts'

export interface ParseOptions {
  /**
   * Accept documents that AWS would not store: with unknown operators (which fail closed), values of the wrong form,
   * or misplaced elements.
   */
  readonly lenient?: boolean
  /** Accept a variable as the account of a resource's ARN. AWS's simulator does; IAM does not store it (behaviour POL-184). */
  readonly accountVariables?: boolean
}

/** Maximum characters of a document. A longer text is refused unread. AWS accepts at most half as many. */
const maxText = 262_144

/** Reads a policy document in linear time. Never throws: problems are findings, and `message` is AWS's text. */
export function parsePolicy(text: string, kind: PolicyKind, options?: ParseOptions): ParsedPolicy {
  const { policy, report } = readDocument(text, kind, options)
  const accepted = policy !== undefined && (!report.refused || options?.lenient === true)
  if (accepted) return { ok: true, policy, findings: report.findings }
  return { ok: false, message: report.message(kind), findings: report.findings }
}

/** Reads a document that is already parsed JSON. Positions refer to its text with two spaces for each level. */
export function policyFromJson(value: unknown, kind: PolicyKind, options?: ParseOptions): ParsedPolicy {
  return parsePolicy(toText(value), kind, options)
}

/** The policy, if the text can be read as one, and all findings. */
export function readDocument(
  text: string,
  kind: PolicyKind,
  options?: ParseOptions,
): { policy: Policy | undefined; report: Report } {
  const report = new Report(text, options?.accountVariables)
  return { policy: read(text, kind, report), report }
}

function read(text: string, kind: PolicyKind, report: Report): Policy | undefined {
  if (text.length > maxText) {
    return report.refuse('INVALID_JSON', `longer than ${maxText} characters`, [], { start: 0, end: 0 })
  }
  const root = parseJson(text)
  if (root.type === 'problem') return report.refuse('INVALID_JSON', `Invalid JSON: ${root.message}`, [], root)
  return readPolicy(root, kind, report)
}

/** JSON.stringify throws for cycles and returns undefined for values that JSON lacks. Neither is a policy. */
function toText(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? ''
  } catch {
    return ''
  }
}
