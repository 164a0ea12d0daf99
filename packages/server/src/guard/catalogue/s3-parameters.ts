import { perObject } from '../../base/index.ts'
import type { PackedOperation } from './packed.ts'
import { carelessNames } from './plain-request.ts'
import { hoisted, type RequestQuery } from './query.ts'
import type { GuardService } from './services.ts'

/** The parameters that distinguish S3's operations, in lower case. */
interface Marks {
  /** Parameters that make an operation: `acl`, `policy` … */
  readonly constants: ReadonlySet<string>
  /** Parameters that an operation requires, as they are spelled: `uploadId` … */
  readonly required: ReadonlyMap<string, string>
}

/** Parameters that do not change the permission, and so do not suggest another operation. */
const harmless = new Set(['list-type'])

const marksOf = perObject((service: GuardService): Marks => {
  const operations = Object.values(service.operations)
  const constants = operations.flatMap(constantsOf).filter((name) => !harmless.has(name))
  return {
    constants: new Set(constants.map((name) => name.toLowerCase())),
    required: new Map(operations.flatMap(requiredBy).map((name) => [name.toLowerCase(), name])),
  }
})

function requiredBy({ given = [] }: PackedOperation): readonly string[] {
  return given.filter((mark) => mark.startsWith('?')).map((mark) => mark.slice(1))
}

/** Names of the parameters that decide the operation. */
function constantsOf({ http = '' }: PackedOperation): readonly string[] {
  const [, constants = ''] = http.split('?', 2)
  return constants === '' ? [] : constants.split('&').map((pair) => pair.split('=', 1)[0]!)
}

/** Names that count in any lenient spelling: the query parameters that this operation reads. */
function namesReadBy({ input = {} }: PackedOperation): readonly string[] {
  return Object.entries(input).flatMap(([name, member]) =>
    member.in === 'query' && member.map === undefined ? [member.as ?? name] : [],
  )
}

/**
 * Returns whether an S3 query string names a second operation, or a parameter in an unusual spelling: `?ACL`,
 * `?x;acl`, `DELETE ?acl`. Another reader might find another operation in it (behaviour GRD-5).
 */
export function saysMore(
  service: GuardService,
  operation: PackedOperation,
  rawQuery: string,
  query: RequestQuery,
): boolean {
  if (rawQuery === '') return false
  const own = constantsOf(operation)
  const read = new Map([...own, ...namesReadBy(operation)].map((name) => [name.toLowerCase(), name]))
  const { constants, required } = marksOf(service)
  return carelessNames(rawQuery).some((name) => {
    const exact = read.get(name) ?? required.get(name)
    return exact === undefined ? constants.has(name) : !query.has(exact)
  })
}

const signature =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/

/** Returns whether a header is also in the query string, or is repeated: it would be unclear which one counts. */
export function repeatsHeaders(query: RequestQuery, headers: Readonly<Record<string, string>>): boolean {
  const seen = new Set<string>()
  for (const [name, values] of query) {
    const header = name.toLowerCase()
    if (!header.startsWith('x-amz-') || signature.test(header)) continue
    if (values.length > 1 || seen.has(header) || headers[header] !== undefined) return true
    seen.add(header)
  }
  return false
}

/** Requests that an archive is unpacked into objects: at an AWS Snowball, and at MinIO anywhere. */
const unpacking = 'x-amz-meta-snowball-auto-extract'

/** Returns whether an object would become many, under names that are unknown to the decision (behaviour GRD-41). */
export function isUnpacked(query: RequestQuery, headers: Readonly<Record<string, string>>): boolean {
  return headers[unpacking] !== undefined || hoisted(unpacking, query) !== undefined
}
