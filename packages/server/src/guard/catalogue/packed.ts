/** What tools/guard-catalogue.ts writes into guard.pack and this room reads from it. */

/** A protocol in which a call may be made; the wire's six, and the binary one of newer services. */
export type CallProtocol =
  | 'awsQuery'
  | 'ec2Query'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'restJson'
  | 'restXml'
  | 'rpcV2Cbor'

/** The index of guard.pack: every service, section by section. */
export interface PackedIndex {
  readonly services: readonly PackedHead[]
}

/** What tells whether a request may be meant for a service, without its section. */
export interface PackedHead {
  /** The SDKs' name for it, for example `dynamodb`. */
  readonly id: string
  readonly title: string
  readonly version: string
  /** Protocols that it speaks; the first is the one that it prefers. */
  readonly speaks: readonly CallProtocol[]
  /** What a signature's scope names. */
  readonly signs: string
  /** The first label of its hosts. */
  readonly host: string
  /** X-Amz-Target's prefix, and the service's name in the paths of the binary protocol. */
  readonly target?: string
  /** Names of operations of a REST service that are called without a signature, with method and path. */
  readonly open?: Readonly<Record<string, string>>
}

/** A section of guard.pack. */
export interface PackedService {
  readonly operations: Readonly<Record<string, PackedOperation>>
}

/** One operation; what is empty is left out. */
export interface PackedOperation {
  /** Method and URI template with its query constants, for the REST protocols: `GET /{Bucket}?acl`. */
  readonly http?: string
  /** Required `?parameters` and `#headers` that tell it from operations of the same path. */
  readonly given?: readonly string[]
  /** Called without a signature. */
  readonly open?: true
}
