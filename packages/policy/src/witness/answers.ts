import type { ResidualCondition, Undecided } from './answer.ts'
import type { CellLiteral } from './statement.ts'
import type { Steps } from './steps.ts'

/** Literals on open keys as policies write them. */
export function residualOf(literals: readonly CellLiteral[]): readonly ResidualCondition[] {
  return literals.map(({ condition: { entry }, by, asked }) => ({
    operator: entry.operator,
    key: entry.key,
    values: entry.values.map(({ value }) => value),
    mustHold: by.statement.effect === 'Allow',
    asked: [asked],
    by: by.by[0],
    span: entry.span,
  }))
}

export function undecided({ used, unsupported }: Steps): Undecided {
  return unsupported === undefined
    ? { verdict: 'undecided', reason: 'budget', steps: used }
    : { verdict: 'undecided', reason: 'form', steps: used, what: unsupported }
}
