import type { Finding, FindingClass, FindingDetail, Path } from '../document/finding.ts'
import { Lines } from '../document/lines.ts'
import type { Located, PolicyKind } from '../document/policy.ts'
import type { Span } from '../document/position.ts'
import { type Refusal, type RefusalCode, refusalText } from './refusals.ts'

/** A reason whose text repeats something of the document. */
type Mentioning = Pick<Refusal, 'code' | 'mention'>

/** A range of text as offsets. Every node of the JSON is one. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** The JSON types that Access Analyzer's messages name. */
export const objectExpected: FindingDetail = { type: 'json', expected: 'Object' }
export const stringExpected: FindingDetail = { type: 'json', expected: 'String' }

/** Access Analyzer's codes for what AWS refuses, if they differ from ours. */
const findingCodes: Partial<Readonly<Record<RefusalCode, string>>> = {
  INVALID_JSON: 'JSON_SYNTAX_ERROR',
  UNKNOWN_ELEMENT: 'INVALID_POLICY_ELEMENT',
  CONFLICTING_ELEMENTS: 'UNSUPPORTED_ELEMENT_COMBINATION',
  INVALID_OPERATOR: 'INVALID_CONDITION_OPERATOR',
  PROHIBITED_ELEMENT: 'UNSUPPORTED_ELEMENT',
  INVALID_PRINCIPAL: 'INVALID_PRINCIPAL_FORMAT',
  MISSING_VENDOR: 'INVALID_ACTION',
  INVALID_VENDOR: 'INVALID_SERVICE_IN_ACTION',
  VENDOR_WILDCARD: 'INVALID_SERVICE_IN_ACTION',
  EFFECT_CASE: 'INVALID_EFFECT',
  CONDITION_VALUE: 'INVALID_CONDITION_VALUE',
  INVALID_BINARY: 'INVALID_CONDITION_VALUE',
  COGNITO_CONDITION: 'MISSING_CONDITION_FOR_PROVIDER',
  ARN_ACCOUNT: 'ARN_ACCOUNT_NOT_ALLOWED',
  TOO_MANY_COLONS: 'INVALID_ACTION',
  EMPTY_STATEMENT: 'MISSING_STATEMENT',
  INVALID_STS_ACTION: 'UNSUPPORTED_ACTION_IN_POLICY',
  INVALID_ARN: 'INVALID_ARN_PREFIX',
  LEGACY_PARSING: 'MISSING_ARN_FIELD',
  RESOURCE_VENDOR: 'INVALID_ARN_PREFIX',
  IAM_REGION: 'ARN_REGION_NOT_ALLOWED',
  IAM_PATH: 'INVALID_ARN_RESOURCE',
  S3_REGION: 'ARN_REGION_NOT_ALLOWED',
  INVALID_SID: 'UNSUPPORTED_SID',
  DUPLICATE_SID: 'UNIQUE_SIDS_REQUIRED',
}

/** Maximum findings of one document. More would not help its author. */
const maxFindings = 200

/** Collects the findings of one document. */
export class Report {
  readonly text: string
  readonly findings: Finding[] = []
  readonly #refusals: Refusal[] = []
  /** The number of duplicate keys so far. */
  duplicates = 0
  readonly #lines: Lines

  /** Whether the account of a resource's ARN may be a variable. */
  readonly accountVariables: boolean

  constructor(text: string, accountVariables = false) {
    this.text = text
    this.accountVariables = accountVariables
    this.#lines = new Lines(text)
  }

  get refused(): boolean {
    return this.#refusals.length > 0
  }

  span(at: Stretch): Span {
    return this.#lines.span(at.start, at.end)
  }

  located(value: string, at: Stretch): Located {
    return this.#lines.located(value, at.start, at.end)
  }

  /**
   * Adds a reason for which AWS refuses the document. Returns undefined, for `return report.refuse(…)`.
   * @param reason the code, with what AWS's own text repeats if it does: an element's name, a vendor, a resource
   * @param detail data on which Access Analyzer's message depends
   */
  refuse(
    reason: RefusalCode | Mentioning,
    message: string,
    path: Path,
    at: Stretch,
    detail?: FindingDetail,
  ): undefined {
    const { code, mention } = typeof reason === 'string' ? { code: reason, mention: '' } : reason
    if (code === 'DUPLICATE_KEY') this.duplicates++
    if (this.#refusals.length < maxFindings) this.#refusals.push({ code, mention, offset: at.start })
    this.#add('error', findingCodes[code] ?? code, message, path, this.span(at), detail)
  }

  /** Adds a remark on what AWS stores, but its author should know. */
  note(
    kind: FindingClass,
    code: string,
    message: string,
    path: Path,
    span: Span,
    detail?: FindingDetail,
  ): void {
    this.#add(kind, code, message, path, span, detail)
  }

  message(kind: PolicyKind): string {
    return refusalText(kind, this.#refusals)
  }

  #add(
    kind: FindingClass,
    code: string,
    message: string,
    path: Path,
    span: Span,
    detail: FindingDetail | undefined,
  ): void {
    if (this.findings.length >= maxFindings) return
    const about = detail === undefined ? {} : { detail }
    this.findings.push({ class: kind, code, message, path, span, ...about })
  }
}

export function stretch(span: Span): Stretch {
  return { start: span.start.offset, end: span.end.offset }
}
