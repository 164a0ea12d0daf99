import type { OperatorName } from '@omen-iam/policy'
import type { World } from '../case.ts'
import { type Answer, yesIf } from './answer.ts'
import { arnParts, expand, glob, literal, type Piece, pattern } from './text.ts'

type Test = (context: string, policy: string, world: World, variables: boolean) => Answer

type Comparison = {
  readonly test: Test
  /** POL-087 */
  readonly takesVariables: boolean
}

const filled = (test: Test): Comparison => ({ test, takesVariables: true })
const plain = (test: Test): Comparison => ({ test, takesVariables: false })

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
const comparisons: Readonly<Record<Exclude<OperatorName, Negated>, Comparison>> = {
  StringEquals: filled((context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    return yesIf(pieces !== undefined && pieces.join('') === context)
  }),
  StringEqualsIgnoreCase: filled((context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    return yesIf(pieces !== undefined && pieces.join('').toLowerCase() === context.toLowerCase())
  }),
  StringLike: filled((context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, true) : pattern(policy)
    return yesIf(pieces !== undefined && glob(pieces, context))
  }),
  NumericEquals: numeric((context, policy) => context === policy),
  NumericLessThan: numeric((context, policy) => context < policy),
  NumericLessThanEquals: numeric((context, policy) => context <= policy),
  NumericGreaterThan: numeric((context, policy) => context > policy),
  NumericGreaterThanEquals: numeric((context, policy) => context >= policy),
  DateEquals: dated((context, policy) => context === policy),
  DateLessThan: dated((context, policy) => context < policy),
  DateLessThanEquals: dated((context, policy) => context <= policy),
  DateGreaterThan: dated((context, policy) => context > policy),
  DateGreaterThanEquals: dated((context, policy) => context >= policy),
  Bool: filled((context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    if (pieces === undefined) return 'no'
    const wanted = pieces.join('').toLowerCase()
    const got = context.toLowerCase()
    if (!isBool(wanted) || !isBool(got)) return 'unknown'
    return yesIf(wanted === got)
  }),
  BinaryEquals: plain((context, policy) =>
    isBase64(context) && isBase64(policy) ? yesIf(bytesOf(context) === bytesOf(policy)) : 'unknown',
  ),
  IpAddress: plain((context, policy) => {
    const address = readAddress(context)
    const [, base = '', length] = /^([^/]*)(?:\/(.*))?$/.exec(policy) ?? []
    const network = readAddress(base)
    if (address === undefined || network === undefined) return 'unknown'
    const bits = length === undefined ? network.length : Number(length)
    if (!/^\d{1,3}$/.test(length ?? '0') || bits > network.length) return 'unknown'
    return yesIf(address.length === network.length && address.slice(0, bits) === network.slice(0, bits))
  }),
  ArnEquals: filled(likeArn),
  ArnLike: filled(likeArn),
}

/** A comparison by its name in a policy, and whether it is negated. Undefined if AWS has no operator of that name. */
export function comparisonOf(
  name: string,
): { readonly comparison: Comparison; readonly negated: boolean } | undefined {
  if (Object.hasOwn(mirrors, name))
    return { comparison: comparisons[mirrors[name as Negated]], negated: true }
  if (!Object.hasOwn(comparisons, name)) return undefined
  return { comparison: comparisons[name as keyof typeof comparisons], negated: false }
}

function numeric(compare: (context: number, policy: number) => boolean): Comparison {
  const form = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/ // POL-133
  return plain((context, policy) => {
    if (!form.test(context) || !form.test(policy) || /[eE][+-]?\d{10}/.test(`${context} ${policy}`))
      return 'unknown'
    return yesIf(compare(order(context, policy), 0))
  })
}

/** POL-133: below zero, zero or above zero, exactly. Exponents so large that no other number drawn is near decide alone. */
function order(one: string, other: string): number {
  // Units of 10^-200 suffice for all but a few, and cost far less.
  const isUsual = !/e[+-]?\d{3}/i.test(`${one} ${other}`)
  const [a, b] = [exactly(one, isUsual ? 200 : 6_000), exactly(other, isUsual ? 200 : 6_000)]
  const difference = a.size - b.size
  return a.size === b.size ? 0 : difference < 0n ? -1 : 1
}

function exactly(text: string, units: number): { readonly size: bigint } {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = BigInt(whole + fraction)
  const power = Math.max(-5_000, Math.min(5_000, Number(exponent)))
  const size = digits * 10n ** BigInt(units + power - fraction.length)
  return { size: mantissa.startsWith('-') ? -size : size }
}

function dated(compare: (context: number, policy: number) => boolean): Comparison {
  return plain((context, policy) => {
    const [left, right] = [readDate(context), readDate(policy)]
    return left === undefined || right === undefined ? 'unknown' : yesIf(compare(left, right))
  })
}

/** Epoch seconds, or one of the W3C forms of ISO 8601. POL-097, POL-133 */
function readDate(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000
  const month = '(?:0[1-9]|1[0-2])'
  const day = '(?:0[1-9]|[12]\\d|3[01])'
  const hour = '(?:[01]\\d|2[0-3])'
  const time = `${hour}:[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z|[+-]${hour}:[0-5]\\d)?`
  const found = new RegExp(`^(\\d{4})(?:-(${month})(?:-(${day})(?:T${time})?)?)?$`).exec(text)
  if (found === null) return undefined
  const [, year = '', written = '01', date = '01'] = found
  // The calendar repeats itself every 400 years; the last day of a month is the one before the next month's first.
  const last = new Date(Date.UTC(2_000 + (Number(year) % 400), Number(written), 0)).getUTCDate()
  if (Number(date) > last) return undefined
  return Date.parse(/T[^Z+-]*$/.test(text) ? `${text}Z` : text)
}

/** An address as the text of its bits. */
function readAddress(text: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const bytes = text.split('.').map(Number)
    return bytes.some((each) => each > 255)
      ? undefined
      : bytes.map((each) => each.toString(2).padStart(8, '0')).join('')
  }
  // An IPv4 address at the end of an IPv6 one is its last two groups.
  const dotted = /^([0-9a-fA-F:]*:)(\d+(?:\.\d+){3})$/.exec(text)
  if (dotted !== null) {
    const bits = readAddress(dotted[2] ?? '')
    if (bits === undefined) return undefined
    const hex = (from: number): string => Number.parseInt(bits.slice(from, from + 16), 2).toString(16)
    return readAddress(`${dotted[1]}${hex(0)}:${hex(16)}`)
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || !text.includes(':')) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array(missing).fill('0'), ...tail]
  if (groups.some((each) => !/^[0-9a-fA-F]{1,4}$/.test(each))) return undefined
  return groups.map((each) => Number.parseInt(each, 16).toString(2).padStart(16, '0')).join('')
}

/** POL-096: each of the six parts on its own. */
function likeArn(context: string, policy: string, world: World, variables: boolean): Answer {
  const got = context.startsWith('arn:') ? arnParts(context) : undefined
  if (got === undefined) return 'unknown'
  const pieces = variables ? expand(policy, world, true) : pattern(policy)
  if (pieces === undefined) return 'no'
  const wanted = splitPieces(pieces)
  if (wanted === undefined) return 'unknown'
  return yesIf(wanted.every((part, index) => glob(part, got[index] ?? '')))
}

function splitPieces(pieces: readonly Piece[]): Piece[][] | undefined {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece === ':' && parts.length < 6) parts.push([])
    else parts[parts.length - 1]?.push(piece)
  }
  return parts.length === 6 ? parts : undefined
}

export function isBool(text: string): boolean {
  return text === 'true' || text === 'false'
}

/** POL-097: both alphabets, with padding or without. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) && text.replace(/=*$/, '').length % 4 !== 1
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'base64').toString('hex')
}
