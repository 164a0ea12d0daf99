import type { Span } from './position.ts'

/** Access Analyzer's four classes. An `error` means that AWS would refuse the document or never apply it. */
export type FindingClass = 'error' | 'securityWarning' | 'warning' | 'suggestion'

/** What validation has to say about one place of a policy document. */
export interface Finding {
  readonly class: FindingClass
  /** A stable name for the kind of finding, in Access Analyzer's spelling: `INVALID_ACTION`, `MISSING_SID` … */
  readonly code: string
  readonly message: string
  /** Where in the document, as keys and list indexes: `['Statement', 0, 'Action', 1]`. */
  readonly path: readonly (string | number)[]
  readonly span: Span
}
