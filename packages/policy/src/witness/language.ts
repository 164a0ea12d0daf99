import { parseBool } from '../condition/bool.ts'
import type { TextForm } from '../condition/comparisons.ts'
import type { CompiledCondition } from '../condition/condition.ts'
import { parseOperator } from '../condition/operators.ts'
import { not, type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
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

const allTruths: readonly Truth[] = [truthNo, truthYes, truthUnknown]
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
  const wanted = operator.negated ? truths.map(not) : truths
  return fitting(
    operator.form,
    entry.values.map(({ value }) => value),
    variables,
    known,
    wanted,
  )
}

function fitting(
  form: TextForm,
  values: readonly string[],
  variables: boolean,
  known: Context,
  wanted: readonly Truth[],
): Language {
  const patterns: Automaton[] = []
  let hasUnknown = false
  for (const value of values) {
    const pattern = readForms[form](value, variables, known)
    if (pattern === 'unknown') hasUnknown = true
    else if (pattern !== undefined) patterns.push(pattern)
  }
  const typed = typedForms[form](hasUnknown || patterns.length > 0)
  const isTyped: Requirements = typed === undefined ? [] : [{ patterns: typed, want: true }]
  const matches: Requirement = { patterns, want: true }
  const otherwise: Requirement = { patterns, want: false }
  const languages: Readonly<Record<Truth, Language>> = {
    [truthYes]: patterns.length === 0 ? never : [[matches, ...isTyped]],
    [truthNo]: hasUnknown ? never : [[otherwise, ...isTyped]],
    [truthUnknown]: [
      ...(hasUnknown ? [[otherwise, ...isTyped]] : []),
      ...(typed === undefined ? [] : [[{ patterns: typed, want: false }]]),
    ],
  }
  return allTruths.filter((truth) => wanted.includes(truth)).flatMap((truth) => languages[truth])
}

/**
 * What a text must be so that an operator can compare it; undefined if it compares every text. `isComparing` is false
 * if each value of the policy has a variable without a value: Bool is then false for every text, even one that is no
 * Boolean.
 */
const typedForms: Readonly<Record<TextForm, (isComparing: boolean) => readonly Automaton[] | undefined>> = {
  text: () => undefined,
  anyCase: () => undefined,
  pattern: () => undefined,
  arn: () => [anyArn()],
  bool: (isComparing) => (isComparing ? [anyCaseAutomaton('true'), anyCaseAutomaton('false')] : undefined),
}

/** Undefined: the value matches nothing. */
type Read = (value: string, variables: boolean, known: Context) => Automaton | 'unknown' | undefined

const readForms: Readonly<Record<TextForm, Read>> = {
  text: (value, variables, known) => globOf(value, false, variables, known),
  pattern: (value, variables, known) => globOf(value, true, variables, known),
  anyCase: (value, variables, known) => filledWith(value, variables, known, anyCaseAutomaton),
  bool: (value, variables, known) =>
    filledWith(value, variables, known, (text) =>
      parseBool(text) === undefined ? 'unknown' : anyCaseAutomaton(text),
    ),
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
  read: (text: string) => Automaton | 'unknown',
): Automaton | 'unknown' | undefined {
  const parts = parseTemplate(value, { wildcards: false, variables })
  if (isMalformed(parts)) return 'unknown'
  const text = fill(parts, known)
  return text === undefined ? undefined : read(text)
}
