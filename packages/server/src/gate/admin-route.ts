import type { SignedCaller } from '../session/index.ts'

/** A refusal of the house's own API. */
export class Refusal {
  readonly status: number
  readonly error: string
  readonly code: string | undefined
  constructor(status: number, error: string, code?: string) {
    this.status = status
    this.error = error
    this.code = code
  }
}

/** One thing that the house's own API can be asked. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  /** Its groups are what `answer` gets. */
  readonly path: RegExp
  /** Who may ask: `anyone`, or any `signer` of this house; left out, root and admin. */
  readonly by?: 'anyone' | 'signer'
  answer(
    groups: readonly string[],
    body: Readonly<Record<string, unknown>>,
    signer: SignedCaller | undefined,
    query: URLSearchParams,
  ): Promise<unknown> | unknown
}

/** @throws Refusal where the member is no text */
export function textIn(body: Readonly<Record<string, unknown>>, name: string, longest = 2_048): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '' || value.length > longest)
    throw new Refusal(400, `${name} must be a text`)
  return value
}
