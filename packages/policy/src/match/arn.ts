import type { Context } from '../evaluate/context.ts'
import { type Matcher, matcherOf } from './glob.ts'
import { type Part, parseTemplate } from './template.ts'

/** `arn:partition:service:region:account:resource`; the resource may hold more colons. */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

export function splitArn(text: string): ArnParts | undefined {
  if (!text.startsWith('arn:')) return undefined
  const partition = text.indexOf(':', 4)
  const service = text.indexOf(':', partition + 1)
  const region = text.indexOf(':', service + 1)
  const account = text.indexOf(':', region + 1)
  if (partition === -1 || service === -1 || region === -1 || account === -1) return undefined
  return {
    partition: text.slice(4, partition),
    service: text.slice(partition + 1, service),
    region: text.slice(service + 1, region),
    account: text.slice(region + 1, account),
    resource: text.slice(account + 1),
  }
}

/** The account in an ARN, or undefined when it is no ARN or names none. */
export function accountOf(arn: string): string | undefined {
  let start = -1
  for (let colons = 0; colons < 4; colons++) {
    start = arn.indexOf(':', start + 1)
    if (start === -1) return undefined
  }
  const end = arn.indexOf(':', start + 1)
  return end <= start + 1 ? undefined : arn.slice(start + 1, end)
}

/**
 * ArnLike and ArnEquals: each of the six parts is a pattern of its own, so no wildcard crosses a colon but in the
 * last part. Undefined when the pattern has fewer parts; a lone `*` stands for all six. [POL-096]
 */
export function compileArnPattern(text: string, variables: boolean): Matcher | undefined {
  if (text === '*') return (value) => partEnds(value) !== undefined
  const parts = splitTemplate(parseTemplate(text, { wildcards: true, variables }))
  if (parts.length < 6) return undefined
  const matchers = parts.map(matcherOf)
  return (value, context) => matchArn(matchers, value, context)
}

function matchArn(matchers: readonly Matcher[], value: string, context: Context): boolean {
  let start = 0
  for (let index = 0; index < 6; index++) {
    const end = index === 5 ? value.length : value.indexOf(':', start)
    if (end === -1) return false
    if (!matchers[index]?.(value.slice(start, end), context)) return false
    start = end + 1
  }
  return true
}

/** Whether a value has the six parts of an ARN. */
export function isArn(value: string): boolean {
  return value.startsWith('arn:') && partEnds(value) !== undefined
}

function partEnds(value: string): number | undefined {
  let at = -1
  for (let colons = 0; colons < 5; colons++) {
    at = value.indexOf(':', at + 1)
    if (at === -1) return undefined
  }
  return at
}

/** Cuts a template at its first five colons; colons inside of variables are theirs. */
function splitTemplate(parts: readonly Part[]): Part[][] {
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
  return segments
}
