import type { Decision } from '../evaluate/decision.ts'

export interface ExplainOptions {
  /** How the caller is written in the sentence; left out: the ARN of the principal (of a role, of its session). */
  readonly caller?: string | undefined
  /** How the resource is written, as some services do not write the ARN; null leaves ` on resource: …` out. */
  readonly resource?: string | null | undefined
  /** Wrap the resource in double quotes, as S3 does. */
  readonly quoteResource?: boolean | undefined
  /** Name the policy's ARN behind an explicit deny, as AWS does since 2026. Default true. */
  readonly policyArn?: boolean | undefined
  /** The resource policy is a role's trust policy, and is called so. */
  readonly trust?: boolean | undefined
  /** Live STS says nothing behind the resource when a trust policy refuses. Default true: say why. */
  readonly because?: boolean | undefined
}

export interface Explanation {
  readonly decision: Decision
  /** AWS's own sentence, to the letter; empty when the request is allowed. */
  readonly sentence: string
  /** The longer story in plain words, one line a step. */
  readonly story: readonly string[]
}
