import type { Call, CallMarks, Dependencies } from '../authorization/index.ts'
import type { Mode, RequestHead } from '../base/index.ts'
import type { Route } from '../wire/index.ts'

/** The caller, as far as the signature proves it. */
export interface Admitted {
  readonly caller: Call['caller']
  readonly account: Call['account']
  readonly region: string
  /** Nothing was signed. */
  readonly unsigned?: true
  /** How strictly the call is decided: the server's mode, or enforce if a page of another site sent it unsigned. */
  readonly mode: Mode
}

/** The facts that a request needs, besides its sender, to become a call. */
interface CallFacts {
  /** The request id. */
  readonly id: string
  /** The time of this request, read once; milliseconds since the epoch. */
  readonly now: number
  readonly marks: CallMarks
  readonly deps: Dependencies
}

/** Returns the call of an admitted request. */
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
