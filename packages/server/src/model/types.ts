/** The description of an API, as tools/models.ts derives it from AWS's published models. */

export type Protocol = 'awsQuery' | 'ec2Query' | 'awsJson1_0' | 'awsJson1_1' | 'restJson' | 'restXml'

/** One API: its names, its protocol, its operations and their shapes. */
export interface ServiceModel extends ServiceHead {
  readonly operations: Readonly<Record<string, OperationModel>>
  /** Operations that AWS has and this model lacks, so that the wire can say so instead of denying them. */
  readonly omitted: Readonly<Record<string, OmittedOperation>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** The short part of an API's model: enough to find the API of a request, in all protocols but REST. */
export interface ServiceHead {
  /** Omen's name for the API: `iam`, `sts`, `ec2`, `cloudtrail`, `organizations`, `lambda`. */
  readonly id: string
  /** AWS's name for the service, for example `AWS Identity and Access Management`. */
  readonly title: string
  /** Versions of the published models that this one was derived from. */
  readonly derivedFrom: Readonly<Record<string, string>>
  /** The API's version, for example `2010-05-08`. */
  readonly apiVersion: string
  readonly protocol: Protocol
  /** The name that a SigV4 credential scope must carry. */
  readonly signingName: string
  /** X-Amz-Target's prefix, for the JSON protocols. */
  readonly targetPrefix?: string
  /** XML namespace of answers, for the XML protocols. */
  readonly xmlNamespace?: string
  /** Whether the service is global: its events are recorded in us-east-1. */
  readonly global: boolean
  /** Members that AWS's documentation names and no published model has: a call that has one is refused by name. */
  readonly omittedMembers?: readonly string[]
}

/** An operation known by name only; method and path for the REST protocols. */
export interface OmittedOperation {
  readonly method?: string
  readonly uri?: string
}

/** The known facts about any AWS service, served or not: enough for a fault to name it. */
export interface KnownService {
  readonly id: string
  readonly title: string
  readonly protocol: Protocol
  readonly apiVersion: string
  readonly endpointPrefix: string
  readonly signingName: string
  /** Whether the query protocols can call its operations, whatever protocol it prefers. */
  readonly query?: boolean
  readonly targetPrefix?: string
}

/** One operation of an API. */
export interface OperationModel {
  readonly name: string
  readonly http: { readonly method: string; readonly uri: string; readonly status?: number }
  readonly input?: string
  readonly output?: string
  /** The element that wraps the output (`CreateRoleResult`), for awsQuery. */
  readonly resultWrapper?: string
  /** Names of error shapes. */
  readonly errors: readonly string[]
  /** True where the operation is called without a signature (AssumeRoleWithWebIdentity, …). */
  readonly unsigned?: boolean
}

/** A member of a structure, with the facts that the protocols need. */
export interface Member {
  readonly shape: string
  readonly locationName?: string
  readonly queryName?: string
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'
  readonly flattened?: boolean
  readonly xmlAttribute?: boolean
  readonly streaming?: boolean
  readonly timestampFormat?: 'iso8601' | 'rfc822' | 'unixTimestamp'
  /** An instant whose milliseconds awsQuery writes too; others are written to the second. */
  readonly milliseconds?: boolean
  readonly idempotencyToken?: boolean
}

export type Shape =
  | {
      readonly type: 'structure'
      readonly members: Readonly<Record<string, Member>>
      readonly required?: readonly string[]
      readonly payload?: string
      readonly union?: boolean
      /** Error shapes only. */
      readonly error?: { readonly code: string; readonly status: number; readonly sender: boolean }
      readonly sensitive?: boolean
      readonly xmlNamespace?: string
    }
  | {
      readonly type: 'list'
      readonly member: Member
      /** Of a list of a query API: a constraint's message says that no item may be null. */
      readonly itemsRequired?: boolean
      readonly flattened?: boolean
      readonly min?: number
      readonly max?: number
      readonly sensitive?: boolean
    }
  | {
      readonly type: 'map'
      readonly key: Member
      readonly value: Member
      readonly flattened?: boolean
      readonly min?: number
      readonly max?: number
      readonly sensitive?: boolean
    }
  | {
      readonly type: 'string'
      readonly enum?: readonly string[]
      readonly pattern?: string
      readonly min?: number
      readonly max?: number
      readonly sensitive?: boolean
    }
  | {
      readonly type: 'integer' | 'long' | 'float' | 'double'
      readonly min?: number
      readonly max?: number
      readonly sensitive?: boolean
    }
  | { readonly type: 'boolean' | 'document'; readonly sensitive?: boolean }
  | {
      readonly type: 'blob'
      readonly min?: number
      readonly max?: number
      readonly streaming?: boolean
      readonly sensitive?: boolean
    }
  | {
      readonly type: 'timestamp'
      readonly timestampFormat?: 'iso8601' | 'rfc822' | 'unixTimestamp'
      readonly sensitive?: boolean
    }
