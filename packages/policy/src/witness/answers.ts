import type { ResidualCondition, Undecided } from './answer.ts'
import { mustHold, nameOf } from './residual.ts'
import type { CellLiteral } from './statement.ts'
import type { Steps } from './steps.ts'

/** Literals on open keys as policies write them. The same condition of several requests or statements is named once. */
export function residualOf(literals: readonly CellLiteral[]): readonly ResidualCondition[] {
  const conditions = new Map<string, ResidualCondition>()
  for (const literal of literals) {
    const { entry } = literal.condition
    const name = nameOf(literal)
    const before = conditions.get(name) ?? {
      operator: entry.operator,
      key: entry.key,
      values: entry.values.map(({ value }) => value),
      mustHold: mustHold(literal),
      asked: [],
      by: literal.by.by[0],
      span: entry.span,
    }
    conditions.set(name, { ...before, asked: [...new Set([...before.asked, literal.asked])] })
  }
  return [...conditions.values()]
}

export function undecided({ used, unsupported }: Steps): Undecided {
  return unsupported === undefined
    ? { verdict: 'undecided', reason: 'budget', steps: used }
    : { verdict: 'undecided', reason: 'form', steps: used, what: unsupported }
}
