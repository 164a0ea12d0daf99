export { difference, isInRow } from './analysis/difference.ts'
export type * from './analysis/difference-row.ts'
export { isEmptyRow } from './analysis/emptiness.ts'
export {
  type Least,
  type LeastPolicy,
  type LeastStatement,
  leastPolicy,
  type ResourceScope,
  type SeenRequest,
} from './analysis/least.ts'
export type * from './cases/case.ts'
export {
  type CasePolicySet,
  type OpenedCase,
  openCase,
  openQuestion,
  resourcePolicyKind,
} from './cases/open.ts'
export { type ParsedCases, parseCases } from './cases/parse.ts'
export { reasonsOf } from './cases/reasons.ts'
export { type CaseResult, runCase } from './cases/run.ts'
export { type CompiledSet, combine, compile } from './compile/compile.ts'
export { parseDate } from './condition/date.ts'
export { parseAddress, parseNetwork } from './condition/ip.ts'
export { contextKeys, keysAsWritten } from './condition/keys.ts'
export { parseNumber } from './condition/number.ts'
export { type OperatorName, operatorNames, type ValueType } from './condition/operator-names.ts'
export { type Operator, type ParsedOperator, parseOperator, type SetOperator } from './condition/operators.ts'
export { bareStar } from './document/bare-star.ts'
export type * from './document/finding.ts'
export { type Formatted, formatPolicy } from './document/format.ts'
export {
  type JsonList,
  type JsonMember,
  type JsonNode,
  type JsonObject,
  type JsonProblem,
  type JsonScalar,
  type JsonString,
  parseJson,
} from './document/json.ts'
export { limitingKinds, policyKinds } from './document/kinds.ts'
export { Lines } from './document/lines.ts'
export type * from './document/policy.ts'
export type * from './document/position.ts'
export type * from './document/set.ts'
export { policySize, policySizeLimits } from './document/size.ts'
export { deniedWithin } from './evaluate/denied-within.ts'
export { evaluate } from './evaluate/evaluate.ts'
export type * from './evaluate/story.ts'
export { trace } from './evaluate/trace.ts'
export { findUnknowableDeny, type UnknowableDeny } from './evaluate/unknowable.ts'
export { assumptions } from './explain/assumptions.ts'
export { type CallChange, changeCall, type KeyChange, withChange } from './explain/call-change.ts'
export type { CallPart } from './explain/call-key.ts'
export { layerWords, plainChange, policyWords, statementWords } from './explain/change.ts'
export type * from './explain/edit.ts'
export { type EditedPolicy, editedPolicies } from './explain/edited.ts'
export { explain } from './explain/explain.ts'
export type * from './explain/explanation.ts'
export { guardrailOf } from './explain/guardrail.ts'
export { needsSetOperator } from './explain/list-key.ts'
export { plainSentence } from './explain/plain.ts'
export { notAuthorized } from './explain/sentence.ts'
export { type SuggestOptions, suggest } from './explain/suggest.ts'
export { type Question, suggestTogether } from './explain/together.ts'
export { unsetVariables } from './explain/unset.ts'
export { type ArnParts, splitArn } from './match/arn.ts'
export { Budget, defaultSteps } from './match/meter.ts'
export { type WildcardOptions, wildcardMatcher } from './match/wildcards.ts'
export { guessKind } from './parse/guess-kind.ts'
export { type ParseOptions, parsePolicy, policyFromJson } from './parse/parse.ts'
export {
  Context,
  type ContextInput,
  type ContextScalar,
  type ContextValue,
} from './request/context.ts'
export type * from './request/decision.ts'
export { isListKey } from './request/list-keys.ts'
export type * from './request/principal.ts'
export { principalContext } from './request/principal-context.ts'
export type * from './request/request.ts'
export { assumedFindings, assumedOf } from './validate/assumed.ts'
export { validate } from './validate/validate.ts'
export type * from './witness/answer.ts'
export { findGap, type GapAnswer, type GapQuestion } from './witness/find-gap.ts'
export { findWitness } from './witness/find-witness.ts'
export type * from './witness/question.ts'
