import type { Origin } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import type { May } from '../view/reader.ts'

/** A refusal of the server's own API. */
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

/** An answer that is text of a type. */
export class TextAnswer {
  readonly text: string
  readonly type: string
  constructor(text: string, type: string) {
    this.text = text
    this.type = type
  }
}

/** A JSON answer with a status of its own. */
export class JsonAnswer {
  readonly status: number
  readonly value: object
  constructor(status: number, value: object) {
    this.status = status
    this.value = value
  }
}

/** An answer that is a drawing. */
export class Svg {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The AWS permission that a route needs, evaluated against the account's policies as for any call. */
export interface RoutePermission {
  /** An action of AWS, such as `cloudtrail:LookupEvents`. */
  readonly action: string
  /** The resource or resources that the action is checked on; `*` if absent. */
  resource?(
    body: Readonly<Record<string, unknown>>,
    groups: readonly string[],
    signer: SignedCaller,
  ): string | readonly string[]
}

/** The caller of a route, beside the signature. */
export interface Asker {
  readonly may: May
  /** The source of the request. */
  readonly origin: Origin
}

/** One request of the server's own API. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  /** Its groups are passed to `answer`. */
  readonly path: RegExp
  /**
   * The callers of the route: `anyone`; any `signer` of this server; or callers whose account's policies allow the
   * permission. If absent, only the server's own root and admin, who may call every route.
   */
  readonly by?: 'anyone' | 'signer' | RoutePermission
  /** Bytes that its body may have. Default: 65,536. */
  readonly bodyMost?: number
  answer(
    groups: readonly string[],
    body: Readonly<Record<string, unknown>>,
    signer: SignedCaller | undefined,
    query: URLSearchParams,
    /** The account that the answer is limited to; undefined for the server's owner, who sees all accounts. */
    within: AccountId | undefined,
    asker: Asker,
  ): Promise<unknown> | unknown
}

/** @throws Refusal if the member is not a string */
export function textIn(body: Readonly<Record<string, unknown>>, name: string, longest = 2_048): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '' || value.length > longest)
    throw new Refusal(400, `${name} must be a text`)
  return value
}
