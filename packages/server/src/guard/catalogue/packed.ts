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

/** How sure it is that an operation asks for these actions on these resources (behaviour GRD-10). */
export type Exactness = 'exact' | 'derived' | 'wildcard' | 'unknown'

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
  /** The prefix of its actions, where one is known. */
  readonly prefix?: string
  /** Names of operations of a REST service that are called without a signature, with method and path. */
  readonly open?: Readonly<Record<string, string>>
  /** How many operations are of which exactness. */
  readonly exactness: Readonly<Partial<Record<Exactness, number>>>
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
  /** Its body is bytes of the caller's own, and has no members. */
  readonly raw?: true
  /** The members of its input that authorisation reads. */
  readonly input?: PackedMembers
  /** It acts on whatever its input says, in any service, with permissions that the upstream does not ask for. */
  readonly acting?: true
  /** What it asks; left out where that is not known. */
  readonly asks?: readonly PackedNeed[]
  readonly exactness?: Exactness
  /** Condition keys of all that it asks: places with commas between, `place|function`, `place=text` where that is meant by default, `#header`, `=constant`, or templates of their values. */
  readonly keys?: Readonly<Record<string, string>>
  /** Where the tags stand that the request brings, for aws:RequestTag and aws:TagKeys. */
  readonly tags?: readonly PackedTags[]
}

/** One question: an action, on resources that templates make (behaviour GRD-11). */
export interface PackedNeed {
  readonly action: string
  /** Templates of the resources' ARNs; left out, `*`. A `?` before one: only where its places hold something. */
  readonly on?: readonly string[]
  /** Asked once for each thing at this place; places that begin with a dot are then within it. */
  readonly each?: string
  /** What must hold: `Place`, `!Place`, `Place=value`, `Place!=value`, `Place^=begins`, `Place~holds`, joined by ` & `. */
  readonly when?: string
  readonly keys?: Readonly<Record<string, string>>
  /** What only the upstream knows of the resource. */
  readonly lookUp?: LookUp
  /** It stands beside the operation's own questions, for what AWS does with the caller's permissions. */
  readonly beside?: true
  /** A service whose principal may have the permission instead, by the resource's own policy. */
  readonly via?: string
}

/** What the upstream may be asked for, to say which resource is meant. */
export type LookUp =
  | 'kmsAlias'
  | 'secret'
  | 'instanceProfile'
  | 'launchTemplate'
  | 'athenaQuery'
  | 'athenaNamedQuery'
  | 'mountTarget'
  | 'sesIdentity'
  | 'codeDeployment'
  | 'pullRequest'
  | 'dbProxy'
  | 'dbProxyEndpoint'
  | 'beanstalkEnvironment'

/** Tags at a place: structures with a key and a value, a map, keys alone, or a query string. */
export interface PackedTags {
  readonly at: string
  readonly key?: string
  readonly value?: string
  readonly form?: 'map' | 'keys' | 'query'
}

/** Members of a structure by name. */
export type PackedMembers = Readonly<Record<string, PackedMember>>

/** A member as far as it is read: a text, unless it says otherwise. */
export interface PackedMember {
  /** Its name on the wire, where it is another. */
  readonly as?: string
  /** Where it stands, if not in the body; `payload` is the whole body. */
  readonly in?: 'uri' | 'query' | 'header' | 'headers' | 'payload'
  /** EC2's own name for it. */
  readonly query?: string
  readonly flat?: true
  readonly members?: PackedMembers
  readonly list?: PackedMember
  readonly map?: PackedMember
  /** The name of a map's keys in forms and XML, where it is not `key`. */
  readonly key?: string
}
