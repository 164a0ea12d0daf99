/** A role, and whether the one who asks may assume it: the JSON of `/_omen/api/wearable`. */
export interface WearableRole {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly allowed: boolean
  /** Other accounts that its trust policy names. */
  readonly houses: readonly string[]
  /** AWS's sentence, where it may not. */
  readonly why?: string
}

/** A session that was handed out and has not ended by its time: the JSON of `/_omen/api/sessions`. */
export interface LiveSession {
  readonly accessKeyId: string
  /** `arn:aws:sts::…:assumed-role/ROLE/SESSION`, or a user's. */
  readonly arn: string
  readonly operation: string
  readonly roleArn?: string
  /** The requester: an ARN, or a service. */
  readonly by: string
  /** The access key of the request; a session's own if roles are chained. */
  readonly byKey?: string
  readonly beganAt: string
  readonly expiresAt: string
  readonly mfa: boolean
  readonly sourceIdentity?: string
  readonly decision?: string
}

/** Something that is not human and has a role: the JSON of `/_omen/api/machines/…`. */
export interface Machine {
  readonly kind: 'instance' | 'function'
  readonly name: string
  readonly roleName: string
  readonly service: string
}
