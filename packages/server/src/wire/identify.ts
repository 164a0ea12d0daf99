import { Fault, type HttpRequest, isBearer } from '../base/index.ts'
import { findOperation, type ServiceModel } from '../model/index.ts'
import { commonFault, notImplemented } from './common-fault.ts'
import { dialectOfProtocol } from './dialect.ts'
import { outermost } from './query/form.ts'
import { wantsJson } from './query/json.ts'
import { pathMatcher } from './rest/path.ts'
import type { Identified } from './types.ts'
import { knownByName, knownByTarget, knownByVersion, notServed, scopeNamed } from './unserved.ts'

/** Returns the function that finds the operation of a request among these services. */
export function createIdentify(services: readonly ServiceModel[]): (request: HttpRequest) => Identified {
  const query = queryRouter(services)
  const json = jsonRouter(services)
  const rest = restRouter(services)
  return (request) => {
    const target = request.headers['x-amz-target']
    if (target !== undefined) return json(target, request)
    if (!looksLikeForm(request)) return rest(request)
    const identified = query(request)
    return wantsJson(request) ? inJson(identified) : identified
  }
}

/** Returns the awsQuery operation with an answer in JSON; EC2 has no JSON. */
function inJson(identified: Identified): Identified {
  if ('fault' in identified)
    return identified.dialect === 'query' ? { ...identified, dialect: 'queryJson' } : identified
  const { route } = identified
  return route.service.protocol === 'awsQuery' ? { route: { ...route, json: true } } : identified
}

/** Query requests have the path `/`, and their parameters in the query string or in a form. */
function looksLikeForm(request: HttpRequest): boolean {
  if (request.rawPath !== '/' && request.rawPath !== '') return false
  const contentType = request.headers['content-type'] ?? ''
  if (contentType.startsWith('application/x-www-form-urlencoded')) return true
  return (
    /(?:^|&)(?:Action|Version)=/.test(request.rawQuery) || (contentType === '' && request.method === 'POST')
  )
}

function queryRouter(services: readonly ServiceModel[]): (request: HttpRequest) => Identified {
  const served = services.filter(({ protocol }) => protocol === 'awsQuery' || protocol === 'ec2Query')
  const byVersion = new Map(
    served.flatMap((service) => versionsOf(service).map((version) => [version, service])),
  )
  return (request) => {
    let named: { readonly Action?: string; readonly Version?: string }
    try {
      named = outermost(request, ['Action', 'Version'])
    } catch (thrown) {
      if (thrown instanceof Fault) return { fault: thrown, dialect: 'query' }
      throw thrown
    }
    const { Action: action, Version: version } = named
    const service = version === undefined ? undefined : byVersion.get(version)
    if (!action) {
      const fault = new Fault(
        'MissingAction',
        'The request is missing an action or a required parameter.',
        400,
      )
      return { fault, dialect: service ? dialectOfProtocol(service.protocol) : 'query' }
    }
    if (service) {
      const operation = findOperation(service, action)
      if (operation) return { route: { service, operation, labels: {} } }
      const dialect = dialectOfProtocol(service.protocol)
      if (Object.hasOwn(service.omitted, action))
        return { fault: notImplemented(dialect, service.id, action), dialect }
      return { fault: unknownAction(service, action, version), dialect }
    }
    const known = version === undefined ? undefined : knownByVersion(version)
    if (known) {
      const dialect = known.protocol === 'ec2Query' ? 'ec2' : 'query'
      return { fault: notServed(dialect, known, action), dialect }
    }
    const likely = served.find((candidate) => findOperation(candidate, action))
    return {
      fault: unknownAction(likely, action, version),
      dialect: likely ? dialectOfProtocol(likely.protocol) : 'query',
    }
  }
}

/** Versions of EC2 that AWS's SDKs used before the one that is served (behaviour WIRE-26). */
const olderEc2 = [
  '2014-09-01',
  '2014-10-01',
  '2015-03-01',
  '2015-04-15',
  '2015-10-01',
  '2016-04-01',
  '2016-09-15',
] as const

function versionsOf({ apiVersion, protocol }: ServiceModel): readonly string[] {
  return protocol === 'ec2Query' ? [...olderEc2, apiVersion] : [apiVersion]
}

/** Behaviours WIRE-21 and WIRE-22. */
function unknownAction(
  service: ServiceModel | undefined,
  action: string,
  version: string | undefined,
): Fault {
  const message =
    service?.protocol === 'ec2Query'
      ? `The action ${action} is not valid for this web service.`
      : `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`
  return new Fault('InvalidAction', message, 400)
}

function jsonRouter(services: readonly ServiceModel[]): (target: string, request: HttpRequest) => Identified {
  const byPrefix = new Map<string, ServiceModel>()
  for (const service of services) {
    if (service.targetPrefix === undefined) continue
    byPrefix.set(service.targetPrefix, service)
    // CloudTrail's prefix is a Java name in one SDK's model and the last part of it in another's (behaviour WIRE-23).
    byPrefix.set(service.targetPrefix.slice(service.targetPrefix.lastIndexOf('.') + 1), service)
  }
  return (target, request) => {
    const dot = target.lastIndexOf('.')
    const [prefix, name] = [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)]
    const service = byPrefix.get(prefix)
    if (service) {
      const operation = findOperation(service, name)
      if (operation) return { route: { service, operation, labels: {} } }
      const dialect = dialectOfProtocol(service.protocol)
      if (Object.hasOwn(service.omitted, name))
        return { fault: notImplemented(dialect, service.id, name), dialect }
      return {
        fault: commonFault(dialect, 'unknownOperation', `${service.id} has no operation ${name}`),
        dialect,
      }
    }
    const dialect = request.headers['content-type']?.includes('json-1.0') ? 'json10' : 'json11'
    const known = knownByTarget(prefix)
    if (known) return { fault: notServed(dialect, known, name), dialect }
    return { fault: commonFault(dialect, 'unknownOperation', `No service has the target ${target}`), dialect }
  }
}

/**
 * Whether a request may be for an operation without a signature: a signed one is for a bucket of this name, and the portal is
 * asked with a bearer token (behaviour SSO-65).
 */
function isUnsigned({ id }: ServiceModel, { headers, rawQuery }: HttpRequest): boolean {
  if (id === 'sso' && headers['x-amz-sso_bearer_token'] === undefined) return false
  if (id === 'account-access-runtime') {
    const { authorization } = headers
    return authorization === undefined ? /(?:^|&)tenantId=/.test(rawQuery) : isBearer(authorization)
  }
  return headers.authorization === undefined && !rawQuery.includes('X-Amz-Signature=')
}

/** The paths of a REST service, compiled at the first request of a REST protocol. */
function matcherOf(service: ServiceModel): ReturnType<typeof pathMatcher> {
  let match: ReturnType<typeof pathMatcher> | undefined
  return (method, path, rawQuery) => {
    match ??= pathMatcher(service)
    return match(method, path, rawQuery)
  }
}

function restRouter(services: readonly ServiceModel[]): (request: HttpRequest) => Identified {
  const served = services
    .filter(({ protocol }) => protocol === 'restJson' || protocol === 'restXml')
    .map((service) => ({ service, match: matcherOf(service) }))
  const ids = new Set<string>(services.map(({ id }) => id))
  return (request) => {
    const all = served.flatMap(({ service, match }) => {
      const found = match(request.method, request.rawPath, request.rawQuery)
      if (found === undefined) return []
      const isOther = found.kind === 'operation' && found.operation.unsigned === true
      return isOther && !isUnsigned(service, request) ? [] : [{ service, found }]
    })
    const [first] = all
    if (first !== undefined) {
      // of APIs that share a path, the one that is signed for (behaviour SSO-190)
      const scope = all.length > 1 ? scopeNamed(request) : undefined
      const { service, found } = all.find((each) => each.service.signingName === scope) ?? first
      const dialect = dialectOfProtocol(service.protocol)
      if (found.kind === 'operation')
        return { route: { service, operation: found.operation, labels: found.labels } }
      if (found.kind === 'omitted') return { fault: notImplemented(dialect, service.id, found.name), dialect }
      return {
        fault: commonFault(dialect, 'malformed', 'The path contains a malformed percent encoding'),
        dialect,
      }
    }
    const known = knownByName(request)
    if (known) {
      const dialect = dialectOfProtocol(known.protocol)
      if (!ids.has(known.id)) return { fault: notServed(dialect, known), dialect }
      const message = `No operation of ${known.title} is called by ${request.method} ${request.rawPath}`
      return { fault: commonFault(dialect, 'unknownOperation', message), dialect }
    }
    const message = `No operation that Omen serves is called by ${request.method} ${request.rawPath}`
    return { fault: commonFault('restJson', 'unknownOperation', message), dialect: 'restJson' }
  }
}
