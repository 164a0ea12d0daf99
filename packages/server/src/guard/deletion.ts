import { createHash } from 'node:crypto'
import {
  type AccessRequest,
  authorize,
  budgetFor,
  type Call,
  type Judged,
  type Verdict,
} from '../authorization/index.ts'
import type { Fault } from '../base/index.ts'
import { escapeXml, parseXml, type XmlElement } from '../wire/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'

/** An S3 call and its questions. */
interface DeletionAsking {
  readonly found: IdentifiedCall
  readonly requests: readonly AccessRequest[]
  readonly call: Call
}

/** The rest of a call of several members, some of which are refused: the service answers for each (behaviours GRD-110, GRD-226). */
export interface Remainder {
  /** The requests that were allowed. */
  readonly asked: readonly AccessRequest[]
  /** Of the first member that was not. */
  readonly verdict: Verdict
  /** The body for the remaining members; undefined if none remain. */
  readonly body: Uint8Array | undefined
  /** Headers that change with it; undefined ones are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The upstream's answer, with the refused members added. */
  answer(upstreams: string): string
  /** The media type of the answer. */
  readonly type: string
  /** The refusal of the whole, with a reason for each member. */
  readonly fault?: Fault
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/**
 * Decides on each object separately. @param because why a denied object is not deleted @returns
 * undefined if all objects are allowed, or the call is not a deletion of several objects
 */
export function deletionOf(
  { found, requests, call }: DeletionAsking,
  because: (denied: Judged) => string,
): Remainder | undefined {
  if (found.operation !== 'DeleteObjects' || found.service.id !== 's3') return undefined
  const refused = new Map<string, string>()
  const asked: AccessRequest[] = []
  let verdict: Verdict | undefined
  const budget = budgetFor(requests.length)
  for (const access of requests) {
    const one = authorize([access], call, budget)
    if (one.denied === undefined) {
      asked.push(access)
      continue
    }
    // the key follows the bucket's ARN
    refused.set(access.resource, because(one.denied))
    if (verdict === undefined || verdict.allowed) verdict = one
  }
  if (verdict === undefined) return undefined
  const objects = objectsIn(found)
  const begins = `arn:${call.account.partition}:s3:::${found.labels.Bucket}/`
  const resourceOf = (object: XmlElement) => begins + (textOf(object, 'Key') ?? '')
  const becauseOf = (object: XmlElement) => refused.get(resourceOf(object))
  // a refusal that belongs to no single object, such as an access point's, refuses all of them
  const known = new Set(objects.map(resourceOf))
  if (![...refused.keys()].every((resource) => known.has(resource))) return undefined
  const left = objects.filter((object) => becauseOf(object) === undefined)
  const errors = objects
    .flatMap((object) => {
      const because = becauseOf(object)
      return because === undefined ? [] : [errorOf(object, because)]
    })
    .join('')
  const body = left.length === 0 ? undefined : Buffer.from(deleteOf(found, left))
  return {
    asked: asked.filter(({ resource }) => !refused.has(resource)),
    verdict,
    body,
    headers: headersOf(found, body),
    type: 'application/xml',
    answer: (upstreams) => merged(upstreams, errors),
  }
}

function objectsIn({ request }: IdentifiedCall): readonly XmlElement[] {
  // it was read when the questions were made
  const root = parseXml(Buffer.from(request.body).toString('utf8').replace(/\r\n?/g, '\n'))
  return (root?.children ?? []).filter(({ name }) => name === 'Object')
}

function textOf({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text
}

function deleteOf({ request }: IdentifiedCall, objects: readonly XmlElement[]): string {
  const isQuiet = /<Quiet>\s*true\s*<\/Quiet>/.test(Buffer.from(request.body).toString('utf8'))
  const quiet = isQuiet ? '<Quiet>true</Quiet>' : ''
  return `<Delete xmlns="${namespace}">${objects.map(written).join('')}${quiet}</Delete>`
}

function written({ children }: XmlElement): string {
  const members = children.map(({ name, text }) => `<${name}>${escapeXml(text)}</${name}>`)
  return `<Object>${members.join('')}</Object>`
}

/** Checksums and hashes of a body that is another now. */
function headersOf({ request }: IdentifiedCall, body: Uint8Array | undefined) {
  const stale = Object.keys(request.headers).filter((name) =>
    /^(?:content-md5|accept-encoding|x-amz-(?:checksum-|sdk-checksum-|trailer))/.test(name),
  )
  const md5 = createHash('md5')
    .update(body ?? '')
    .digest('base64')
  return { ...Object.fromEntries(stale.map((name) => [name, undefined])), 'content-md5': md5 }
}

function errorOf(object: XmlElement, because: string): string {
  const version = textOf(object, 'VersionId')
  return (
    `<Error><Key>${escapeXml(textOf(object, 'Key') ?? '')}</Key>` +
    (version === undefined ? '' : `<VersionId>${escapeXml(version)}</VersionId>`) +
    `<Code>AccessDenied</Code><Message>${escapeXml(because)}</Message></Error>`
  )
}

/** An answer with further errors, before its end. */
function merged(upstreams: string, errors: string): string {
  const end = upstreams.lastIndexOf('</DeleteResult>')
  if (end >= 0) return upstreams.slice(0, end) + errors + upstreams.slice(end)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="${namespace}">${errors}</DeleteResult>`
}
