import type { Context } from '../request/context.ts'
import type { Matcher } from './glob.ts'
import { spend } from './meter.ts'
import type { Part } from './template.ts'

/** `arn:partition:service:region:account:resource`; the resource may hold more colons. */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Splits an ARN. Parts may be empty. Returns undefined if there are fewer than six. */
export function splitArn(text: string): ArnParts | undefined {
  if (!text.startsWith('arn:')) return undefined
  const partition = text.indexOf(':', 4)
  const service = text.indexOf(':', partition + 1)
  const region = text.indexOf(':', service + 1)
  const account = text.indexOf(':', region + 1)
  // Without a second colon there is no fourth one, either.
  if (service === -1 || region === -1 || account === -1) return undefined
  return {
    partition: text.slice(4, partition),
    service: text.slice(partition + 1, service),
    region: text.slice(service + 1, region),
    account: text.slice(region + 1, account),
    resource: text.slice(account + 1),
  }
}

export function isAccountId(value: string): boolean {
  return value.length === 12 && isDigits(value, 0, 12)
}

/** The account of `123456789012`. AWS also accepts dashes: `1234-5678-9012` (behaviour POL-142). */
export function accountIdOf(value: string): string | undefined {
  const bare = dashed.test(value) ? value.replaceAll('-', '') : value
  return isAccountId(bare) ? bare : undefined
}

const dashed = /^\d{4}-\d{4}-\d{4}$/

export function isDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}

/** Whether a value has the six parts of an ARN. */
export function isArn(value: string): boolean {
  return value.startsWith('arn:') && segmentEnds(value) !== undefined
}

/** Parts of a pattern for each of an ARN's six segments. */
export type ArnPattern = readonly (readonly Part[])[]

/**
 * Splits a pattern at its first five colons. Returns undefined if it has fewer: it is then not a pattern of an ARN.
 */
export function splitArnPattern(parts: readonly Part[]): ArnPattern | undefined {
  const segments: Part[][] = [[]]
  for (const part of parts) {
    let rest: Part = part
    while (typeof rest === 'string' && segments.length < 6 && rest.includes(':')) {
      const colon: number = rest.indexOf(':')
      if (colon > 0) segments.at(-1)?.push(rest.slice(0, colon))
      segments.push([])
      rest = rest.slice(colon + 1)
    }
    if (rest !== '') segments.at(-1)?.push(rest)
  }
  return segments.length < 6 ? undefined : segments
}

/**
 * ArnLike and ArnEquals: each segment is matched on its own, so wildcards cross colons only in the last one.
 * (behaviour POL-096)
 */
export function matchArn(matchers: readonly Matcher[], value: string, context: Context): boolean {
  let start = 0
  for (let index = 0; index < 6; index++) {
    const end = index === 5 ? value.length : value.indexOf(':', start)
    spend(1 + ((end - start) >> 3))
    if (end === -1 || !matchers[index]?.(value.slice(start, end), context)) return false
    start = end + 1
  }
  return true
}

function segmentEnds(value: string): number | undefined {
  let at = -1
  for (let colons = 0; colons < 5; colons++) {
    const colon = value.indexOf(':', at + 1)
    spend(((colon === -1 ? value.length : colon) - at) >> 3)
    if (colon === -1) return undefined
    at = colon
  }
  return at
}
