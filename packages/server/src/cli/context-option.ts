import { Option } from 'commander'
import { statableKeys } from '../graph/index.ts'
import { badSyntax } from './failure.ts'

/** Condition keys of a request, as the command line states them. */
export interface ContextOptions {
  readonly context?: readonly string[]
}

/** The option that states a condition key. */
export function contextOption(): Option {
  const text = 'a condition key of the request; may be repeated, also with the same key'
  return new Option('--context <key=value>', text).argParser(collect)
}

function collect(value: string, before: readonly string[] | undefined = []): readonly string[] {
  return [...before, value]
}

/** The condition keys of the attacker's surroundings, with their names as AWS writes them. @throws CommandFailure if one is another key */
export function surroundingsOf(
  pairs: readonly string[],
  others: 'refused' | 'ignored' = 'refused',
): Readonly<Record<string, string | readonly string[]>> {
  const named = Object.entries(contextOf(pairs)).flatMap(([key, value]) => {
    const name = statableKeys.find((each) => each.toLowerCase() === key.toLowerCase())
    if (name !== undefined) return [[name, value] as const]
    if (others === 'ignored') return []
    throw badSyntax(`--context takes ${statableKeys.join(', ')} here, not ${key}`)
  })
  return Object.fromEntries(named)
}

/** `key=value` pairs; a key given twice has several values. @throws CommandFailure if there is no `=` */
export function contextOf(pairs: readonly string[]): Readonly<Record<string, string | readonly string[]>> {
  const context: Record<string, string | string[]> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw badSyntax(`--context takes key=value, not ${pair}`)
    const key = pair.slice(0, equals)
    const value = pair.slice(equals + 1)
    const before = context[key]
    context[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return context
}
