import type { Span } from './position.ts'

/** A place in a document, as keys and list indexes: `['Statement', 0, 'Action', 1]`. */
export type Path = readonly (string | number)[]

/** Access Analyzer's four classes. An `error` means that AWS would refuse the document or never apply it. */
export type FindingClass = 'error' | 'securityWarning' | 'warning' | 'suggestion'

/** The subject of a finding, as data. Messages are for people: no code reads them. */
export type FindingDetail =
  /** An element that this kind of policy forbids, or that excludes another: `NotAction`. */
  | { readonly type: 'element'; readonly element: string }
  /** A JSON value of the wrong type. */
  | { readonly type: 'json'; readonly expected: 'Object' | 'String' }
  /** A Principal that is not an object, a key of it that AWS does not know, or an entry of the wrong form. */
  | { readonly type: 'principal'; readonly fault: 'form' | 'key' | 'entry' }
  /** The fault of an ARN: it does not start with `arn:`, it lacks fields, or its region or account is not one. */
  | { readonly type: 'arn'; readonly fault: 'prefix' | 'fields' | 'account' | 'region' }
  /** A Version behind a Statement that is not a list. */
  | { readonly type: 'lateVersion' }
  | { readonly type: 'action' }
  | { readonly type: 'operator'; readonly operator: string }
  | { readonly type: 'conditionKey'; readonly key: string }

/** One problem at one place of a policy document. */
export interface Finding {
  readonly class: FindingClass
  /** A stable name for the kind of finding, in Access Analyzer's spelling: `INVALID_ACTION`, `MISSING_SID` … */
  readonly code: string
  /** For people. */
  readonly message: string
  readonly path: Path
  readonly span: Span
  /** Absent if the code says everything. */
  readonly detail?: FindingDetail
}
