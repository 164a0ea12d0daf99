import type { PassedRole } from '../../authorization/catalogue/index.ts'
import type { RefusedAs } from '../../authorization/index.ts'
import type { TextFunction } from './functions.ts'
import type { Path } from './path.ts'

// The form that tools/guard-catalogue.ts writes into guard.pack and this folder reads. People write a shorter notation
// (tools/guard/notation.ts), which that tool reads, checks and translates.

/** A protocol in which a call may be made; the wire's six, and the binary one of newer services. */
export type CallProtocol =
  | 'awsQuery'
  | 'ec2Query'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'restJson'
  | 'restXml'
  | 'rpcV2Cbor'

/** The certainty that an operation needs these actions on these resources (behaviour GRD-10). */
export type Exactness = 'exact' | 'derived' | 'wildcard' | 'unknown'

/** The index of guard.pack: every service, section by section. */
export interface PackedIndex {
  readonly services: readonly PackedHead[]
}

/** Signs that a request may be meant for a service, outside its section. */
export interface PackedHead {
  /** The SDKs' name for it, for example `dynamodb`. */
  readonly id: string
  readonly title: string
  readonly version: string
  /** Protocols that it speaks; the first is the one that it prefers. */
  readonly speaks: readonly CallProtocol[]
  /** The service name in a signature's scope. */
  readonly signs: string
  /** The first label of its hosts. */
  readonly host: string
  /** X-Amz-Target's prefix, and the service's name in the paths of the binary protocol. */
  readonly target?: string
  /** The prefix of its actions, if known. */
  readonly prefix?: string
  /** Names of operations of a REST service that are called without a signature, with method and path. */
  readonly open?: Readonly<Record<string, string>>
  /** The number of operations of each exactness. */
  readonly exactness: Readonly<Partial<Record<Exactness, number>>>
}

/** A section of guard.pack. */
export interface PackedService {
  /** The templates of its operations, each once. */
  readonly templates: readonly PackedTemplate[]
  readonly operations: Readonly<Record<string, PackedOperation>>
}

/** One operation; empty members are left out. */
export interface PackedOperation {
  /** Method and URI template with its query constants, for the REST protocols: `GET /{Bucket}?acl`. */
  readonly http?: string
  /** Required `?parameters` and `#headers` that distinguish it from operations of the same path. */
  readonly given?: readonly string[]
  /** Called without a signature. */
  readonly open?: true
  /** Its body is bytes of the caller's own, and has no members. */
  readonly raw?: true
  /** The members of its input that authorisation reads. */
  readonly input?: PackedMembers
  /** It acts on what its input names, in any service, with permissions that the upstream does not check. */
  readonly acting?: true
  /** Its permissions; left out if unknown. */
  readonly asks?: readonly PackedNeed[]
  readonly exactness?: Exactness
  /** The condition keys of all its questions, and where their values are. */
  readonly keys?: Readonly<Record<string, PackedKeySource>>
  /** Where the tags of the request are, for aws:RequestTag and aws:TagKeys. */
  readonly tags?: readonly PackedTags[]
  /** The roles that it passes to a service (behaviour CAT-6). */
  readonly passes?: readonly PackedPass[]
}

/** One question: an action, on resources that templates make (behaviour GRD-11). */
export interface PackedNeed {
  readonly action: string
  /** Templates of the resources' ARNs, by their number in the section; if absent, the resource is `*`. */
  readonly on?: readonly number[]
  /** Asked once for each element of the list at this place. */
  readonly each?: Path
  /** Conditions that must all hold; if absent, it is always asked. */
  readonly when?: readonly PackedCondition[]
  readonly keys?: Readonly<Record<string, PackedKeySource>>
  /** The look-up of a fact about the resource that only the upstream knows. */
  readonly lookUp?: LookUp
  /** A question beside the operation's own, for what AWS does with the caller's permissions. */
  readonly beside?: true
  /** A service whose principal may have the permission instead, by the resource's own policy. */
  readonly via?: string
  /** The action is asked of the key of AWS KMS under which a thing is (behaviour GRD-190). */
  readonly key?: PackedKey
  /** In the account of the resource only an explicit Deny refuses. */
  readonly deniesOnly?: true
  /** The answer if it is refused, where a service has its own for what it asks on the caller's behalf. */
  readonly refused?: RefusedAs
}

/** Of which thing a key is. */
export type KeyOf =
  | 'input'
  | 'own'
  | 'queue'
  | 'waitingMessage'
  | 'topic'
  | 'version'
  | 'newVersion'
  | 'repeatedVersion'
  | 'parameter'
  | 'machine'
  | 'labelledMachine'
  | 'execution'
  | 'activity'
  | 'bus'
  | 'mapping'
  | ObjectKeyOf

/** Of which object of S3, or upload of one, a key is; that of an object that is read is in the answer. */
export type ObjectKeyOf =
  | 'newObject'
  | 'object'
  | 'answeredObject'
  | 'copySource'
  | 'upload'
  | 'checkedUpload'

/** A key that a call uses with its caller's permissions. */
export interface PackedKey {
  readonly of: KeyOf
  /** The place of the input that names it. */
  readonly at?: Path
  /** The encryption context: of each name, which fact of the thing is its value. */
  readonly context?: Readonly<Record<string, string>>
  /** The principal that is asked about in place of the caller: the role of an execution, or a service. */
  readonly by?: string
}

/** A condition of the texts at a place: how they are compared, the place, and the text to compare with. */
export type PackedCondition =
  | readonly [test: 'present' | 'absent', at: Path]
  | readonly [test: 'equals' | 'differs' | 'begins' | 'contains' | 'lacks', at: Path, text: string]

/** Makes texts, nearly always ARNs, of a call's input: its parts are joined. */
export interface PackedTemplate {
  /** It makes nothing if one of its blanks finds nothing; without this, the blank becomes `*`. */
  readonly optional?: true
  readonly parts: readonly PackedPart[]
  /** The text after the last part. */
  readonly tail?: string
  /** The service whose ARNs it makes; absent if it names none. */
  readonly service?: string
  /** The service and the start of the resource, up to the first blank: `iam:role/`. Absent if it has no such form. */
  readonly kind?: string
  /** It means that its ARNs are of the call's region. */
  readonly regional?: true
  /** The region of its ARNs is in the input. */
  readonly placed?: true
  /** It means that its ARNs have an account. */
  readonly owned?: true
}

/** A fixed text, a value that the server knows, or a blank that the input fills. */
export type PackedPart = string | FixedPart | PackedBlank

/** The partition, the region or the account of the call. */
export type FixedPart = typeof partitionPart | typeof regionPart | typeof accountPart
export const partitionPart = 0
export const regionPart = 1
export const accountPart = 2

/** A part of a template that the input fills. */
export interface PackedBlank {
  /** The first of these with a result counts: the texts at all places of a list, or what the server knows. */
  readonly from: readonly (readonly PackedPlace[] | FixedPart)[]
  /** The text that is meant if nothing is given. */
  readonly fallback?: string
  /** The function applied to each text. */
  readonly function?: TextFunction
  /** Only slashes, colons and `*` follow it, so the input may give an ARN here in place of the template's. */
  readonly ends?: true
  /** It is the whole template. */
  readonly alone?: true
  /** The kind of resource is part of what is given here. */
  readonly anyKind?: true
}

/** A place, or one whose texts are escaped as they are in a path. */
export type PackedPlace = Path | { readonly escaped: Path }

/** Where the value of a condition key is. */
export type PackedKeySource =
  | { readonly header: string }
  | { readonly constant: string }
  | { readonly template: PackedTemplate; readonly many?: true }
  | {
      readonly at: readonly Path[]
      readonly function?: TextFunction
      readonly fallback?: string
      /** The key has a list of values, even if only one is given. */
      readonly many?: true
    }

/** A place that names a role to be handed to a service. */
export interface PackedPass {
  readonly at: Path
  readonly each?: Path
  readonly when?: readonly PackedCondition[]
  readonly is: PassedRole['is']
  /** The principal of the service in the partition aws; absent if that is not known. */
  readonly to?: string
  /** Makes iam:AssociatedResourceArn. */
  readonly associated?: PackedTemplate
}

/** The question to the upstream by which the resource is learnt. */
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
  | 'subscription'
  | 'confirmation'

/** Tags at a place: structures with a key and a value, a map, keys alone, or a query string. */
export interface PackedTags {
  readonly at: Path
  /** Within each structure; if absent, `Key`. */
  readonly key?: Path
  readonly value?: Path
  readonly form?: 'map' | 'keys' | 'query'
}

/** Members of a structure by name. */
export type PackedMembers = Readonly<Record<string, PackedMember>>

/** A member as far as it is read: a text by default. */
export interface PackedMember {
  /** Its name on the wire, if it differs. */
  readonly as?: string
  /** Where it is, if not in the body; `payload` is the whole body. */
  readonly in?: 'uri' | 'query' | 'header' | 'headers' | 'payload'
  /** EC2's own name for it. */
  readonly query?: string
  readonly flat?: true
  readonly members?: PackedMembers
  readonly list?: PackedMember
  readonly map?: PackedMember
  /** The name of a map's keys in forms and XML, if it is not `key`. */
  readonly key?: string
}
