import {
  type AskOptions,
  type Checked,
  checkAllowed,
  checkAssume,
  checkDenied,
  checkPass,
  checkReach,
  type DenyOptions,
} from './assertions.ts'
import { Identity } from './identity.ts'
import type { ReachOptions } from './reach.ts'

/** The result of a matcher for vitest and jest. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The matchers as `expect` has them after `expect.extend(matchers)`. Each returns a promise: await it. */
export interface OmenMatchers<R = Promise<void>> {
  /** The identity is allowed the action: `await expect(omen.as('role/x')).toBeAllowedTo('s3:GetObject', arn)`. */
  toBeAllowedTo(action: string, resource?: string, options?: AskOptions): R
  /** The identity is denied the action. */
  toBeDenied(action: string, resource?: string, options?: DenyOptions): R
  /** The identity is denied the action by a layer, a statement or a policy. */
  toBeDeniedBy(by: string, action: string, resource?: string, options?: AskOptions): R
  /** The identity is allowed to assume the role. */
  toBeAbleToAssume(role: string, options?: AskOptions): R
  /** The identity is allowed to pass the role to the service, and the service to assume it. */
  toBeAbleToPass(role: string, service: string): R
  /**
   * A proven path leads from the identity to an administrator, or to a user or role. To expect that there is none, use
   * `assertCannotReach`, which also refuses paths that are conditional or undecided.
   */
  toReach(to?: string, options?: ReachOptions): R
}

/** Matchers for vitest and jest: `expect.extend(matchers)`. */
export const matchers = {
  toBeAllowedTo: matcher(checkAllowed),
  toBeDenied: matcher(checkDenied),
  toBeDeniedBy: matcher((who, by: string, action: string, resource?: string, options?: AskOptions) =>
    checkDenied(who, action, resource, { ...options, by }),
  ),
  toBeAbleToAssume: matcher(checkAssume),
  toBeAbleToPass: matcher(checkPass),
  toReach: matcher(checkReach),
}

function matcher<A extends readonly unknown[]>(check: (who: Identity, ...args: A) => Promise<Checked>) {
  return async (received: unknown, ...args: A): Promise<MatcherResult> => {
    if (!(received instanceof Identity))
      return { pass: false, message: () => 'expect(…) takes what omen.as(…) returns' }
    const { pass, message } = await check(received, ...args)
    return { pass, message: () => message }
  }
}
