import type { Call, CallMarks, House } from '../authorization/index.ts'
import type { Mode, RequestHead } from '../base/index.ts'
import type { Route } from '../wire/index.ts'

/** Who called, as far as the signature proves it. */
export interface Admitted {
  readonly caller: Call['caller']
  readonly account: Call['account']
  readonly region: string
  /** Nothing was signed. */
  readonly unsigned?: true
  /** How strictly the call is decided on: as the server is, but strictly where a page of another site sent it unsigned. */
  readonly mode: Mode
}

/** What a request needs, besides who sent it, to become a call. */
interface CallFacts {
  /** The request id. */
  readonly id: string
  /** When the clock was read for this request; milliseconds since the epoch. */
  readonly now: number
  readonly marks: CallMarks
  readonly house: House
}

/** The call that an admitted request makes. */
export function callOf(
  { service, operation }: Pick<Route, 'service' | 'operation'>,
  { caller, account, region, mode }: Admitted,
  { remoteAddress, headers, secure, tls }: RequestHead,
  facts: CallFacts,
): Call {
  return {
    ...facts,
    service,
    operation,
    region,
    caller,
    account,
    mode,
    origin: {
      sourceIp: remoteAddress,
      userAgent: headers['user-agent'] ?? '',
      host: headers.host ?? '',
      secure,
      ...(tls === undefined ? {} : { tls }),
    },
  }
}
