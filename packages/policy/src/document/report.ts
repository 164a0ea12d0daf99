import type { Finding, FindingClass } from './finding.ts'
import { Lines } from './lines.ts'
import type { Located, PolicyKind } from './policy.ts'
import type { Span } from './position.ts'
import { type Refusal, type RefusalCode, refusalText } from './refusals.ts'

export type Path = readonly (string | number)[]

/** A stretch of text in offsets; every node of the JSON is one. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Findings kept of one document; a thousand faults help nobody more than a hundred. */
const MAX_FINDINGS = 200

/** Collects what is wrong with one document. */
export class Report {
  readonly text: string
  readonly findings: Finding[] = []
  readonly #refusals: Refusal[] = []
  readonly #lines: Lines

  constructor(text: string) {
    this.text = text
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

  /** Something for which AWS refuses the document. Returns undefined, for `return report.refuse(…)`. */
  refuse(code: RefusalCode, message: string, detail: string, path: Path, at: Stretch): undefined {
    if (this.#refusals.length < MAX_FINDINGS) this.#refusals.push({ code, detail, offset: at.start })
    this.#add('error', code, message, path, this.span(at))
  }

  /** Something that AWS stores, but that its author should know. */
  note(kind: FindingClass, code: string, message: string, path: Path, span: Span): void {
    this.#add(kind, code, message, path, span)
  }

  message(kind: PolicyKind): string {
    return refusalText(kind, this.#refusals)
  }

  #add(kind: FindingClass, code: string, message: string, path: Path, span: Span): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ class: kind, code, message, path, span })
  }
}

export function stretch(span: Span): Stretch {
  return { start: span.start.offset, end: span.end.offset }
}
