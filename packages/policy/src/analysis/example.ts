import { filledAction, filledArns, filling, usualAccount } from '../condition/example-text.ts'
import type { Policy, Statement } from '../document/policy.ts'
import { isSpent } from '../match/meter.ts'
import { Context } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import type { DifferenceOptions, DifferenceRow } from './difference-row.ts'
import { contextsOf } from './example-context.ts'
import { callersIn, principalKeys, somebody } from './somebody.ts'
import { isPossibleArn } from './values.ts'
import { isAllowedBy } from './verdict.ts'

/** Maximum requests to try for an example. */
const maxTries = 2_000
const maxActions = 400
const maxResources = 16
const maxPatterns = 64
const maxPrincipals = 6

/**
 * Returns a request that `after` allows and `before` does not. It has an action, a resource and condition keys of the
 * row's statement. AWS could receive it: keys hold values of their type, keys of the principal follow from it, and
 * resources are ARNs.
 * @param isIn whether a request is in the row
 */
export function findExample(
  row: DifferenceRow,
  before: Policy,
  after: Policy,
  options: DifferenceOptions,
  isIn: (request: Request) => boolean,
): Request | undefined {
  const statements = [...new Set([row.statement, ...after.statements, ...before.statements])]
  const named = statements
    .flatMap(({ principal }) => (principal?.negated === false ? principal.entries : []))
    .slice(0, maxPrincipals)
    .flatMap(somebody)
  const callers = named.length === 0 ? [...somebody(undefined), ...callersIn(statements)] : named
  const contexts = contextsOf(row, [before, after], options)
  let tries = 0
  for (const action of actionsOf(row, statements, options)) {
    for (const resource of resourcesOf(row, statements, action, options)) {
      for (const principal of callers) {
        const keys = principalKeys(principal, [before, after])
        for (const context of contexts) {
          if (++tries > maxTries || isSpent()) return undefined
          const request = { principal, action, resource, context: new Context({ ...context, ...keys }) }
          if (!isAllowedBy(before, request) && isAllowedBy(after, request) && isIn(request)) return request
        }
      }
    }
  }
  return undefined
}

/**
 * The row's own actions first. If they are negated, or wider than what is allowed, also those of the other
 * statements. Patterns are looked up one after another, as most rows need only the first: `*` is every known action.
 */
function* actionsOf(
  row: DifferenceRow,
  statements: readonly Statement[],
  { actions: known }: DifferenceOptions,
): Generator<string, undefined> {
  const patterns = [
    ...(row.notActions ? [] : row.actions),
    ...statements.flatMap(({ action }) => (action.negated ? [] : action.values.map(({ value }) => value))),
    // One policy may omit what the other names.
    ...statements.flatMap(({ action }) => (action.negated ? action.values.map(({ value }) => value) : [])),
    ...(known === undefined ? ['example:Anything'] : ['*']),
  ]
  const found = new Set<string>()
  for (const pattern of new Set(patterns)) {
    const real = /[*?]/.test(pattern) ? (known?.(pattern) ?? []) : [pattern]
    const meant = real.length === 0 && known === undefined ? [filledAction(pattern)] : real
    for (const action of meant) {
      if (found.has(action)) continue
      found.add(action)
      yield action
      if (found.size >= maxActions) return
    }
  }
}

function resourcesOf(
  row: DifferenceRow,
  statements: readonly Statement[],
  action: string,
  { resources: known, account = usualAccount }: DifferenceOptions,
): readonly string[] {
  const patterns = [
    ...(row.notResources ? [] : (row.resources ?? [])),
    ...statements.flatMap(({ resource }) =>
      resource === undefined || resource.negated ? [] : resource.values.map(({ value }) => value),
    ),
  ].slice(0, maxPatterns)
  const service = action.split(':')[0]!.toLowerCase()
  const anything = `arn:aws:${service}:us-east-1:${usualAccount}:${filling}`
  const real = known?.(action) ?? []
  const any = [...real, anything, '*']
  // An action gets resources of its own service, unless its known resources belong to another.
  const services = new Set<string | undefined>([
    service,
    ...(service === 'sts' ? ['iam'] : []),
    ...real.map(serviceOf),
  ])
  const texts = patterns.flatMap((pattern) => (pattern === '*' ? any : filledArns(pattern, service)))
  const possible = [...texts, anything].filter(
    (text) => text === '*' || (isPossibleArn(text) && services.has(serviceOf(text))),
  )
  const most = [...new Set(possible)].slice(0, maxResources)
  // a policy may ask for another account than the caller's
  return account === usualAccount
    ? most
    : [...new Set([...most.map((text) => inAccount(text, account)), ...most])]
}

/** An ARN whose account was invented, in another account. */
function inAccount(arn: string, account: string): string {
  const fields = arn.split(':')
  return fields[4] === usualAccount ? fields.with(4, account).join(':') : arn
}

function serviceOf(arn: string): string | undefined {
  return arn.split(':')[2]
}
