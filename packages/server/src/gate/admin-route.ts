import type { Origin } from '../authorization/index.ts'
import type { AccountId } from '../base/index.ts'
import type { SignedCaller } from '../session/index.ts'

/** A refusal of the house's own API. */
export class Refusal {
  readonly status: number
  readonly error: string
  readonly code: string | undefined
  /** The id of the decision behind it. */
  readonly decision: string | undefined
  constructor(status: number, error: string, code?: string, decision?: string) {
    this.status = status
    this.error = error
    this.code = code
    this.decision = decision
  }
}

/** An answer that is a drawing. */
export class Svg {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The AWS permission that a route asks for, evaluated against the account's policies as for any call. */
export interface RoutePermission {
  /** An action of AWS, such as `cloudtrail:LookupEvents`. */
  readonly action: string
  /** The resource that the action is asked on, or each of several; `*` if absent. */
  resource?(
    body: Readonly<Record<string, unknown>>,
    groups: readonly string[],
    signer: SignedCaller,
  ): string | readonly string[]
}

/** Who asks a route, beside the signature. */
export interface Asker {
  /** Whether the policies allow the signer a further permission. The owner of the house has all of them. */
  readonly may: May
  /** Where the request comes from. */
  readonly origin: Origin
}

export type May = (action: string, resource: string) => Promise<boolean>

/** One thing that the house's own API can be asked. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  /** Its groups are what `answer` gets. */
  readonly path: RegExp
  /**
   * Who may ask: `anyone`; any `signer` of this house; or whoever the policies of the signer's account allow the
   * permission. If absent, the house's own root and admin only, who may ask every route.
   */
  readonly by?: 'anyone' | 'signer' | RoutePermission
  /** Bytes that its body may have. Default: 65,536. */
  readonly bodyMost?: number
  answer(
    groups: readonly string[],
    body: Readonly<Record<string, unknown>>,
    signer: SignedCaller | undefined,
    query: URLSearchParams,
    /** The account that the answer must keep to; undefined for the owner of the house, who sees all accounts. */
    within: AccountId | undefined,
    asker: Asker,
  ): Promise<unknown> | unknown
}

/** @throws Refusal where the member is no text */
export function textIn(body: Readonly<Record<string, unknown>>, name: string, longest = 2_048): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '' || value.length > longest)
    throw new Refusal(400, `${name} must be a text`)
  return value
}
