import { AssertionError } from 'node:assert'
import { reasonsOf } from '@omen-iam/policy'
import type { ContextKeys } from '../authorization/index.ts'
import { failureText } from './failure-text.ts'
import type { Identity } from './identity.ts'
import { type Answered, askAction, askAssume, askPass } from './question.ts'
import { askReach, type ReachOptions } from './reach.ts'

/** Options of a question beside identity, action and resource. */
export interface AskOptions {
  /** Condition keys of the request, for example `{ 'aws:SourceIp': '10.0.0.1' }`. */
  readonly context?: ContextKeys
}

/** The expected cause of a denial. */
export interface DenyOptions extends AskOptions {
  /** The layer (`boundary`, `scp`, `session`, …), the statement's Sid, or the policy's name or ARN that denies it. */
  readonly by?: string
}

/** The result of an assertion. */
export interface Checked {
  readonly pass: boolean
  /** Why it failed, or why its opposite fails. */
  readonly message: string
}

/** Returns whether the identity is allowed an action. */
export async function checkAllowed(
  who: Identity,
  action: string,
  resource = '*',
  { context = {} }: AskOptions = {},
): Promise<Checked> {
  return allowed(who, await askAction(who, action, resource, context))
}

/** Returns whether the identity is denied an action, by the expected cause. */
export async function checkDenied(
  who: Identity,
  action: string,
  resource = '*',
  { context = {}, by }: DenyOptions = {},
): Promise<Checked> {
  return denied(who, await askAction(who, action, resource, context), by)
}

/** Returns whether the identity is allowed to assume a role, by both sides' policies. */
export async function checkAssume(
  who: Identity,
  role: string,
  { context = {} }: AskOptions = {},
): Promise<Checked> {
  return allowed(who, await askAssume(who, role, context))
}

/** Returns whether the identity is allowed to pass a role to a service, and the service to assume it. */
export async function checkPass(who: Identity, role: string, service: string): Promise<Checked> {
  return allowed(who, await askPass(who, role, service))
}

/** Returns whether the identity can become an administrator, or another user or role, by a path that is proven. */
export async function checkReach(
  who: Identity,
  to = 'administrator',
  options: ReachOptions = {},
): Promise<Checked> {
  const { answer, line } = askReach(who, to, options)
  const pass = answer.verdict === 'proven'
  return { pass, message: `${who} must${pass ? ' not' : ''} reach ${to}: ${line}` }
}

/**
 * Asserts that no path leads from the identity's user or role to an administrator, or to another user or role: no path
 * that is proven or conditional, and none that a missing fact leaves open. @throws AssertionError with the best path;
 * TypeError if there is no such user or role
 */
export async function assertCannotReach(
  who: Identity | readonly Identity[],
  to: string | readonly string[] = 'administrator',
  options: ReachOptions = {},
): Promise<void> {
  for (const each of [who].flat()) {
    for (const goal of [to].flat()) {
      const { isOut, line } = askReach(each, goal, options)
      hold({ pass: isOut, message: `${each} must not reach ${goal}, and may: ${line}` })
    }
  }
}

/**
 * Asserts that the identity is allowed an action.
 * @throws AssertionError with the deciding statement and the smallest change
 */
export async function assertAllowed(
  who: Identity,
  action: string | readonly string[],
  resource?: string | readonly string[],
  options?: AskOptions,
): Promise<void> {
  for (const [one, on] of pairs(action, resource)) hold(await checkAllowed(who, one, on, options))
}

/**
 * Asserts that the identity is denied an action; `by` also asserts the cause. @throws AssertionError with the
 * statement that decided otherwise
 */
export async function assertDenied(
  who: Identity,
  action: string | readonly string[],
  resource?: string | readonly string[],
  options?: DenyOptions,
): Promise<void> {
  for (const [one, on] of pairs(action, resource)) hold(await checkDenied(who, one, on, options))
}

/** Asserts that the identity is allowed to assume a role. @throws AssertionError */
export async function assertCanAssume(who: Identity, role: string, options?: AskOptions): Promise<void> {
  hold(await checkAssume(who, role, options))
}

/** Asserts that the identity is not allowed to assume a role. @throws AssertionError */
export async function assertCannotAssume(
  who: Identity,
  role: string,
  options: DenyOptions = {},
): Promise<void> {
  hold(denied(who, await askAssume(who, role, options.context ?? {}), options.by))
}

/** Asserts that the identity is allowed to pass a role to a service, and the service to assume it. @throws AssertionError */
export async function assertCanPass(who: Identity, role: string, service: string): Promise<void> {
  hold(await checkPass(who, role, service))
}

/** Asserts that a role cannot be passed to a service: one of the two checks fails. @throws AssertionError */
export async function assertCannotPass(
  who: Identity,
  role: string,
  service: string,
  options: Pick<DenyOptions, 'by'> = {},
): Promise<void> {
  hold(denied(who, await askPass(who, role, service), options.by))
}

function allowed(who: Identity, answered: Answered): Checked {
  const pass = answered.judged.decision.outcome === 'allowed'
  const headline = `${who} must${pass ? ' not' : ''} be allowed ${answered.what}, and is ${pass ? 'allowed' : 'denied'}`
  return { pass, message: failureText(headline, answered) }
}

function denied(who: Identity, answered: Answered, by: string | undefined): Checked {
  const isDenied = answered.judged.decision.outcome !== 'allowed'
  const reasons = reasonsOf(answered.trace)
  const pass = isDenied && (by === undefined || reasons.has(by.toLowerCase()))
  const wanted = by === undefined ? '' : ` by ${by}`
  const headline = pass
    ? `${who} must not be denied ${answered.what}${wanted}, and is`
    : `${who} must be denied ${answered.what}${wanted}, and is ${isDenied ? 'denied by something else' : 'allowed'}`
  return { pass, message: failureText(headline, answered) }
}

function pairs(
  actions: string | readonly string[],
  resources: string | readonly string[] = '*',
): readonly (readonly [string, string])[] {
  return [actions]
    .flat()
    .flatMap((action) => [resources].flat().map((resource) => [action, resource] as const))
}

function hold({ pass, message }: Checked): void {
  if (!pass) throw new AssertionError({ message, stackStartFn: hold })
}
