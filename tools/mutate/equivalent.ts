import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'

/** By the id of a mutant: why no test can notice it. */
export const equivalents: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8'),
)

/** Why a mutant decides, answers and costs the same as the code; undefined if nobody has said that. */
export function equivalentReason({ id }: Mutant): string | undefined {
  return equivalents[id]
}
