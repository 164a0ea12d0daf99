import { statableKeys } from '../../graph/index.ts'
import { contextOf } from '../context-option.ts'
import { badSyntax } from '../failure.ts'

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
