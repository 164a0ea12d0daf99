/** The parts of a signature as the client wrote them; nothing is verified yet. */
export interface Claim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  readonly scopeDate: string
  /** Empty for signatures by ECDSA, which have a region set. */
  readonly region: string
  /** The regions for which a signature by ECDSA counts; absent if it is by HMAC. */
  readonly regionSet?: readonly string[]
  readonly service: string
  readonly terminator: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  /** The same instant in milliseconds since the epoch. */
  readonly time: number
  /** X-Amz-Expires in seconds, for the query form. */
  readonly expires?: number
  /** X-Amz-Security-Token from the header or the query string. */
  readonly sessionToken?: string
  /** x-amz-content-sha256 as sent, or undefined. */
  readonly contentHash?: string
}

/** The form of the canonical request for a service. */
export interface CanonicalRules {
  /** S3 neither normalises the path nor encodes it twice, and uses x-amz-content-sha256 as sent. */
  readonly s3: boolean
  /** Whether a body may be outside the signature (UNSIGNED-PAYLOAD, STREAMING-…). S3 always permits it. */
  readonly unsignedPayload?: boolean
  /** Whether a signature in a header requires x-amz-content-sha256 (S3). */
  readonly wantsHash?: boolean
  /** Whether signatures by ECDSA count (AWS4-ECDSA-P256-SHA256). */
  readonly asymmetric?: boolean
  /** Whether X-Amz-Expires is ignored: a presigned request is then valid as long as a signed one (STS). */
  readonly ignoresExpires?: boolean
}

/** Why a signature is refused; the wire has the message of each protocol. */
export type SignatureProblem =
  /** Not signed at all. */
  | { readonly kind: 'missing' }
  /** Signed, but incompletely. */
  | { readonly kind: 'incomplete'; readonly message: string }
  /** Incomplete, and not a signature of version 4: of version 2 (`old`), or of another scheme (`Bearer`). */
  | { readonly kind: 'otherScheme'; readonly message: string; readonly old: boolean }
  /** Signed both in the header and in the query string. */
  | { readonly kind: 'twice'; readonly message: string }
  /** Signed for another purpose: a wrong credential scope, or a signature that omits the host. */
  | { readonly kind: 'scope'; readonly message: string }
  /** Headers that define the request are outside the signature. */
  | { readonly kind: 'unsignedHeaders'; readonly names: readonly string[] }
  /** The request lacks the hash of the body that was signed. */
  | { readonly kind: 'noHash' }
  | { readonly kind: 'expired'; readonly message: string }
  | { readonly kind: 'notYetValid'; readonly message: string }
  | { readonly kind: 'unknownKey' }
  | { readonly kind: 'invalidToken' }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'mismatch'; readonly canonicalRequest: string; readonly stringToSign: string }
  /** The signature is right, but the body does not have the signed hash. */
  | { readonly kind: 'bodyHash' }
