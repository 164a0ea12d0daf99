/** One HTTP request as the gate read it: complete, within the limits, not yet parsed. */
export interface HttpRequest {
  readonly method: string
  /** The path and query exactly as sent; signatures cover these bytes. */
  readonly rawPath: string
  readonly rawQuery: string
  /** Header names in lower case; repeated headers joined with `,` in the order sent. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly remoteAddress: string
  /** Whether the connection was TLS. */
  readonly secure: boolean
  /** Whether a function that runs in this server sent the request. */
  readonly fromFunction?: boolean
  /** `TLSv1.3` and the name of the cipher suite, if the connection was TLS. */
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
}

/** A request whose body is not read yet. */
export type RequestHead = Omit<HttpRequest, 'body'>

/** One HTTP response, complete. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array | string
}

/** Returns whether a value of the header `Authorization` is a bearer token. */
export function isBearer(authorization: string | undefined): boolean {
  return authorization !== undefined && /^bearer /i.test(authorization)
}

/** Returns the token in a value of the header `Authorization`; an empty text if there is none. */
export function bearerToken(authorization: string | undefined): string {
  return isBearer(authorization) ? (authorization ?? '').slice('bearer '.length).trim() : ''
}
