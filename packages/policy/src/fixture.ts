/** Short ways to policies, principals and requests, for the unit tests of this package. */

import type { Policy, PolicyKind } from './document/policy.ts'
import type { PolicySource, Source } from './document/set.ts'
import { policyFromJson } from './parse/parse.ts'
import { Context, type ContextInput } from './request/context.ts'
import type { Principal } from './request/principal.ts'
import type { Request } from './request/request.ts'

export const ownAccount = '123456789012'
export const otherAccount = '210987654321'

export const user: Principal = {
  type: 'user',
  arn: `arn:aws:iam::${ownAccount}:user/dev`,
  account: ownAccount,
  id: 'AIDACKCEVSQ6C2EXAMPLE',
}

export const session: Principal = {
  type: 'roleSession',
  sessionArn: `arn:aws:sts::${ownAccount}:assumed-role/app/run`,
  roleArn: `arn:aws:iam::${ownAccount}:role/team/app`,
  account: ownAccount,
  roleId: 'AROACKCEVSQ6C2EXAMPLE',
}

export const root: Principal = { type: 'root', arn: `arn:aws:iam::${ownAccount}:root`, account: ownAccount }

/** A statement of a test. Absent elements match everything. */
export interface StatementInput {
  readonly [element: string]: unknown
}

export function policyOf(kind: PolicyKind, ...statements: readonly StatementInput[]): Policy {
  const parsed = policyFromJson({ Version: '2012-10-17', Statement: statements }, kind, { lenient: true })
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}

export function sourceOf(policy: Policy, source: Source = { type: 'none' }): PolicySource {
  return { policy, source }
}

/** One policy of one statement, as a layer. */
export function layerOf(kind: PolicyKind, ...statements: readonly StatementInput[]): readonly PolicySource[] {
  return [sourceOf(policyOf(kind, ...statements))]
}

export function allow(rest: StatementInput = {}): StatementInput {
  return { Effect: 'Allow', Action: '*', Resource: '*', ...rest }
}

export function deny(rest: StatementInput = {}): StatementInput {
  return { ...allow(rest), Effect: 'Deny' }
}

export interface RequestInput extends Partial<Omit<Request, 'context'>> {
  readonly context?: Readonly<Record<string, ContextInput>>
}

export function requestOf(input: RequestInput = {}): Request {
  return {
    principal: user,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::pay/x',
    ...input,
    context: new Context(input.context),
  }
}
