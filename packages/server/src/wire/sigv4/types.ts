import type { HttpRequest } from '../../base/index.ts'

/** The parts of a signature, as the client wrote them: nothing of it is proven yet. */
export interface Claim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  readonly scopeDate: string
  readonly region: string
  readonly service: string
  readonly terminator: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  /** X-Amz-Expires in seconds, for the query form. */
  readonly expires?: number
  /** X-Amz-Security-Token, wherever it stood. */
  readonly sessionToken?: string
  /** x-amz-content-sha256 as sent, or undefined. */
  readonly contentHash?: string
}

/** How the service at hand wants the canonical request made. */
export interface CanonicalRules {
  /** S3 neither normalises the path nor encodes it twice. */
  readonly s3: boolean
}

/** Why a signature is not accepted; the wire words it for its protocol. */
export type SignatureProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'incomplete'; readonly message: string }
  | { readonly kind: 'scope'; readonly message: string }
  | { readonly kind: 'expired'; readonly message: string }
  | { readonly kind: 'notYetValid'; readonly message: string }
  | { readonly kind: 'unknownKey' }
  | { readonly kind: 'invalidToken' }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'mismatch'; readonly canonicalRequest: string; readonly stringToSign: string }
  | { readonly kind: 'bodyHash' }

/** Reads the claim from a request: undefined where it is not signed at all. */
export type ReadClaim = (request: HttpRequest) => Claim | SignatureProblem
