import { splitArnPattern } from '../match/arn.ts'
import { includes, tokensOf } from '../match/inclusion.ts'
import { parseTemplate } from '../match/template.ts'
import { parseBool } from './bool.ts'
import { parseDate } from './date.ts'
import { contains, parseNetwork } from './ip.ts'
import { lowerCase } from './lower-case.ts'
import { compareNumbers, parseNumber } from './number.ts'

/**
 * Whether every value of a request that fits `one` fits `all`. A yes is certain.
 * @param variables whether the policies' version has variables
 */
export type Within = (one: string, all: string, variables: boolean) => boolean

export const sameText: Within = (one, all) => one === all

/** The lower case of a sigma depends on its neighbours: texts with variables count as equal only if both are ASCII. */
export const sameIgnoringCase: Within = (one, all) =>
  one === all || ((isAscii(`${one}${all}`) || !hasVariable(one, all)) && lowerCase(one) === lowerCase(all))

/** The names of variables ignore case, as a boolean does. */
export const sameBool: Within = (one, all) =>
  hasVariable(one, all) ? one.toLowerCase() === all.toLowerCase() : parseBool(one) === parseBool(all)

export const sameNumber = parsed(parseNumber, (one, all) => compareNumbers(one, all) === 0)
export const atMost = parsed(parseNumber, (one, all) => compareNumbers(one, all) <= 0)
export const atLeast = parsed(parseNumber, (one, all) => compareNumbers(one, all) >= 0)
export const sameDate = parsed(parseDate, (one, all) => one === all)
export const notAfter = parsed(parseDate, (one, all) => one <= all)
export const notBefore = parsed(parseDate, (one, all) => one >= all)

export function patternWithin(one: string, all: string, variables: boolean): boolean {
  const options = { wildcards: true, variables }
  return one === all || includes(tokensOf(parseTemplate(all, options)), tokensOf(parseTemplate(one, options)))
}

export function literalWithin(one: string, all: string, variables: boolean): boolean {
  return includes(
    tokensOf(parseTemplate(all, { wildcards: true, variables })),
    tokensOf(parseTemplate(one, { wildcards: false, variables })),
  )
}

/** Segment by segment, as ARNs are matched. With variables only the same text is: they may hold colons. */
export function arnWithin(one: string, all: string, variables: boolean): boolean {
  if (one === all) return true
  if (hasVariable(one, all)) return false
  const options = { wildcards: true, variables }
  const inner = splitArnPattern(parseTemplate(one, options))
  const outer = splitArnPattern(parseTemplate(all, options))
  if (inner === undefined || outer === undefined) return false
  return outer.every((segment, index) => includes(tokensOf(segment), tokensOf(inner[index]!)))
}

export function networkWithin(one: string, all: string): boolean {
  if (one === all) return true
  const inner = parseNetwork(one)
  const outer = parseNetwork(all)
  if (inner === undefined || outer === undefined) return false
  return inner.bits >= outer.bits && contains(outer, inner.address)
}

function parsed<T>(parse: (text: string) => T | undefined, fits: (one: T, all: T) => boolean): Within {
  return (one, all) => {
    if (one === all) return true
    const inner = parse(one)
    const outer = parse(all)
    return inner !== undefined && outer !== undefined && fits(inner, outer)
  }
}

function hasVariable(one: string, all: string): boolean {
  return one.includes('${') || all.includes('${')
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}
