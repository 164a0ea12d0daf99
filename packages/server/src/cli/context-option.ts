import { Option } from 'commander'
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
