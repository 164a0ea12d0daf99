/** The common parts of the tests of the witness search. */
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { layerOf, type StatementInput, user } from '../fixture.ts'
import { principalContext } from '../request/principal-context.ts'
import type { Answer } from './answer.ts'
import { findWitness } from './find-witness.ts'
import type { Asked, OpenRequest } from './question.ts'

/** A request of a user, and its policies. */
export function asked(policies: PolicySet, request: Partial<OpenRequest> = {}): Asked {
  return {
    request: {
      principal: user,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::pay/x',
      context: principalContext(request.principal ?? user),
      ...request,
    },
    policies: compile(policies),
  }
}

/** Asks one request of a user. */
export function ask(policies: PolicySet, request: Partial<OpenRequest> = {}): Answer {
  return findWitness([asked(policies, request)])
}

/** Identity policies alone. */
export function identity(...statements: readonly StatementInput[]): PolicySet {
  return { identity: layerOf('identity', ...statements) }
}

/** The residual without its places; the verdict alone if it is not conditional. */
export function residual(answer: Answer): readonly unknown[] {
  if (answer.verdict !== 'conditional') return [answer.verdict]
  return answer.residual.map(({ operator, key, values, mustHold }) => [operator, key, values, mustHold])
}
