// Derived by tools/models.ts from the Omen model, version 2026-11-28. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export type Direction = 'from' | 'to'

export interface Fact {
  readonly fact: string
  readonly value: string
  readonly known: string
}

export interface GetEdgeRequest {
  readonly from: string
  readonly to: string
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
}

export interface GetEdgeResponse {
  readonly revision: string
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly ways: readonly Path[]
  readonly documents: readonly PolicyDocument[]
  readonly problems: readonly string[]
}

export interface GetReachRequest {
  readonly who?: string | undefined
  readonly direction?: Direction | undefined
  readonly action?: string | undefined
  readonly resource?: string | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface GetReachResponse {
  readonly revision: string
  readonly reached: readonly ReachedPrincipal[]
  readonly problems: readonly string[]
  readonly nextToken?: string | undefined
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export interface ListPathsRequest {
  readonly from: string
  readonly to?: string | undefined
  readonly via?: string | undefined
  readonly verdicts?: readonly Verdict[] | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface ListPathsResponse {
  readonly revision: string
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly residual: readonly Residual[]
  readonly paths: readonly Path[]
  readonly problems: readonly string[]
  readonly nextToken?: string | undefined
}

export interface Path {
  readonly verdict: Verdict
  readonly residual: readonly Residual[]
  readonly steps: readonly Step[]
  readonly breaks?: string | undefined
}

export interface Place {
  readonly policy: string
  readonly layer: string
  readonly line: number
  readonly column: number
}

export interface PlannedRequest {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, unknown>>
  readonly decision: readonly Place[]
}

export interface PolicyDocument {
  readonly policy: string
  readonly layer: string
  readonly arn?: string | undefined
  readonly owner?: string | undefined
  readonly text: string
  readonly line: number
  readonly column: number
}

export interface ReachedPrincipal {
  readonly principal: string
  readonly type: string
  readonly name: string
  readonly verdict: Verdict
  readonly steps: number
  readonly isAdministrator: boolean
  readonly techniques: readonly string[]
  readonly residual: readonly Residual[]
}

export interface Residual {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly mustHold: boolean
  readonly who: string
  readonly at: Place
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface Step {
  readonly from: string
  readonly to: string
  readonly technique: string
  readonly gives: string
  readonly verdict: Verdict
  readonly delay: string
  readonly form: string
  readonly basis: string
  readonly requests: readonly PlannedRequest[]
  readonly facts: readonly Fact[]
  readonly residual: readonly Residual[]
  readonly because?: string | undefined
}

export interface ValidationException {
  readonly message?: string | undefined
}

export type Verdict = 'proven' | 'conditional' | 'undecided' | 'blocked' | 'none'

/** Every operation of the model with its input and output. */
export interface Operations {
  GetEdge: { readonly input: GetEdgeRequest; readonly output: GetEdgeResponse }
  GetReach: { readonly input: GetReachRequest; readonly output: GetReachResponse }
  ListPaths: { readonly input: ListPathsRequest; readonly output: ListPathsResponse }
}
