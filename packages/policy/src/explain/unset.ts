import { parseTemplate, resolve } from '../match/template.ts'
import type { Context } from '../request/context.ts'

/** The policy variables in a value that this context gives no value, and that have no default. */
export function unsetVariables(value: string, context: Context): readonly string[] {
  return parseTemplate(value, { wildcards: true, variables: true }).flatMap((part) =>
    typeof part === 'object' && resolve(part, context) === undefined ? [nameIn(value, part.key)] : [],
  )
}

/** The name as the policy writes it: the key has it in lower case. */
function nameIn(value: string, key: string): string {
  const at = value.toLowerCase().indexOf(key)
  return value.slice(at, at + key.length)
}
