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
  /** The same instant in milliseconds since the epoch. */
  readonly time: number
  /** X-Amz-Expires in seconds, for the query form. */
  readonly expires?: number
  /** X-Amz-Security-Token, wherever it stood. */
  readonly sessionToken?: string
  /** x-amz-content-sha256 as sent, or undefined. */
  readonly contentHash?: string
}

/** How the service at hand wants the canonical request made. */
export interface CanonicalRules {
  /** S3 neither normalises the path nor encodes it twice, and believes x-amz-content-sha256. */
  readonly s3: boolean
  /** Whether a body may stand outside the signature (UNSIGNED-PAYLOAD, STREAMING-…). S3 always lets it. */
  readonly unsignedPayload?: boolean
  /** Whether a signature in a header must come with x-amz-content-sha256 (S3). */
  readonly wantsHash?: boolean
  /** Whether X-Amz-Expires says nothing: a presigned request lives as long as a signed one (STS). */
  readonly ignoresExpires?: boolean
}

/** Why a signature is not accepted; the wire words it for its protocol. */
export type SignatureProblem =
  /** Not signed at all. */
  | { readonly kind: 'missing' }
  /** Signed, but not so that it could be checked. */
  | { readonly kind: 'incomplete'; readonly message: string }
  /** As incomplete, and no signature of version 4 at all: of version 2 (`old`), or what another scheme wants (`Bearer`). */
  | { readonly kind: 'otherScheme'; readonly message: string; readonly old: boolean }
  /** Signed in the header and in the query string at once. */
  | { readonly kind: 'twice'; readonly message: string }
  /** Signed for something else: credential scope, or a signature that leaves the host open. */
  | { readonly kind: 'scope'; readonly message: string }
  /** Headers that say what the request is stand outside the signature. */
  | { readonly kind: 'unsignedHeaders'; readonly names: readonly string[] }
  /** Nothing says which hash of the body was signed. */
  | { readonly kind: 'noHash' }
  | { readonly kind: 'expired'; readonly message: string }
  | { readonly kind: 'notYetValid'; readonly message: string }
  | { readonly kind: 'unknownKey' }
  | { readonly kind: 'invalidToken' }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'mismatch'; readonly canonicalRequest: string; readonly stringToSign: string }
  /** The signature is right, the body is not the one whose hash was signed. */
  | { readonly kind: 'bodyHash' }
