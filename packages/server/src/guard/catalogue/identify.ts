import { Fault, type HttpRequest } from '../../base/index.ts'
import { outermost } from '../../wire/index.ts'
import { withPlainBody } from './body.ts'
import type { CallProblem, IdentifiedCall } from './call.ts'
import { scopeOf } from './hint.ts'
import { Unreadable } from './input.ts'
import type { CallProtocol } from './packed.ts'
import {
  bringsBody,
  hasPlainTarget,
  isForm,
  isOtherCharset,
  mayBeForm,
  ownParameters,
  takesHeadersBack,
} from './plain-request.ts'
import { isQueuePath } from './queue-url.ts'
import { identifyByPath } from './rest.ts'
import { type GuardService, guardCatalogue, speaksQuery } from './services.ts'
import { preferred } from './ties.ts'

/** The guard's own settings that matter when it reads a request. */
export interface IdentifyOptions {
  /** Hosts before which a label is an S3 bucket: `localhost` makes `bucket.localhost` one. */
  readonly hosts?: readonly string[]
}

const binaryPath = /^\/service\/([\w.]+)\/operation\/(\w+)\/?$/

/**
 * Finds the service and operation of a request: by target, by Action and Version, or by method, host and path. The
 * route decides; the credential scope breaks ties between services of one path (behaviours GRD-1 to GRD-8). Only the
 * bodies of forms are read.
 */
export function identifyCall(
  request: HttpRequest,
  { hosts = ['localhost'] }: IdentifyOptions = {},
): IdentifiedCall | CallProblem {
  const scope = scopeOf(request)
  const binary = request.headers['smithy-protocol'] === 'rpc-v2-cbor'
  const target = request.headers['x-amz-target']
  const form = looksLikeForm(request, scope)
  if (!hasPlainTarget(request) || takesHeadersBack(request)) {
    const message = 'The path, the query string or the headers cannot be read in one way'
    if (binary) return problem('malformed', message, 'rpcV2Cbor')
    if (target !== undefined) return problem('malformed', message, 'awsJson1_0')
    return form ? problem('malformed', message, 'awsQuery') : ofPath('malformed', message, scope)
  }
  if (Number(binary) + Number(target !== undefined) + Number(form) > 1) {
    return problem('ambiguous', 'The request names its operation in more than one protocol', 'awsJson1_0')
  }
  if (binary) return onlyNamed(request) ?? identifyBinary(request)
  if (target !== undefined) return onlyNamed(request) ?? identifyByTarget(request, target, scope)
  if (form) return wellFormed(request) ?? identifyForm(request, scope)
  const more = ownParameters(request).includes('Action')
  if (more) return ofPath('ambiguous', 'The request names an Action beside its path', scope)
  return identifyByPath(request, scope, hosts)
}

/** A call named by target or path must name nothing else: not in its path, its query string or as a form. */
function onlyNamed(request: HttpRequest): CallProblem | undefined {
  const protocol = request.headers['x-amz-target'] === undefined ? 'rpcV2Cbor' : 'awsJson1_0'
  const atPath = protocol === 'awsJson1_0' && request.rawPath !== '/' && !isAtQueue(request)
  if (atPath || mayBeForm(request) || ownParameters(request).length > 0)
    return problem('ambiguous', 'The request names its operation in more than one protocol', protocol)
  return isOtherCharset(request) ? problem('malformed', 'The body is not in UTF-8', protocol) : undefined
}

/** Some SDKs send a call of SQS to the queue's own URL, which its body names as well. */
function isAtQueue({ rawPath, headers }: HttpRequest): boolean {
  return headers['x-amz-target']?.startsWith('AmazonSQS.') === true && isQueuePath(rawPath)
}

/** A form has the form's media type and no other, at a path that belongs to no other protocol. */
function wellFormed(request: HttpRequest): CallProblem | undefined {
  if (!isForm(request) && (bringsBody(request) || mayBeForm(request)))
    return problem('malformed', 'A body with an Action must be a form', 'awsQuery')
  // readers take one of the two, or both (behaviour GRD-261)
  if (request.body.length > 0 && ownParameters(request).length > 0)
    return problem('ambiguous', 'The request has parameters in its query string and in its body', 'awsQuery')
  return isOtherCharset(request) ? problem('malformed', 'The body is not in UTF-8', 'awsQuery') : undefined
}

/** Returns whether the operation's name is in the body: a form must be read before the call is known. */
export function bodyTellsOperation(request: HttpRequest): boolean {
  return (
    request.headers['x-amz-target'] === undefined &&
    looksLikeForm(request, scopeOf(request)) &&
    isForm(request)
  )
}

/** Query requests go to `/` or, to SQS, to a queue's URL; with parameters in the query string or in a form. */
function looksLikeForm(request: HttpRequest, scope: string | undefined): boolean {
  if (request.method !== 'POST' && request.method !== 'GET') return false
  const names = ownParameters(request)
  const inQuery = names.includes('Action')
  const signed = scope === undefined ? undefined : guardCatalogue().bySignature.get(scope)
  if (signed !== undefined) return signed.some(speaksQuery) && (inQuery || isForm(request))
  return (inQuery && (names.includes('Version') || isMailed(request, names))) || isForm(request)
}

/** The parameters of the addresses by which Amazon SNS lets a subscriber confirm and end: they name no version. */
const mailed: ReadonlySet<string> = new Set([
  ...['Action', 'AuthenticateOnUnsubscribe', 'SubscriptionArn', 'Token', 'TopicArn'],
])

/** Returns whether a request has the form of such an address (behaviour GRD-217). */
function isMailed({ method, rawPath }: HttpRequest, names: readonly string[]): boolean {
  return method === 'GET' && rawPath === '/' && names.every((name) => mailed.has(name))
}

function identifyForm(request: HttpRequest, scope: string | undefined): IdentifiedCall | CallProblem {
  let action: string | undefined
  let version: string | undefined
  try {
    const named = outermost(withPlainBody(request), ['Action', 'Version'])
    action = named.Action
    version = named.Version
  } catch (thrown) {
    if (!(thrown instanceof Fault || thrown instanceof Unreadable)) throw thrown
    return problem('malformed', thrown.message, 'awsQuery')
  }
  const { byVersion, bySignature } = guardCatalogue()
  const dated = version === undefined ? [] : (byVersion.get(version) ?? [])
  const isOfSns = version === undefined && /^(?:ConfirmSubscription|Unsubscribe)$/.test(action ?? '')
  const signs = scope ?? (isOfSns ? 'sns' : undefined)
  // Older SDKs send versions that the newest models have left behind.
  const candidates =
    dated.length > 0 || signs === undefined ? dated : (bySignature.get(signs) ?? []).filter(speaksQuery)
  const protocol = candidates[0]?.speaks.includes('ec2Query') ? 'ec2Query' : 'awsQuery'
  if (!action) {
    return problem(
      'missingAction',
      'The request is missing an action or a required parameter.',
      protocol,
      candidates[0],
    )
  }
  const found = candidates.filter((service) => service.operation(action) !== undefined)
  const [service] = preferred(found, request, scope)
  if (service === undefined) {
    const message = `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`
    const kind = candidates.length === 0 ? 'unknownService' : 'unknownOperation'
    return problem(kind, message, protocol, candidates[0])
  }
  if (request.rawPath !== '/' && service.id !== 'sqs')
    return problem('ambiguous', 'The request names an Action beside its path', protocol, service)
  return identified(service, action, protocol, request)
}

function identifyByTarget(
  request: HttpRequest,
  target: string,
  scope: string | undefined,
): IdentifiedCall | CallProblem {
  const protocol = request.headers['content-type']?.includes('json-1.0') ? 'awsJson1_0' : 'awsJson1_1'
  const dot = target.lastIndexOf('.')
  const [prefix, name] = [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)]
  const candidates = guardCatalogue().byTarget.get(prefix) ?? []
  const found = candidates.filter((service) => service.operation(name) !== undefined)
  const [service] = preferred(found, request, scope)
  if (request.method !== 'POST' || service === undefined) {
    const known = candidates[0]
    return known === undefined
      ? problem('unknownService', `No service has the target ${target}`, protocol)
      : problem('unknownOperation', `${known.title} has no operation ${name}`, protocol, known)
  }
  if (request.rawPath !== '/' && service.operation(name)?.input?.QueueUrl === undefined)
    return problem(
      'ambiguous',
      'The request names a queue that its operation is not about',
      protocol,
      service,
    )
  return identified(service, name, jsonOf(service, protocol), request)
}

/** The JSON protocol in which a service answers, whatever the request's content type is. */
function jsonOf({ speaks }: GuardService, asked: CallProtocol): CallProtocol {
  return speaks.find((protocol) => protocol === 'awsJson1_0' || protocol === 'awsJson1_1') ?? asked
}

function identifyBinary(request: HttpRequest): IdentifiedCall | CallProblem {
  const match = request.method === 'POST' ? binaryPath.exec(request.rawPath) : null
  const [, target = '', name = ''] = match ?? []
  const service = guardCatalogue()
    .byTarget.get(target)
    ?.find(({ speaks }) => speaks.includes('rpcV2Cbor'))
  if (service === undefined)
    return problem('unknownService', `No service is called by ${request.rawPath}`, 'rpcV2Cbor')
  if (service.operation(name) === undefined) {
    return problem('unknownOperation', `${service.title} has no operation ${name}`, 'rpcV2Cbor', service)
  }
  return identified(service, name, 'rpcV2Cbor', request)
}

function identified(
  service: GuardService,
  operation: string,
  protocol: CallProtocol,
  request: HttpRequest,
): IdentifiedCall {
  const packed = service.operation(operation)! // callers looked it up
  return { service, operation, protocol, open: packed.open === true, request, labels: {}, packed }
}

/** The protocol of a call that only its path can name: S3's clients read faults only in XML. */
function ofPath(kind: CallProblem['problem'], message: string, scope: string | undefined): CallProblem {
  if (scope !== 's3' && scope !== 's3express') return problem(kind, message, 'restJson')
  return problem(kind, message, 'restXml', guardCatalogue().byId.get('s3'))
}

function problem(
  kind: CallProblem['problem'],
  message: string,
  protocol: CallProtocol,
  service?: GuardService,
): CallProblem {
  return { problem: kind, message, protocol, ...(service !== undefined && { service }) }
}
