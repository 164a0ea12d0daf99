import type { HttpRequest } from '../../base/index.ts'
import type { CallProblem, IdentifiedCall } from './call.ts'
import { isOwnPage } from './own-pages.ts'
import type { CallProtocol } from './packed.ts'
import {
  addPath,
  emptyTree,
  matchPath,
  type PathMatch,
  type PathTree,
  type RequestPath,
  segmentsOf,
} from './paths.ts'
import { mediaTypesOf } from './plain-request.ts'
import { queryOf } from './query.ts'
import { isBucket, type S3Host, s3Host } from './s3-host.ts'
import { isUnpacked, repeatsHeaders, saysMore } from './s3-parameters.ts'
import { type GuardService, guardCatalogue, speaksRest } from './services.ts'
import { isHostOf, preferred } from './ties.ts'

/** Operations of S3's account-wide API that only the path shows (behaviour GRD-8). */
const s3ControlPath = /^\/v20180820\//

/** Finds the operation of a REST service that a request's method, host and path name. */
export function identifyByPath(
  request: HttpRequest,
  scope: string | undefined,
  hosts: readonly string[],
): IdentifiedCall | CallProblem {
  const found = callAt(request, scope, hosts)
  if ('problem' in found || !isOwnPage(found)) return found
  const { protocol, service } = found
  return problem('unknownOperation', `${request.rawPath} is kept for the endpoint itself`, protocol, service)
}

function callAt(
  request: HttpRequest,
  scope: string | undefined,
  hosts: readonly string[],
): IdentifiedCall | CallProblem {
  const query = queryOf(request.rawQuery)
  if (query === undefined) {
    const message = 'The path or query string cannot be read'
    if (scope === undefined || !isS3(scope)) return problem('malformed', message)
    return problem('malformed', message, 'restXml', guardCatalogue().byId.get('s3'))
  }
  const path: RequestPath = {
    method: request.method,
    segments: segmentsOf(request.rawPath),
    slash: request.rawPath.endsWith('/'),
    query,
    headers: request.headers,
  }
  const host = request.headers.host ?? ''
  if (scope === undefined) {
    const open = openOperation(path, request)
    if (open !== undefined) return open
  }
  const s3 = scope === undefined || isS3(scope) ? s3Host(host, hosts) : undefined
  const candidates = s3 === undefined ? candidatesOf(scope, request) : []
  if (scope === undefined && candidates.every(({ id }) => id.startsWith('s3'))) {
    const upload = browserUpload(request, path, s3)
    if (upload !== undefined) return upload
  }
  const at = (from: RequestPath) =>
    s3 === undefined ? ofCandidates(request, from, candidates) : identifyS3(request, from, s3)
  const found = at(path)
  if (!/%2f/i.test(request.rawPath)) return found
  return isSame(found, at(withSlashes(path, request.rawPath)))
    ? found
    : problem(
        'ambiguous',
        'The path names another operation once it is decoded',
        found.protocol,
        found.service,
      )
}

/** S3's browser-based upload, which no model has: a form that is sent to a bucket, signed inside if at all. */
function browserUpload(
  request: HttpRequest,
  { segments, query }: RequestPath,
  host: S3Host | undefined,
): IdentifiedCall | undefined {
  if (request.method !== 'POST' || query.size > 0 || !mediaTypesOf(request).includes('multipart/form-data'))
    return undefined
  const inHost = host?.api === 's3' ? host.bucket : undefined
  const [inPath, ...more] = segments
  const bucket = inHost ?? inPath
  if (bucket === undefined || more.length > 0 || (inHost !== undefined && inPath !== undefined))
    return undefined
  if (!/^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket)) return undefined
  return {
    service: guardCatalogue().byId.get('s3')!, // the catalogue has S3
    operation: 'PostObject',
    protocol: 'restXml',
    open: false,
    request,
    labels: { Bucket: bucket },
    packed: { exactness: 'exact' },
    ...(inHost === undefined ? {} : { bucketInHost: inHost }),
  }
}

/** A path as readers see it that decode it before they split it. */
function withSlashes(path: RequestPath, rawPath: string): RequestPath {
  const decoded = rawPath.replace(/%2f/gi, '/')
  return { ...path, segments: segmentsOf(decoded), slash: decoded.endsWith('/') }
}

/** Services whose ARNs contain slashes within one segment of a path, where more segments mean another operation. */
const slashedArns: ReadonlySet<string> = new Set(['s3tables'])

/** Returns whether a second reading leads to the same call, or nowhere. */
function isSame(found: IdentifiedCall | CallProblem, other: IdentifiedCall | CallProblem): boolean {
  if ('problem' in found || slashedArns.has(found.service.id)) return true
  if ('problem' in other) return other.problem === 'unknownOperation'
  return (
    found.service === other.service &&
    found.operation === other.operation &&
    Object.entries(found.labels).every(([name, value]) => other.labels[name] === value)
  )
}

function isS3(scope: string): boolean {
  return scope === 's3' || scope === 's3express' || scope === 's3-object-lambda'
}

/** The services that may be meant: those of the signature, those of the host, or S3 at last. */
function candidatesOf(scope: string | undefined, request: HttpRequest): readonly GuardService[] {
  const { all, bySignature, byId } = guardCatalogue()
  const name = scope === 's3express' ? 's3' : scope
  if (name !== undefined) return preferred((bySignature.get(name) ?? []).filter(speaksRest), request, scope)
  const hosted = all.filter((service) => speaksRest(service) && isHostOf(service, request))
  return hosted.length > 0 ? preferred(hosted, request, scope) : [byId.get('s3')!, byId.get('s3control')!]
}

function ofCandidates(
  request: HttpRequest,
  path: RequestPath,
  candidates: readonly GuardService[],
): IdentifiedCall | CallProblem {
  let best: { readonly service: GuardService; readonly match: PathMatch } | undefined
  for (const service of candidates) {
    const match = matchPath(service.paths, path)
    if (match === undefined) continue
    if (best === undefined || weightOf(match) > weightOf(best.match)) best = { service, match }
    // A host of its own decides the service, whatever others have at this path.
    if (isHostOf(service, request)) break
  }
  const service = best?.service ?? candidates[0]
  if (service === undefined) {
    return problem('unknownService', `No service is called by ${request.method} ${request.rawPath}`)
  }
  return answer(request, service, path, best?.match, {})
}

function weightOf(match: PathMatch): number {
  return typeof match === 'string' ? -1 : match.weight
}

function identifyS3(request: HttpRequest, path: RequestPath, host: S3Host): IdentifiedCall | CallProblem {
  const { byId } = guardCatalogue()
  const control =
    host.api === 's3control' ||
    (s3ControlPath.test(request.rawPath) &&
      (request.headers['x-amz-account-id'] !== undefined || host.bucket === undefined))
  if (control) {
    const service = byId.get('s3control')!
    return answer(request, service, path, matchPath(service.paths, path), {})
  }
  const service = byId.get('s3')!
  const { bucket } = host
  // Writing an answer of S3 Object Lambda goes to a host of its own, to a path that is not a bucket.
  const direct = bucket === undefined || request.rawPath === '/WriteGetObjectResponse'
  const segments = direct ? path.segments : [bucket, ...path.segments]
  const match = matchPath(service.paths, {
    ...path,
    segments,
    slash: path.slash && (direct || path.segments.length > 0),
  })
  return answer(request, service, path, match, direct ? {} : { bucketInHost: bucket })
}

function answer(
  request: HttpRequest,
  service: GuardService,
  path: RequestPath,
  match: PathMatch | undefined,
  more: { readonly bucketInHost?: string },
): IdentifiedCall | CallProblem {
  const protocol: CallProtocol = service.speaks.includes('restXml') ? 'restXml' : 'restJson'
  const asked = `${request.method} ${request.rawPath}`
  if (match === undefined)
    return problem('unknownOperation', `${service.title} has no operation ${asked}`, protocol, service)
  if (match === 'malformed')
    return problem('malformed', 'The path contains a malformed percent encoding', protocol, service)
  if (match === 'ambiguous') {
    return problem(
      'ambiguous',
      `${asked} names more than one operation of ${service.title}`,
      protocol,
      service,
    )
  }
  const name = ofExpress(match.name, request)
  const packed = service.operation(name)! // the tree is made of them
  if (isS3(service.signs)) {
    if (match.labels.Bucket !== undefined && !isBucket(match.labels.Bucket))
      return problem('malformed', 'The specified bucket is not valid.', protocol, service)
    if (
      saysMore(service, packed, request.rawQuery, path.query) ||
      repeatsHeaders(path.query, request.headers) ||
      isUnpacked(path.query, request.headers)
    )
      return problem('ambiguous', `${asked} names more than one operation of S3`, protocol, service)
  }
  return {
    service,
    operation: name,
    protocol,
    open: packed.open === true,
    request,
    labels: match.labels,
    packed,
    ...more,
  }
}

/** S3 Express lists its buckets at a host of its own, and by nothing else. */
function ofExpress(name: string, request: HttpRequest): string {
  const express = name === 'ListBuckets' && /(?:^|\.)s3express-control\./i.test(request.headers.host ?? '')
  return express ? 'ListDirectoryBuckets' : name
}

let openPaths: { readonly tree: PathTree; readonly services: ReadonlyMap<string, GuardService> } | undefined

/** An operation that is called without a signature, at a path that is its own. */
function openOperation(path: RequestPath, request: HttpRequest): IdentifiedCall | undefined {
  if (openPaths === undefined) {
    const tree = emptyTree()
    const services = new Map<string, GuardService>()
    for (const service of guardCatalogue().all) {
      for (const [name, http] of Object.entries(service.open ?? {})) {
        addPath(tree, `${service.id}:${name}`, http, [])
        services.set(service.id, service)
      }
    }
    openPaths = { tree, services }
  }
  const match = matchPath(openPaths.tree, path)
  if (match === undefined || typeof match === 'string' || match.weight < 1) return undefined
  const [id = '', operation = ''] = match.name.split(':')
  const service = openPaths.services.get(id)! // the tree is made of them
  return {
    service,
    operation,
    protocol: 'restJson',
    open: true,
    request,
    labels: match.labels,
    packed: service.operation(operation)!, // the index is made of the sections
  }
}

function problem(
  kind: CallProblem['problem'],
  message: string,
  protocol: CallProtocol = 'restJson',
  service?: GuardService,
): CallProblem {
  return { problem: kind, message, protocol, ...(service !== undefined && { service }) }
}
