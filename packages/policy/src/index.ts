import type { PolicySet } from './compile/set.ts'
import type { Finding } from './document/finding.ts'
import type { ParsedPolicy, PolicyKind } from './document/policy.ts'
import type { ContextInput } from './evaluate/context.ts'
import type { Decision } from './evaluate/decision.ts'
import type { Principal } from './evaluate/principal.ts'
import type { Request } from './evaluate/request.ts'
import type { Trace } from './evaluate/story.ts'
import type { Suggestion } from './explain/edit.ts'
import type { ExplainOptions, Explanation } from './explain/explanation.ts'

export type * from './compile/set.ts'
export type * from './document/finding.ts'
export type * from './document/policy.ts'
export type * from './document/position.ts'
export type { ContextInput, ContextValue } from './evaluate/context.ts'
export { Context } from './evaluate/context.ts'
export type * from './evaluate/decision.ts'
export type * from './evaluate/principal.ts'
export type * from './evaluate/request.ts'
export type * from './evaluate/story.ts'
export type * from './explain/edit.ts'
export type * from './explain/explanation.ts'

/** Opaque: what `compile` makes and `evaluate` reads. */
export interface CompiledSet {
  readonly compiled: true
}

// Signatures first, the bodies follow in the next commits.
export declare function parsePolicy(text: string, kind: PolicyKind): ParsedPolicy
export declare function policyFromJson(value: unknown, kind: PolicyKind): ParsedPolicy
export declare function validate(text: string, kind: PolicyKind): readonly Finding[]
/** Characters of a document as AWS counts them against its quotas: white space aside. */
export declare function policySize(text: string): number
export declare function compile(set: PolicySet): CompiledSet
/** Adds the layers of `more` to those of `base` (a layer in both: that of `more`), in O(layers). */
export declare function combine(base: CompiledSet, more: CompiledSet): CompiledSet
export declare function evaluate(request: Request, compiled: CompiledSet): Decision
export declare function trace(request: Request, compiled: CompiledSet): Trace
export declare function explain(
  decision: Decision | Trace,
  request: Request,
  options?: ExplainOptions,
): Explanation
export declare function suggest(request: Request, compiled: CompiledSet): readonly Suggestion[]
/** aws:PrincipalArn, PrincipalAccount, PrincipalType, userid, username: the keys that follow from the principal. */
export declare function principalContext(principal: Principal): Readonly<Record<string, ContextInput>>
