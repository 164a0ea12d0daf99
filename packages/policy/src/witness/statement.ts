import type { Bound } from '../compile/bound.ts'
import { isAbout } from '../compile/statement.ts'
import { parseOperator } from '../condition/operators.ts'
import { type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import type { Statement } from '../document/policy.ts'
import { resourceParts } from '../match/resource.ts'
import { anyRun, isMalformed, settle } from '../match/template.ts'
import { Context } from '../request/context.ts'
import { isListKey } from '../request/list-keys.ts'
import { type Automaton, globAutomaton } from './automaton.ts'
import type { Cell, Literal } from './cell.ts'
import type { TextConstraint } from './constraint.ts'
import type { Requirement } from './language.ts'
import { languageOf } from './language.ts'
import type { Opened } from './opened.ts'

/** A literal about a key of a call. */
export interface CellLiteral extends Literal {
  readonly cell: Cell
  /** The statement and the request that ask for it. */
  readonly by: Bound
  readonly asked: number
}

/** The constraints of one choice: on texts and on condition keys. */
export interface Choice {
  readonly texts: readonly TextConstraint[]
  readonly literals: readonly CellLiteral[]
}

/** A Deny, and what stops it: one of the choices. */
export interface Hurdle {
  readonly by: Bound
  readonly asked: number
  readonly ways: readonly Choice[]
}

const free: Choice = { texts: [], literals: [] }

/**
 * The conditions for a statement to apply; several choices if a key shares its text with the resource.
 * @param truths of its conditions: an Allow needs YES, a Deny also applies if they cannot be evaluated
 */
export function choicesOf(
  bound: Bound,
  opened: Opened,
  truths: readonly Truth[] = [truthYes],
): readonly Choice[] {
  const about = aboutOf(bound, opened)
  if (about === 'never') return []
  let choices: readonly Choice[] = [about === 'always' ? free : { texts: about.is ?? [], literals: [] }]
  let isUnclear = false
  for (const condition of bound.conditions) {
    const place = opened.placeOf(condition)
    if (place === 'unclear') isUnclear = true
    if (place === 'known' && !truths.includes(condition.test(opened.known))) return []
    if (typeof place === 'string') continue
    const ways = waysOf(bound, { condition, truths }, place, opened)
    choices = choices.flatMap((choice) =>
      ways.map((way) => ({
        texts: [...choice.texts, ...way.texts],
        literals: [...choice.literals, ...way.literals],
      })),
    )
  }
  // A statement may apply although this is not certain: then a search that finds nothing is not a proof.
  if (isUnclear || (typeof about === 'object' && about.isUnclear)) opened.steps.unsupported = unclear
  return isUnclear || (typeof about === 'object' && about.is === undefined) ? [] : choices
}

const unclear = 'a policy variable whose key is not known'

/**
 * The hurdle that stops a statement; undefined if it cannot apply.
 * @param truths one of its conditions must have one of them: NO for a Deny; an Allow also does not apply if a condition
 * cannot be evaluated
 */
export function hurdleOf(
  bound: Bound,
  opened: Opened,
  truths: readonly Truth[] = [truthNo],
): Hurdle | undefined {
  const about = aboutOf(bound, opened)
  if (about === 'never') return undefined
  const ways: Choice[] = about === 'always' ? [] : about.not.map((texts) => ({ texts, literals: [] }))
  let isUnclear = typeof about === 'object' && about.isUnclear
  for (const condition of bound.conditions) {
    const place = opened.placeOf(condition)
    if (place === 'unclear') isUnclear = true
    if (place === 'known' && truths.includes(condition.test(opened.known))) return undefined
    if (typeof place !== 'string') ways.push(...waysOf(bound, { condition, truths }, place, opened))
  }
  // There may be more ways to stop it.
  if (isUnclear) opened.steps.unsupported = unclear
  return { by: bound, asked: opened.asked, ways }
}

/** Equal for choices with the same constraints. */
export function choiceName({ texts, literals }: Choice): string {
  const ofTexts = texts.map(
    ({ slot, want, patterns }) => `${slot} ${want} ${patterns.map(({ id }) => id).join()}`,
  )
  const ofLiterals = literals.map(
    ({ cell, condition, truths }) =>
      `${cell.call} ${cell.key} ${truths.join()} ${condition.variables} ${condition.entry.operator} ${JSON.stringify(condition.wanted)}`,
  )
  return JSON.stringify([ofTexts.sort(), ofLiterals.sort()])
}

/** The ways in which a literal can hold: one, except for a key whose text is searched together with the resource's. */
function waysOf(by: Bound, literal: Literal, place: Cell | number, opened: Opened): readonly Choice[] {
  if (typeof place === 'object')
    return [{ texts: [], literals: [{ ...literal, cell: place, by, asked: opened.asked }] }]
  const { base, set, ifExists } = parseOperator(literal.condition.entry.operator)
  if (base === 'Null' && !ifExists) {
    const present = new Context({ [literal.condition.key]: 'present' })
    return literal.truths.includes(literal.condition.test(present)) ? [free] : []
  }
  // On a list no operator without a set operator holds (behaviour POL-200).
  if (set === undefined && isListKey(literal.condition.key))
    return literal.truths.includes(truthNo) ? [free] : []
  const language = languageOf(literal.condition, literal.truths, opened.known)
  if (language === undefined) {
    opened.steps.unsupported = `${literal.condition.entry.operator} on a key that shares text with the resource`
    return []
  }
  return language.map((requirements) => ({ texts: requirements.map(inSlot(place)), literals: [] }))
}

function inSlot(slot: number): (requirement: Requirement) => TextConstraint {
  return (requirement) => ({ slot, ...requirement })
}

/** Constraints on the resource. */
interface About {
  /** All of them hold if the statement is about it; undefined if this is never certain. */
  readonly is: readonly TextConstraint[] | undefined
  /** All of one of them hold if the statement is not about it. */
  readonly not: readonly (readonly TextConstraint[])[]
  /** Whether there may be more, which depends on a variable that is not known. */
  readonly isUnclear: boolean
}

function aboutOf(bound: Bound, opened: Opened): About | 'always' | 'never' {
  const { resources, statement, notResource, unreadable } = bound
  const { slot, known } = opened
  if (resources === undefined) return 'always'
  // A value that cannot be read leaves open what is not matched: no Allow applies to it, and every Deny does.
  const isAllow = statement.effect === 'Allow'
  const isRead = unreadable === undefined
  if (slot === undefined) {
    if (!isSurelyMatched(bound, opened)) return notClear
    const truth = isAbout(bound, opened.literal, known)
    return truth === truthYes || (truth === truthUnknown && !isAllow) ? 'always' : 'never'
  }
  const { clear, widened } = patternsOf(bound, opened)
  const isUnclear = widened.length > 0
  const matches: TextConstraint = { slot, patterns: clear, want: true }
  const differs: TextConstraint = { slot, patterns: [...clear, ...widened], want: false }
  const isMatched = clear.length === 0 ? undefined : [matches]
  if (!isRead && isAllow === notResource) return isAllow ? 'never' : 'always'
  if (!notResource && clear.some(({ start }) => start.isUniversal)) return 'always'
  if (notResource) return { is: [differs], not: isMatched === undefined ? [] : [isMatched], isUnclear }
  return clear.length + widened.length === 0 ? 'never' : { is: isMatched, not: [[differs]], isUnclear }
}

/** Whether no value of the variables that are not known changes whether the resource is matched. */
function isSurelyMatched(bound: Bound, opened: Opened): boolean {
  if (!bound.statement.resource?.values.some(({ value }) => value.includes('${'))) return true
  const { clear, widened } = patternsOf(bound, opened)
  const accepts = (pattern: Automaton): boolean => pattern.accepts(opened.literal)
  return !widened.some(accepts) || clear.some(accepts)
}

const notClear: About = { is: undefined, not: [], isUnclear: true }

interface Patterns {
  readonly clear: readonly Automaton[]
  /** The patterns with variables that are not known, which match anything here. */
  readonly widened: readonly Automaton[]
}

const plain = new WeakMap<Statement, Patterns>()

/** The patterns of Resource or NotResource. A variable without a value matches nothing. */
function patternsOf({ statement, policy }: Bound, opened: Opened): Patterns {
  const before = plain.get(statement)
  if (before !== undefined) return before
  const clear: Automaton[] = []
  const widened: Automaton[] = []
  let hasVariables = false
  for (const { value } of statement.resource?.values ?? []) {
    const parts = resourceParts(value, policy, statement)
    hasVariables ||= parts.some((part) => typeof part === 'object')
    if (isMalformed(parts)) continue
    if (opened.isUnclear(parts)) {
      widened.push(globAutomaton(parts.map((part) => (typeof part === 'object' ? anyRun : part))))
      continue
    }
    const settled = settle(parts, opened.known)
    if (settled !== undefined) clear.push(globAutomaton(settled))
  }
  const patterns = { clear, widened }
  if (!hasVariables) plain.set(statement, patterns)
  return patterns
}
