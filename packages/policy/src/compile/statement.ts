import { type CompiledCondition, compileCondition } from '../condition/condition.ts'
import { NO, type Truth, UNKNOWN, YES } from '../condition/truth.ts'
import type { Policy, Statement } from '../document/policy.ts'
import type { Context } from '../evaluate/context.ts'
import type { Matcher } from '../match/glob.ts'
import { compilePrincipal, type PrincipalTest } from '../match/principal.ts'
import { compileResource } from '../match/resource.ts'

/** A statement as evaluation reads it. Its action is not here: the index has settled that before. */
export interface CompiledStatement {
  readonly policy: Policy
  readonly statement: Statement
  readonly principal: PrincipalTest | undefined
  /** Undefined when the statement names no resource: it is about the one that wears the policy. */
  readonly resources: readonly Matcher[] | undefined
  readonly notResource: boolean
  readonly conditions: readonly CompiledCondition[]
}

export function compileStatement(policy: Policy, statement: Statement): CompiledStatement {
  const variables = policy.version === '2012-10-17'
  return {
    policy,
    statement,
    principal: statement.principal === undefined ? undefined : compilePrincipal(statement.principal),
    resources: statement.resource?.values.map(({ value }) => compileResource(value, variables)),
    notResource: statement.resource?.negated === true,
    conditions: statement.condition.map((entry) => compileCondition(entry, variables)),
  }
}

/** Whether resource and conditions of a statement apply. Elements and conditions are joined by AND. */
export function applies(compiled: CompiledStatement, resource: string, context: Context): Truth {
  const { resources } = compiled
  if (resources !== undefined && anyMatches(resources, resource, context) === compiled.notResource) return NO
  return conditionsHold(compiled.conditions, context)
}

export function anyMatches(matchers: readonly Matcher[], value: string, context: Context): boolean {
  for (let index = 0; index < matchers.length; index++) {
    if (matchers[index]?.(value, context)) return true
  }
  return false
}

function conditionsHold(conditions: readonly CompiledCondition[], context: Context): Truth {
  let truth: Truth = YES
  for (let index = 0; index < conditions.length; index++) {
    const holds = conditions[index]?.test(context)
    if (holds === NO) return NO
    if (holds === UNKNOWN) truth = UNKNOWN
  }
  return truth
}
