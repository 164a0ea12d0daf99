export { comparePaths, type PathChange, type PathChanges } from './compare.ts'
export { editedWorld } from './cut/apply.ts'
export { breakOf } from './cut/breaks.ts'
export { proposeCuts } from './cut/cut.ts'
export type { Cut, CutAnswer, CutQuestion } from './cut/cut-types.ts'
export { type CutAnswerView, type CutView, cutAnswerView, type EditView } from './cut/describe-cut.ts'
export type { Edit } from './cut/edit.ts'
export type { EditCall } from './cut/edit-row.ts'
export type { SeenCall, TrailRead } from './cut/seen.ts'
export {
  type DerivedQuestion,
  derivedComers,
  derivedFor,
  derivedNames,
  derivedOf,
  derivedPowerNames,
  derivedPowers,
  derivedReach,
  derivedReachNames,
  undecidedIn,
} from './derived.ts'
export {
  type AnswerView,
  answerView,
  type FactView,
  factIn,
  type PathView,
  pathView,
  placeText,
  placeWithin,
  type RefusedView,
  type RequestView,
  type ResidualView,
  type StatementPlace,
  type StepView,
  stepView,
  titleOf,
} from './describe.ts'
export { type EdgeEnds, type EdgeQuestion, edgeOf, type PathEnds } from './edge.ts'
export {
  checkPaths,
  type ExpectationAnswer,
  type PathExpectation,
  principalsMatching,
} from './expectation.ts'
export { factNameIn, factValueIn, problemIn } from './fact-words.ts'
export {
  type Graph,
  graphOf,
  isOutsider,
  isThere,
  type Path,
  type PathOptions,
  type PathsAnswer,
  type Start,
} from './graph.ts'
export { heldBy, heldByText } from './held-by.ts'
export { labelOfStep, shortArn } from './label.ts'
export { type Solved, solvePlainly } from './meaning/solve.ts'
export type { OutsidePower } from './outside-powers.ts'
export { type Ends, endedEarly, lineOfPath } from './path-line.ts'
export { type Exported, type ExportFormat, exportAs, exportFormats } from './picture/export.ts'
export type { Picture, PictureEdge, PictureNode, PictureQuestion } from './picture/picture.ts'
export type { RelationVerdict } from './picture/relation.ts'
export { type PictureLanguage, pictureLanguages } from './picture/words.ts'
export type { Power } from './power.ts'
export { BudgetSpent, type Incomplete, StepBudget } from './proof/budget.ts'
export { type FactUsed, factsOfCode } from './proof/fact.ts'
export type { Step } from './proof/fact-graph.ts'
export type { Proof, Refusal, Unknown } from './proof/finding.ts'
export { recordNames } from './proof/records.ts'
export type { Reached, Verdict } from './reach.ts'
export { type LeftOut, type Shortcut, shortcuts } from './relevance/shortcut.ts'
export { statableKeys } from './request/caller.ts'
export { carriedName } from './request/carried.ts'
export type { Change } from './request/change.ts'
export type { Form } from './request/form.ts'
export { type Outsider, type OutsiderKind, titleOfOutsider, withClaims } from './request/outside.ts'
export { awsPoliciesCounting, readAwsPolicy, scpsOf } from './world/aws-policies.ts'
export { keyContext, noteOfKey, noteOfKeyPolicy } from './world/keys-of-resources.ts'
export { WorldProblem } from './world/problem.ts'
export { closedMembers, readInventory } from './world/read-facts.ts'
export { type Organizations, readOrganization, readOrganizations } from './world/read-organization.ts'
export { readWorld, type WorldFacts, type WorldTexts, worldOfImage } from './world/read-world.ts'
export type * from './world/world.ts'
export {
  accountsIn,
  isOfService,
  joinWorlds,
  principalOf,
  principalsIn,
  unknownInventory,
  worldOfAccount,
  worldWith,
} from './world/world.ts'
export { isEqualPart, keepingEqual } from './world/world-difference.ts'
