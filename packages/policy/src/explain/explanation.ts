import type { Decision } from '../request/decision.ts'

export interface ExplainOptions {
  /** The caller's name in the sentence. If absent, the principal's ARN; for a role, the ARN of its session. */
  readonly caller?: string | undefined
  /** The resource's name in the sentence, because some services do not use the ARN. Null omits ` on resource: …`. */
  readonly resource?: string | null | undefined
  /** Wrap the resource in double quotes, as S3 does. */
  readonly quoteResource?: boolean | undefined
  /** Add the policy's ARN after an explicit deny, as AWS has done since 2026. Default true. */
  readonly policyArn?: boolean | undefined
  /** Whether the resource policy is a role's trust policy; the sentence then says so. */
  readonly trust?: boolean | undefined
  /** Live STS says nothing behind the resource when a trust policy refuses. Default true: say why. */
  readonly because?: boolean | undefined
}

export interface Explanation {
  readonly decision: Decision
  /** AWS's own sentence, to the letter; empty when the request is allowed. */
  readonly sentence: string
  /** The longer explanation, one line for each step. */
  readonly story: readonly string[]
  /** The ids of sentences in docs/behaviour that the decision rests on and that are assumed; only of a trace. */
  readonly assumed: readonly string[]
}
