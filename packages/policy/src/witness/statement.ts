import type { Bound } from '../compile/bound.ts'
import { isAbout } from '../compile/statement.ts'
import { parseOperator } from '../condition/operators.ts'
import { NO, type Truth, YES } from '../condition/truth.ts'
import { Context } from '../evaluate/context.ts'
import { resourceParts } from '../match/resource.ts'
import { isMalformed, type Part, settle } from '../match/template.ts'
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

/** What must hold for one choice: of texts and of condition keys. */
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

const FREE: Choice = { texts: [], literals: [] }

/**
 * What must hold so that a statement applies; several choices if a key shares its text with the resource.
 * @param truths of its conditions: an Allow needs YES, a Deny also applies if they cannot be evaluated
 */
export function choicesOf(bound: Bound, opened: Opened, truths: readonly Truth[] = [YES]): readonly Choice[] {
  const about = aboutOf(bound, opened)
  if (about === 'never' || about === 'unclear') return []
  let choices: readonly Choice[] = [about === 'always' ? FREE : { texts: about.is, literals: [] }]
  for (const condition of bound.conditions) {
    const place = opened.placeOf(condition)
    if (place === 'unclear') return []
    if (place === 'known') {
      if (!truths.includes(condition.test(opened.known))) return []
      continue
    }
    const ways = waysOf(bound, { condition, truths }, place, opened)
    choices = choices.flatMap((choice) =>
      ways.map((way) => ({
        texts: [...choice.texts, ...way.texts],
        literals: [...choice.literals, ...way.literals],
      })),
    )
  }
  return choices
}

/**
 * What stops a statement; undefined if it cannot apply.
 * @param truths one of its conditions must have one of them: NO for a Deny; an Allow also does not apply if a condition
 * cannot be evaluated
 */
export function hurdleOf(bound: Bound, opened: Opened, truths: readonly Truth[] = [NO]): Hurdle | undefined {
  const about = aboutOf(bound, opened)
  if (about === 'never') return undefined
  const ways: Choice[] =
    about === 'always' || about === 'unclear' ? [] : about.not.map((texts) => ({ texts, literals: [] }))
  for (const condition of bound.conditions) {
    const place = opened.placeOf(condition)
    if (place === 'unclear') continue
    if (place === 'known') {
      if (truths.includes(condition.test(opened.known))) return undefined
      continue
    }
    ways.push(...waysOf(bound, { condition, truths }, place, opened))
  }
  return { by: bound, asked: opened.asked, ways }
}

/** The ways in which a literal can hold: one, except for a key whose text is searched together with the resource's. */
function waysOf(by: Bound, literal: Literal, place: Cell | number, opened: Opened): readonly Choice[] {
  if (typeof place === 'object')
    return [{ texts: [], literals: [{ ...literal, cell: place, by, asked: opened.asked }] }]
  const { base, ifExists } = parseOperator(literal.condition.entry.operator)
  if (base === 'Null' && !ifExists) {
    const present = new Context({ [literal.condition.key]: 'present' })
    return literal.truths.includes(literal.condition.test(present)) ? [FREE] : []
  }
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

/** Constraints on the resource: all of `is` so that the statement is about it; all of one of `not` so that it is not. */
interface About {
  readonly is: readonly TextConstraint[]
  readonly not: readonly (readonly TextConstraint[])[]
}

/** `unclear`: it depends on a variable that is not known. */
function aboutOf(bound: Bound, opened: Opened): About | 'always' | 'never' | 'unclear' {
  const { resources, statement, policy, notResource, unreadable } = bound
  const { slot, known } = opened
  if (resources === undefined) return 'always'
  const values = statement.resource?.values ?? []
  const parts = values.map(({ value }) => resourceParts(value, policy, statement))
  const isUnclear = parts.some((each) => opened.isUnclear(each))
  if (isUnclear) opened.steps.unsupported = 'a policy variable whose key is not known'
  if (isUnclear) return 'unclear'
  if (slot === undefined) {
    const truth = isAbout(bound, opened.literal, known)
    return truth === YES ? 'always' : truth === NO ? 'never' : 'unclear'
  }
  const patterns = parts.map((each) => automatonOf(each, known)).filter((each) => each !== undefined)
  const matches: TextConstraint = { slot, patterns, want: true }
  const differs: TextConstraint = { slot, patterns, want: false }
  const isRead = unreadable === undefined
  // A value that cannot be read leaves open what is not matched: no Allow applies to it, and every Deny does.
  const isAllow = statement.effect === 'Allow'
  if (notResource) {
    if (isAllow && !isRead) return 'never'
    return { is: [differs], not: patterns.length === 0 ? [] : [[matches]] }
  }
  if (patterns.length === 0 && (isRead || isAllow)) return 'never'
  return { is: [matches], not: isRead || isAllow ? [[differs]] : [] }
}

/** Undefined if the pattern matches nothing, since a variable has no value or cannot be read. */
function automatonOf(parts: readonly Part[], known: Opened['known']): Automaton | undefined {
  if (isMalformed(parts)) return undefined
  const settled = settle(parts, known)
  return settled && globAutomaton(settled)
}
