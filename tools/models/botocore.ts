import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type {
  Member,
  OperationModel,
  Protocol,
  ServiceModel,
  Shape,
} from '../../packages/server/src/model/index.ts'
import type { Service } from './services.ts'

/** What is read of a botocore model; its documentation is left where it is. */
export interface RawModel {
  readonly metadata: {
    readonly apiVersion: string
    readonly protocol: string
    readonly protocols?: readonly string[]
    readonly awsQueryCompatible?: object
    readonly serviceId: string
    readonly serviceFullName: string
    readonly endpointPrefix: string
    readonly signingName?: string
    readonly jsonVersion?: string
    readonly targetPrefix?: string
    readonly xmlNamespace?: string
  }
  readonly operations: Readonly<Record<string, RawOperation>>
  readonly shapes: Readonly<Record<string, RawShape>>
}
interface RawOperation {
  readonly name: string
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  readonly input?: { readonly shape: string }
  readonly output?: { readonly shape: string; readonly resultWrapper?: string }
  readonly errors?: readonly { readonly shape: string }[]
  readonly authtype?: string
}
interface RawMember extends Omit<Member, 'xmlNamespace'> {
  readonly documentation?: string
  readonly xmlNamespace?: { readonly uri: string }
}
interface RawShape {
  readonly type: string
  readonly members?: Readonly<Record<string, RawMember>>
  readonly member?: RawMember
  readonly key?: RawMember
  readonly value?: RawMember
  readonly required?: readonly string[]
  readonly payload?: string
  readonly union?: boolean
  readonly exception?: boolean
  /** A structure of no members that is any JSON. */
  readonly document?: boolean
  readonly fault?: boolean
  readonly error?: {
    readonly code?: string
    readonly httpStatusCode?: number
    readonly senderFault?: boolean
  }
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly min?: number
  readonly max?: number
  readonly sensitive?: boolean
  readonly flattened?: boolean
  readonly streaming?: boolean
  readonly timestampFormat?: 'iso8601' | 'rfc822' | 'unixTimestamp'
  readonly xmlNamespace?: { readonly uri: string }
}

/** The newest botocore that an installed Python can import. */
export interface Botocore {
  readonly version: string
  read(service: Service): ServiceModel
  /** The newest model of every service there is. */
  all(): readonly { readonly folder: string; readonly model: RawModel }[]
}

/** Finds it; throws where no Python on the PATH has one. */
export function botocore(): Botocore {
  const ask = 'import botocore, os; print(botocore.__version__); print(os.path.dirname(botocore.__file__))'
  const found = ['python3', '/usr/bin/python3'].flatMap((python) => {
    const [version, directory] = (spawnSync(python, ['-c', ask], { encoding: 'utf8' }).stdout ?? '').split(
      '\n',
    )
    return version && directory ? [{ version, data: join(directory, 'data') }] : []
  })
  found.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))
  const newest = found[0]
  if (!newest) throw new Error('no botocore: install python3-botocore or `pip install botocore`')
  return {
    version: newest.version,
    read: (service) => modelOf(readRaw(newest.data, service.id), service, newest.version),
    all: () =>
      readdirSync(newest.data, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => ({ folder: entry.name, model: readRaw(newest.data, entry.name) })),
  }
}

function readRaw(data: string, folder: string): RawModel {
  const version = readdirSync(join(data, folder)).sort().at(-1)
  if (!version) throw new Error(`no model in ${folder}`)
  const file = join(data, folder, version, 'service-2.json')
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8')
  return JSON.parse(text) as RawModel // the format is botocore's promise; what we rely on is written above
}

function modelOf(raw: RawModel, service: Service, version: string): ServiceModel {
  const { metadata } = raw
  return {
    id: service.id,
    title: metadata.serviceFullName,
    derivedFrom: { botocore: version },
    apiVersion: metadata.apiVersion,
    protocol: protocolOf(metadata),
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    ...(metadata.xmlNamespace && { xmlNamespace: metadata.xmlNamespace }),
    global: service.global,
    operations: mapValues(raw.operations, operationOf),
    omitted: {},
    shapes: mapValues(raw.shapes, (shape, name) => shapeOf(shape, name)),
  }
}

/** Our name of the protocol that the metadata tell. */
export function protocolOf(metadata: RawModel['metadata']): Protocol {
  switch (metadata.protocol) {
    case 'query':
      return 'awsQuery'
    case 'ec2':
      return 'ec2Query'
    case 'json':
      return metadata.jsonVersion === '1.0' ? 'awsJson1_0' : 'awsJson1_1'
    case 'rest-xml':
      return 'restXml'
    default:
      return 'restJson' // smithy-rpc-v2-cbor too: such a service is only named, never served
  }
}

function operationOf(raw: RawOperation): OperationModel {
  const { method, requestUri, responseCode } = raw.http
  return {
    name: raw.name,
    http: { method, uri: requestUri, ...(responseCode && responseCode !== 200 && { status: responseCode }) },
    ...(raw.input && { input: raw.input.shape }),
    ...(raw.output && { output: raw.output.shape }),
    ...(raw.output?.resultWrapper && { resultWrapper: raw.output.resultWrapper }),
    errors: (raw.errors ?? []).map((error) => error.shape),
    ...(raw.authtype === 'none' && { unsigned: true }),
  }
}

function memberOf(raw: RawMember): Member {
  return {
    shape: raw.shape,
    ...pick(raw, [
      'locationName',
      'queryName',
      'location',
      'flattened',
      'xmlAttribute',
      'streaming',
      'timestampFormat',
      'idempotencyToken',
    ]),
  }
}

function shapeOf(raw: RawShape, name: string): Shape {
  const sensitive = raw.sensitive && { sensitive: true }
  const bounds = pick(raw, ['min', 'max'])
  if (raw.document === true) return { type: 'document', ...sensitive }
  switch (raw.type) {
    case 'structure':
      return {
        type: 'structure',
        members: mapValues(raw.members ?? {}, memberOf),
        ...(raw.required?.length && { required: raw.required }),
        ...pick(raw, ['payload', 'union']),
        ...(raw.exception && { error: errorOf(raw, name) }),
        ...sensitive,
        ...(raw.xmlNamespace && { xmlNamespace: raw.xmlNamespace.uri }),
      }
    case 'list':
      return {
        type: 'list',
        member: memberOf(raw.member!),
        ...pick(raw, ['flattened']),
        ...bounds,
        ...sensitive,
      }
    case 'map':
      return {
        type: 'map',
        key: memberOf(raw.key!),
        value: memberOf(raw.value!),
        ...pick(raw, ['flattened']),
        ...bounds,
        ...sensitive,
      }
    case 'string':
    case 'character':
      return { type: 'string', ...pick(raw, ['enum', 'pattern']), ...bounds, ...sensitive }
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return { type: raw.type, ...bounds, ...sensitive }
    case 'boolean':
      return { type: 'boolean', ...sensitive }
    case 'blob':
      return { type: 'blob', ...pick(raw, ['streaming']), ...bounds, ...sensitive }
    case 'timestamp':
      return { type: 'timestamp', ...pick(raw, ['timestampFormat']), ...sensitive }
    default:
      throw new Error(`shape ${name} is a ${raw.type}`)
  }
}

function errorOf(raw: RawShape, name: string): { code: string; status: number; sender: boolean } {
  const status = raw.error?.httpStatusCode ?? (raw.fault ? 500 : 400)
  return { code: raw.error?.code ?? name, status, sender: !raw.fault && status < 500 }
}

/** A record with the same keys and other values. */
export function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  to: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]))
}

function pick<T, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]?: Exclude<T[P], undefined> } {
  const picked: { [P in K]?: Exclude<T[P], undefined> } = {}
  for (const key of keys) {
    const value = from[key]
    if (value !== undefined) picked[key] = value as Exclude<T[K], undefined> // just compared
  }
  return picked
}
