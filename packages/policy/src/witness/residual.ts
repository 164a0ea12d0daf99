import type { CellLiteral } from './statement.ts'

/** Whether the condition must hold: it is an Allow's; a Deny's must not. */
export function mustHold({ by }: CellLiteral): boolean {
  return by.statement.effect === 'Allow'
}

const names = new WeakMap<CellLiteral['condition'], string>()

/** Equal for literals that say the same: operator, key, values, and whether it must hold. */
export function nameOf(literal: CellLiteral): string {
  const { condition } = literal
  let name = names.get(condition)
  if (name === undefined) {
    const { operator, values } = condition.entry
    name = JSON.stringify([operator, condition.key, values.map(({ value }) => value).sort()])
    names.set(condition, name)
  }
  return `${mustHold(literal) ? '' : 'not '}${name}`
}

/** How many conditions some literals name. */
export function sizeOf(literals: readonly CellLiteral[]): number {
  return new Set(literals.map(nameOf)).size
}
