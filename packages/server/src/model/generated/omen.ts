// Derived by tools/models.ts from the Omen model, version 2026-11-28. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface Cut {
  readonly cost: number
  readonly edits: readonly Edit[]
  readonly verdictAfter: Verdict
  readonly missing: readonly Fact[]
  readonly pathsAfter: number
  readonly takesAway: readonly TakenAway[]
}

export type Direction = 'from' | 'to'

export interface Edit {
  readonly kind: string
  readonly text: string
  readonly policy: string
  readonly layer?: string | undefined
  readonly arn?: string | undefined
  readonly owner?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly cost: number
  readonly seen: Seen
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly calls: readonly EditCall[]
  readonly account?: string | undefined
}

export interface EditCall {
  readonly service: string
  readonly operation: string
  readonly input: unknown
}

export type ExportFormat = 'json' | 'svg' | 'dot' | 'mermaid' | 'graphml' | 'opengraph'

export interface ExportGraphRequest {
  readonly around?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly depth?: number | undefined
  readonly format: ExportFormat
  readonly language?: Language | undefined
  readonly maxNodes?: number | undefined
  readonly unfold?: readonly string[] | undefined
  readonly verdicts?: readonly Verdict[] | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
  readonly maxSteps?: number | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
}

export interface ExportGraphResponse {
  readonly revision: string
  readonly format: ExportFormat
  readonly contentType: string
  readonly text: string
  readonly graph?: Picture | undefined
  readonly incomplete?: Incomplete | undefined
  readonly onlyDerived?: readonly string[] | undefined
}

export interface Fact {
  readonly fact: string
  readonly name: string
  readonly value: string
  readonly known: string
  readonly readBy?: string | undefined
  readonly isUnreadable?: boolean | undefined
}

export interface GetAccountDetailsRequest {
  readonly accountId?: string | undefined
  readonly nextToken?: string | undefined
}

export interface GetAccountDetailsResponse {
  readonly accountId: string
  readonly image: string
  readonly inventory: string
  readonly organization: string
  readonly nextToken?: string | undefined
}

export interface GetEdgeRequest {
  readonly from: string
  readonly to: string
  readonly pathFrom?: string | undefined
  readonly pathTo?: string | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
  readonly maxSteps?: number | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
  readonly language?: Language | undefined
}

export interface GetEdgeResponse {
  readonly revision: string
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly ways: readonly Path[]
  readonly documents: readonly PolicyDocument[]
  readonly problems: readonly string[]
  readonly incomplete?: Incomplete | undefined
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
  readonly maxSteps?: number | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
}

export interface GetReachResponse {
  readonly revision: string
  readonly reached: readonly ReachedPrincipal[]
  readonly problems: readonly string[]
  readonly nextToken?: string | undefined
  readonly outside?: readonly OutsideComer[] | undefined
  readonly incomplete?: Incomplete | undefined
  readonly onlyDerived?: readonly string[] | undefined
  readonly notes?: readonly string[] | undefined
}

export interface Incomplete {
  readonly maxSteps: number
  readonly maxEntries?: number | undefined
  readonly principals: number
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export type Language = 'en' | 'ja'

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
  readonly maxSteps?: number | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
  readonly language?: Language | undefined
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
  readonly accounts?: readonly string[] | undefined
  readonly incomplete?: Incomplete | undefined
  readonly onlyDerived?: readonly string[] | undefined
  readonly heldBy?: readonly string[] | undefined
}

export interface OutsideComer {
  readonly principal: string
  readonly kind: string
  readonly title: string
  readonly verdict: Verdict
  readonly steps: number
  readonly techniques: readonly string[]
  readonly labels: readonly string[]
  readonly residual: readonly Residual[]
  readonly facts?: readonly Fact[] | undefined
}

export interface Path {
  readonly verdict: Verdict
  readonly residual: readonly Residual[]
  readonly steps: readonly Step[]
  readonly alsoHeld?: readonly string[] | undefined
  readonly before?: readonly Step[] | undefined
  readonly breaks?: string | undefined
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
  readonly hidden: number
  readonly foldedAway: number
  readonly incomplete?: Incomplete | undefined
}

export interface PictureEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly techniques: readonly string[]
  readonly label: string
  readonly count: number
  readonly pairs: readonly (readonly string[])[]
  readonly starts: readonly string[]
  readonly points: readonly (readonly number[])[]
  readonly labelAt: readonly number[]
}

export interface PictureNode {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly arn?: string | undefined
  readonly members?: readonly string[] | undefined
  readonly count: number
  readonly layer: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isAdministrator: boolean
  readonly mask?: string | undefined
}

export interface Place {
  readonly policy: string
  readonly layer: string
  readonly line: number
  readonly column: number
  readonly account?: string | undefined
  readonly statement?: string | undefined
}

export interface PlannedRequest {
  readonly principal: string
  readonly by?: string | undefined
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

export interface ProposeCutRequest {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly acceptConditional?: boolean | undefined
  readonly except?: readonly string[] | undefined
  readonly keepSeenDays?: number | undefined
  readonly maxCuts?: number | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly accountId?: string | undefined
  readonly maxSteps?: number | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
  readonly language?: Language | undefined
}

export interface ProposeCutResponse {
  readonly revision: string
  readonly from?: string | undefined
  readonly to: string
  readonly paths: number
  readonly verdict?: Verdict | undefined
  readonly missing?: readonly Fact[] | undefined
  readonly cuts: readonly Cut[]
  readonly isMinimal: boolean
  readonly lowerBound: number
  readonly problems: readonly string[]
  readonly incomplete?: Incomplete | undefined
  readonly onlyDerived?: readonly string[] | undefined
}

export interface ReachedPrincipal {
  readonly principal: string
  readonly type: string
  readonly name: string
  readonly verdict: Verdict
  readonly steps: number
  readonly isAdministrator: boolean
  readonly techniques: readonly string[]
  readonly labels: readonly string[]
  readonly residual: readonly Residual[]
  readonly heldBy?: readonly string[] | undefined
  readonly after?: string | undefined
  readonly facts?: readonly Fact[] | undefined
}

export interface RefusedRequest {
  readonly by?: string | undefined
  readonly action: string
  readonly resource: string
  readonly layer: string
  readonly deny?: Place | undefined
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

export interface Seen {
  readonly calls: number
  readonly last?: string | undefined
}

export interface Step {
  readonly from: string
  readonly to: string
  readonly technique: string
  readonly label: string
  readonly gives: string
  readonly verdict: Verdict
  readonly delay: string
  readonly form: string
  readonly basis: string
  readonly requests: readonly PlannedRequest[]
  readonly facts: readonly Fact[]
  readonly residual: readonly Residual[]
  readonly because?: string | undefined
  readonly refused?: RefusedRequest | undefined
}

export interface TakenAway {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly policy?: string | undefined
}

export interface ValidationException {
  readonly message?: string | undefined
}

export type Verdict = 'proven' | 'conditional' | 'undecided' | 'blocked' | 'none'

/** Every operation of the model with its input and output. */
export interface Operations {
  ExportGraph: { readonly input: ExportGraphRequest; readonly output: ExportGraphResponse }
  GetAccountDetails: { readonly input: GetAccountDetailsRequest; readonly output: GetAccountDetailsResponse }
  GetEdge: { readonly input: GetEdgeRequest; readonly output: GetEdgeResponse }
  GetReach: { readonly input: GetReachRequest; readonly output: GetReachResponse }
  ListPaths: { readonly input: ListPathsRequest; readonly output: ListPathsResponse }
  ProposeCut: { readonly input: ProposeCutRequest; readonly output: ProposeCutResponse }
}
