import type { AccountId } from '../base/index.ts'

/** A call of CloudWatch Logs as the role of a trail. */
export interface LogsCall {
  /** The trail's owner, who has the role. */
  readonly account: AccountId
  readonly roleArn: string
  readonly trailArn: string
  readonly region: string
  readonly operation: 'CreateLogStream' | 'PutLogEvents'
  readonly input: Readonly<Record<string, unknown>>
}

/** Why a call of CloudWatch Logs failed: the error's code. `trust` if the role is not there, or does not trust CloudTrail. */
export type LogsRefusal = { readonly code: string; readonly at: 'trust' | 'permission' | 'group' | 'answer' }

/** Why CloudTrail cannot use a key of AWS KMS. */
export type KeyProblem = 'missing' | 'disabled' | 'denied' | 'silent'

/** The services behind the guard, as trails use them. */
export interface TrailUpstream {
  /** Calls CloudWatch Logs as the trail's role, by the guard, which decides. Resolves to undefined if the call succeeded. */
  callLogs(call: LogsCall): Promise<LogsRefusal | undefined>
  /**
   * Returns the ARN of a key, named in any form that AWS KMS takes, if it may encrypt the trail's files: it is enabled, and its
   * policy lets CloudTrail generate data keys for the trail.
   */
  usableKey(
    keyId: string,
    trail: { readonly account: AccountId; readonly region: string; readonly trailArn: string },
  ): Promise<{ readonly arn: string } | { readonly problem: KeyProblem }>
}
