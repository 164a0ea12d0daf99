import { type HttpRequest, perObject } from '../../base/index.ts'
import type { OperationModel, ServiceModel } from '../../model/index.ts'
import type { CallProtocol, PackedOperation } from './packed.ts'
import type { GuardService } from './services.ts'

/** A request that turned out to name an operation. */
export interface IdentifiedCall {
  readonly service: GuardService
  readonly operation: string
  readonly protocol: CallProtocol
  /** The operation may be called without a signature: no policy is asked about it. */
  readonly open: boolean
  readonly request: HttpRequest
  /** Labels of the path, decoded; of S3 in virtual-hosted style with the bucket from the host. */
  readonly labels: Readonly<Record<string, string>>
  /** The bucket was named by the host rather than the path. */
  readonly bucketInHost?: string
  readonly packed: PackedOperation
}

/** Why a request names no operation that is known. */
export interface CallProblem {
  readonly problem:
    | 'unknownService'
    | 'unknownOperation'
    | 'missingAction'
    /** The request names several operations, or nothing distinguishes the operations of its path. */
    | 'ambiguous'
    /** The name of the operation cannot be read. */
    | 'malformed'
  readonly message: string
  /** The form of the answer: the protocol that the request seems to be in, and the service if known. */
  readonly protocol: CallProtocol
  readonly service?: GuardService
}

/** An API in a protocol, and its operations so far. */
interface Known {
  readonly model: ServiceModel
  readonly routes: Map<string, GuardRoute>
}

interface GuardRoute {
  readonly service: ServiceModel
  readonly operation: OperationModel
}

const knownOf = perObject((_service: GuardService) => new Map<CallProtocol, Known>())

/**
 * The call's API in the server's general form, for faults and events: names and protocol, without shapes. The binary
 * protocol has no writer; its services are represented as JSON.
 */
export function routeOf({
  service,
  protocol,
  operation,
}: Pick<IdentifiedCall, 'service' | 'protocol' | 'operation'>): GuardRoute {
  const ofService = knownOf(service)
  let known = ofService.get(protocol)
  if (known === undefined) {
    const model = {
      id: service.id,
      title: service.title,
      derivedFrom: {},
      apiVersion: service.version,
      protocol: protocol === 'rpcV2Cbor' ? 'awsJson1_0' : protocol,
      signingName: service.signs,
      ...(service.target !== undefined && { targetPrefix: service.target }),
      global: globalServices.has(service.id),
      operations: {},
      omitted: {},
      shapes: {},
    }
    known = { model, routes: new Map() }
    ofService.set(protocol, known)
  }
  const route = known.routes.get(operation)
  if (route !== undefined) return route
  const packed = service.operation(operation)
  const [method = 'POST', uri = '/'] = packed?.http?.split(' ', 2) ?? []
  const made: GuardRoute = {
    service: known.model,
    operation: {
      name: operation,
      http: { method, uri },
      errors: [],
      ...((packed?.open || takesUnsigned.has(`${service.id}:${operation}`)) && { unsigned: true }),
    },
  }
  // names that the service does not have come from requests
  if (packed !== undefined) known.routes.set(operation, made)
  return made
}

/** Operations that come without a signature as well: from an address in a message (behaviour GRD-217). */
const takesUnsigned: ReadonlySet<string> = new Set(['sns:ConfirmSubscription', 'sns:Unsubscribe'])

/** Services of one endpoint, whose events are recorded in us-east-1 (behaviour GRD-9). */
const globalServices: ReadonlySet<string> = new Set([
  'cloudfront',
  'globalaccelerator',
  'iam',
  'importexport',
  'organizations',
  'route53',
  'route53domains',
  'shield',
  'sts',
  'waf',
])
