import type { OperatorName } from '@omen-iam/policy'
import type { World } from '../case.ts'
import { inNetwork, readNetwork, readRequested } from './address.ts'
import { type Answer, yesIf } from './answer.ts'
import { compareDecimals, isDecimal, readDate } from './quantity.ts'
import { arnParts, expand, glob, literal, type Piece, pattern } from './text.ts'

interface Asking {
  readonly world: World
  readonly variables: boolean
  /** POL-182 */
  readonly isUnclear: (text: string) => boolean
}

/** Whether one value of a request matches one of a policy's. `incomparable`: no operator of the type can say. */
type Matching = Answer | 'incomparable'
type Matches = (value: string, policy: readonly string[], asking: Asking) => Matching

/** The negated operators, as mirror images of others. */
const mirrors = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
} as const satisfies Partial<Record<OperatorName, OperatorName>>

type Negated = keyof typeof mirrors

/**
 * Every operator that is not negated. The twin shares nothing but the names with the engine; a name that it does not
 * know does not compile.
 */
const comparisons: Readonly<Record<Exclude<OperatorName, Negated>, Matches>> = {
  StringEquals: anyText(false, (wanted, value) => wanted.join('') === value),
  StringEqualsIgnoreCase: anyText(false, (wanted, value) => fold(wanted.join('')) === fold(value)),
  StringLike: anyText(true, (wanted, value) => glob(wanted, value)),
  Bool: anyText(false, (wanted, value) => isTrue(wanted.join('')) === isTrue(value)), // POL-203
  BinaryEquals: (value, policy) => yesIf(policy.includes(value) && isCanonical(value)), // POL-097
  NumericEquals: equal(isDecimal, compareDecimals),
  NumericLessThan: ordered(isDecimal, compareDecimals, (order) => order < 0),
  NumericLessThanEquals: ordered(isDecimal, compareDecimals, (order) => order <= 0),
  NumericGreaterThan: ordered(isDecimal, compareDecimals, (order) => order > 0),
  NumericGreaterThanEquals: ordered(isDecimal, compareDecimals, (order) => order >= 0),
  DateEquals: equal(isDate, compareDates),
  DateLessThan: ordered(isDate, compareDates, (order) => order < 0),
  DateLessThanEquals: ordered(isDate, compareDates, (order) => order <= 0),
  DateGreaterThan: ordered(isDate, compareDates, (order) => order > 0),
  DateGreaterThanEquals: ordered(isDate, compareDates, (order) => order >= 0),
  IpAddress: (value, policy) => {
    const address = readRequested(value)
    if (address === undefined) return 'incomparable' // POL-204
    const networks = policy.map(readNetwork).filter((network) => network !== undefined) // POL-205
    return yesIf(networks.some((network) => inNetwork(address, network)))
  },
  ArnEquals: likeArn,
  ArnLike: likeArn,
}

/** A comparison by its name in a policy, and whether it is negated. Undefined if AWS has no operator of that name. */
export function comparisonOf(
  name: string,
): { readonly matches: Matches; readonly negated: boolean } | undefined {
  if (Object.hasOwn(mirrors, name)) return { matches: comparisons[mirrors[name as Negated]], negated: true }
  if (!Object.hasOwn(comparisons, name)) return undefined
  return { matches: comparisons[name as keyof typeof comparisons], negated: false }
}

export function isTrue(text: string): boolean {
  return /^true$/i.test(text)
}

/** POL-087, POL-089: variables are filled in; a value with one that has none matches nothing. */
function anyText(wildcards: boolean, fits: (wanted: readonly Piece[], value: string) => boolean): Matches {
  return (value, policy, { world, variables, isUnclear }) => {
    let answer: Answer = 'no'
    for (const each of policy) {
      if (isUnclear(each)) answer = 'unknown'
      else {
        const plain = wildcards ? pattern(each) : literal(each)
        const wanted = variables ? expand(each, world, wildcards) : plain
        if (wanted !== undefined && fits(wanted, value)) return 'yes'
      }
    }
    return answer
  }
}

/** POL-202: what cannot be read, on either side, equals nothing. */
function equal(reads: (text: string) => boolean, compare: (one: string, other: string) => number): Matches {
  return (value, policy) =>
    yesIf(reads(value) && policy.some((each) => reads(each) && compare(value, each) === 0))
}

/** What cannot be read is neither less nor greater, for all that is known (POL-121). */
function ordered(
  reads: (text: string) => boolean,
  compare: (one: string, other: string) => number,
  fits: (order: number) => boolean,
): Matches {
  return (value, policy) => {
    if (!reads(value)) return 'unknown'
    if (policy.some((each) => reads(each) && fits(compare(value, each)))) return 'yes'
    return policy.every(reads) ? 'no' : 'unknown'
  }
}

function isDate(text: string): boolean {
  return readDate(text) !== undefined
}

function compareDates(one: string, other: string): number {
  return (readDate(one) ?? 0) - (readDate(other) ?? 0)
}

/** POL-096: each of the six parts on its own. POL-209: in order, up to the first that is no ARN. */
function likeArn(
  value: string,
  policy: readonly string[],
  { world, variables, isUnclear }: Asking,
): Matching {
  const got = value.startsWith('arn:') ? arnParts(value) : undefined
  if (got === undefined) return 'incomparable' // POL-208
  for (const each of policy) {
    if (isUnclear(each)) return 'unknown'
    const pieces = variables ? expand(each, world, true) : pattern(each)
    if (pieces === undefined) continue
    const wanted = splitPieces(pieces)
    if (wanted === undefined) return 'unknown'
    if (wanted.every((part, index) => glob(part, got[index] ?? ''))) return 'yes'
  }
  return 'no'
}

function splitPieces(pieces: readonly Piece[]): Piece[][] | undefined {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece === ':' && parts.length < 6) parts.push([])
    else parts[parts.length - 1]?.push(piece)
  }
  return parts.length === 6 ? parts : undefined
}

/** POL-210: lower case, character by character; what is beyond U+FFFF stays, and a sigma looks around. */
function fold(text: string): string {
  const characters = [...text]
  return characters
    .map((character, place) => {
      if (character.length > 1) return character
      if (character !== 'Σ') return character.toLowerCase()
      const isBehind = /\p{Cased}\p{Case_Ignorable}*$/u.test(characters.slice(0, place).join(''))
      const isBefore = /^\p{Case_Ignorable}*\p{Cased}/u.test(characters.slice(place + 1).join(''))
      return isBehind && !isBefore ? 'ς' : 'σ'
    })
    .join('')
}

/** POL-097: what an encoder would write. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text
}
