import type { Context } from './context.ts'
import type { Principal } from './principal.ts'

/** One question to the engine: may this principal do this action on this resource? A call may need several. */
export interface Request {
  readonly principal: Principal
  /** `s3:GetObject`, in any case. */
  readonly action: string
  /** An ARN, or `*` for an action that takes no resource. */
  readonly resource: string
  /** A pattern of the resource, if a part of its name is random: the next call is about another name. For suggestions alone. */
  readonly resourcePattern?: string | undefined
  /** The account that owns the resource. If absent, the account in the ARN, or else the principal's own. */
  readonly resourceAccount?: string | undefined
  readonly context: Context
  /** The operation needs no permission and no policy can deny it: GetCallerIdentity, GetSessionToken. */
  readonly exempt?: boolean | undefined
}
