import { parseBool } from '../condition/bool.ts'
import type { TextForm } from '../condition/comparisons.ts'
import type { CompiledCondition } from '../condition/condition.ts'
import { parseOperator } from '../condition/operators.ts'
import {
  type Fit,
  fitsNeither,
  not,
  type Truth,
  truthNo,
  truthUnknown,
  truthYes,
} from '../condition/truth.ts'
import { splitArnPattern } from '../match/arn.ts'
import { fill, isMalformed, parseTemplate, settle } from '../match/template.ts'
import type { Context } from '../request/context.ts'
import { type Automaton, anyArn, anyCaseAutomaton, arnAutomaton, globAutomaton } from './automaton.ts'

/** One of the patterns matches a text, or none does. */
export interface Requirement {
  readonly patterns: readonly Automaton[]
  readonly want: boolean
}

/** Requirements of which all hold. */
export type Requirements = readonly Requirement[]

/**
 * The texts for which a condition has one of some truths: those that fulfil all requirements of one of the
 * alternatives. No alternative: there is no such text.
 */
export type Language = readonly Requirements[]

const allFits: readonly Fit[] = [truthNo, truthYes, truthUnknown, fitsNeither]
const never: Language = []
const always: Language = [[]]

/**
 * The texts for which the operator of a condition, applied to one value, has one of some truths; undefined if the
 * operator does not compare texts.
 */
export function languageOf(
  { entry, variables }: CompiledCondition,
  truths: readonly Truth[],
  known: Context,
): Language | undefined {
  const { operator } = parseOperator(entry.operator)
  if (operator === undefined) return truths.includes(truthUnknown) ? always : never
  if (operator.form === undefined) return undefined
  const fits: readonly Fit[] = [
    ...(operator.negated ? truths.map(not) : truths),
    ...(truths.includes(truthNo) ? ([fitsNeither] as const) : []),
  ]
  const values = entry.values.map(({ value }) => value)
  const languages =
    operator.form === 'bool'
      ? ofBools(values, variables, known)
      : fitting(operator.form, values, variables, known)
  return allFits.filter((fit) => fits.includes(fit)).flatMap((fit) => languages[fit])
}

type Languages = Readonly<Record<Fit, Language>>

function fitting(
  form: Exclude<TextForm, 'bool'>,
  values: readonly string[],
  variables: boolean,
  known: Context,
): Languages {
  const patterns: Automaton[] = []
  let hasUnknown = false
  for (const value of values) {
    const pattern = readForms[form](value, variables, known)
    if (pattern === 'unknown') hasUnknown = true
    else if (pattern !== undefined) patterns.push(pattern)
    // Behind a value that is no ARN no other value counts (behaviour POL-209).
    if (hasUnknown && form === 'arn') break
  }
  const typed = form === 'arn' ? [anyArn()] : undefined
  const isTyped: Requirements = typed === undefined ? [] : [{ patterns: typed, want: true }]
  const matches: Requirements = [{ patterns, want: true }, ...isTyped]
  const otherwise: Requirements = [{ patterns, want: false }, ...isTyped]
  return {
    [truthYes]: patterns.length === 0 ? never : [matches],
    [truthNo]: hasUnknown ? never : [otherwise],
    [truthUnknown]: hasUnknown ? [otherwise] : never,
    [fitsNeither]: typed === undefined ? never : [[{ patterns: typed, want: false }]],
  }
}

/** Every text is true or false (behaviour POL-203). A variable without a value is neither. */
function ofBools(values: readonly string[], variables: boolean, known: Context): Languages {
  const parts = values.map((value) => parseTemplate(value, { wildcards: false, variables }))
  const read = parts.filter((each) => !isMalformed(each)).map((each) => fill(each, known))
  const wanted = new Set(read.filter((text) => text !== undefined).map(parseBool))
  const isUnknown = parts.some(isMalformed)
  const yes = languageOfBools(wanted.has(true), wanted.has(false))
  const others = languageOfBools(!wanted.has(true), !wanted.has(false))
  return {
    [truthYes]: yes,
    [truthNo]: isUnknown ? never : others,
    [truthUnknown]: isUnknown ? others : never,
    [fitsNeither]: never,
  }
}

function languageOfBools(hasTrue: boolean, hasFalse: boolean): Language {
  if (hasTrue) return hasFalse ? always : [[{ patterns: [anyCaseAutomaton('true')], want: true }]]
  return hasFalse ? [[{ patterns: [anyCaseAutomaton('true')], want: false }]] : never
}

/** Undefined: the value matches nothing. */
type Read = (value: string, variables: boolean, known: Context) => Automaton | 'unknown' | undefined

const readForms: Readonly<Record<Exclude<TextForm, 'bool'>, Read>> = {
  text: (value, variables, known) => globOf(value, false, variables, known),
  pattern: (value, variables, known) => globOf(value, true, variables, known),
  anyCase: (value, variables, known) => filledWith(value, variables, known, anyCaseAutomaton),
  arn: (value, variables, known) => {
    const parts = parseTemplate(value, { wildcards: true, variables })
    if (isMalformed(parts)) return 'unknown'
    const settled = settle(parts, known)
    if (settled === undefined) return undefined
    const segments = splitArnPattern(settled)
    if (segments === undefined) return 'unknown'
    return arnAutomaton(segments.map((segment) => segment.filter((part) => typeof part !== 'object')))
  },
}

function globOf(
  value: string,
  wildcards: boolean,
  variables: boolean,
  known: Context,
): Automaton | 'unknown' | undefined {
  const parts = parseTemplate(value, { wildcards, variables })
  if (isMalformed(parts)) return 'unknown'
  const settled = settle(parts, known)
  return settled && globAutomaton(settled)
}

function filledWith(
  value: string,
  variables: boolean,
  known: Context,
  read: (text: string) => Automaton,
): Automaton | 'unknown' | undefined {
  const parts = parseTemplate(value, { wildcards: false, variables })
  if (isMalformed(parts)) return 'unknown'
  const text = fill(parts, known)
  return text === undefined ? undefined : read(text)
}
