import { type CompiledCondition, compileCondition } from '../condition/condition.ts'
import { type Truth, truthNo, truthOf, truthUnknown, truthYes } from '../condition/truth.ts'
import type { Policy, Statement } from '../document/policy.ts'
import { type Matcher, matcherOf } from '../match/glob.ts'
import { isSpent, spend } from '../match/meter.ts'
import { compilePrincipal, type PrincipalTest } from '../match/principal.ts'
import { resourceParts } from '../match/resource.ts'
import { isMalformed, type Part } from '../match/template.ts'
import type { Context } from '../request/context.ts'

/** A statement as evaluation reads it. It has no action, because the index has matched that already. */
export interface CompiledStatement {
  readonly policy: Policy
  readonly statement: Statement
  readonly principal: PrincipalTest | undefined
  /**
   * By the index of the value. Undefined if the statement has no Resource: it then applies to the resource that has
   * the policy.
   */
  readonly resources: readonly Matcher[] | undefined
  readonly notResource: boolean
  /** A value of the resource that cannot be read (behaviour POL-182). */
  readonly unreadable: string | undefined
  /** The starts of the resources that the statement applies to; one empty text if any start matches. */
  readonly heads: readonly string[]
  readonly conditions: readonly CompiledCondition[]
}

export function compileStatement(policy: Policy, statement: Statement): CompiledStatement {
  const variables = policy.version === '2012-10-17'
  const { resource, principal } = statement
  const parts = resource?.values.map(({ value }) => resourceParts(value, policy, statement))
  const unreadable = (parts ?? []).findIndex(isMalformed)
  const notResource = resource?.negated === true
  return {
    policy,
    statement,
    principal: principal === undefined ? undefined : compilePrincipal(principal),
    resources: parts?.map(matcherOf),
    notResource,
    unreadable: resource?.values[unreadable]?.value,
    heads: parts === undefined || notResource || unreadable !== -1 ? anywhere : parts.map(headOf),
    conditions: statement.condition.map((entry) => compileCondition(entry, variables)),
  }
}

const anywhere: readonly string[] = ['']

function headOf([first]: readonly Part[]): string {
  return typeof first === 'string' ? first : ''
}

/** Whether resource and conditions of a statement apply. Elements and conditions are joined by AND. */
export function applies(compiled: CompiledStatement, resource: string, context: Context): Truth {
  if (!spend(1)) return truthUnknown
  const { resources, conditions } = compiled
  let truth: Truth = truthYes
  if (context.hasUnknown) context.tookUnknown()
  if (resources !== undefined) {
    const matched = anyMatches(resources, resource, context)
    if (context.hasUnknown && context.tookUnknown() && !matched) truth = truthUnknown
    const isRead = compiled.unreadable === undefined
    if (matched === compiled.notResource && (matched || isRead) && truth === truthYes)
      return isSpent() ? truthUnknown : truthNo
    if (!matched && !isRead) truth = truthUnknown
  }
  for (let index = 0; index < conditions.length; index++) {
    const holds = conditions[index]?.test(context)
    if (holds === truthNo) return isSpent() ? truthUnknown : truthNo
    if (holds === truthUnknown) truth = truthUnknown
  }
  return isSpent() ? truthUnknown : truth
}

/** Whether a statement applies to a resource. The answer is unknown for a value that cannot be read. */
export function isAbout(
  { resources, notResource, unreadable }: CompiledStatement,
  resource: string,
  context: Context,
): Truth {
  if (resources === undefined) return truthYes
  if (anyMatches(resources, resource, context)) return truthOf(!notResource)
  if (context.hasUnknown && context.tookUnknown()) return truthUnknown
  return unreadable === undefined ? truthOf(notResource) : truthUnknown
}

export function anyMatches(matchers: readonly Matcher[], value: string, context: Context): boolean {
  for (let index = 0; index < matchers.length; index++) {
    if (!spend(1)) return false
    if (matchers[index]?.(value, context)) return true
  }
  return false
}
