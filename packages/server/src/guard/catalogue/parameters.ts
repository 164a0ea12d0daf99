import { Fault, type HttpRequest } from '../../base/index.ts'
import {
  formOf,
  isMoreThan,
  isWithinLimits,
  parseXml,
  wireLimits,
  type XmlElement,
} from '../../wire/index.ts'
import { longestBody, mayBeCompressed, withPlainBody } from './body.ts'
import type { IdentifiedCall } from './call.ts'
import { mostValues, readCbor } from './cbor.ts'
import { checkElsewhere } from './elsewhere.ts'
import { readFormMembers } from './form.ts'
import { asRecord, type Input, textsAt, Unreadable } from './input.ts'
import { outermostNames, repeatsNames } from './json-names.ts'
import type { PackedMember, PackedMembers } from './packed.ts'
import { mayBeForm, mediaTypesOf } from './plain-request.ts'
import { hoisted, queryOf, type RequestQuery } from './query.ts'
import { isAtPath, isQueuePath } from './queue-url.ts'
import { readSqsForm } from './sqs-form.ts'
import { readValueMembers } from './value.ts'
import { readXmlMembers } from './xml.ts'

/** Returns whether a call's permissions are unknown without its body. */
export function readsBody({ protocol, packed }: IdentifiedCall): boolean {
  if (protocol === 'awsQuery' || protocol === 'ec2Query') return true
  return Object.values(packed.input ?? {}).some(isInBody)
}

function isInBody({ in: place }: PackedMember): boolean {
  return place === undefined || place === 'payload'
}

/**
 * The members of a call's input that authorization reads, by the model's names; every value is a text. @throws
 * Unreadable if they are malformed, or given twice with different values
 */
export function readInput(call: IdentifiedCall): Input {
  if (last?.call !== call) last = { call, input: read(call) }
  return last.input
}

/** The last result: a call's permissions and its event are asked for in a row. */
let last: { readonly call: IdentifiedCall; readonly input: Input } | undefined

function read(call: IdentifiedCall): Input {
  const members = call.packed.input
  if (members === undefined) return {}
  const { protocol } = call
  const request = mayBeCompressed(call) ? withPlainBody(call.request) : call.request
  switch (protocol) {
    case 'awsQuery':
    case 'ec2Query': {
      const form = formTree(request)
      if (call.service.id !== 'sqs') return readFormMembers(members, form, protocol === 'ec2Query')
      const input = readSqsForm(members, form)
      return members.QueueUrl === undefined ? input : withQueue(input, request, false)
    }
    case 'awsJson1_0':
    case 'awsJson1_1': {
      const value = isBinary(request) ? cborOf(request.body) : jsonOf(request.body)
      const input = readValueMembers(members, value)
      return call.service.id === 'sqs' ? withQueue(input, request, true) : input
    }
    case 'rpcV2Cbor':
      return readValueMembers(members, cborOf(request.body))
    case 'restJson':
    case 'restXml': {
      const body =
        protocol === 'restXml' ? readXmlBody(members, request) : readJsonBody(call, members, request)
      const input = { ...body.input, ...readOutside(members, call) }
      checkElsewhere(call, input, body.given)
      return input
    }
  }
}

/** SDKs may send SQS's calls to the queue's own URL; the older ones with or without naming it again. */
function withQueue(input: Input, { rawPath }: HttpRequest, twice: boolean): Input {
  if (rawPath === '/') return input
  const [named] = textsAt(input, ['QueueUrl'])
  if (named === undefined ? twice : named !== rawPath && !(isQueuePath(rawPath) && isAtPath(named, rawPath)))
    throw new Unreadable('Two queues are named')
  return { ...input, QueueUrl: rawPath }
}

function formTree(request: HttpRequest): ReturnType<typeof formOf> {
  const { rawQuery, body } = request
  // once a semicolon parted parameters too
  if (parted.test(rawQuery) || parted.test(Buffer.from(body).toString('latin1')))
    throw new Unreadable('A form has semicolons between its parameters')
  try {
    return formOf(request)
  } catch (thrown) {
    if (thrown instanceof Fault) throw new Unreadable(thrown.message)
    throw thrown
  }
}

const parted = /;[\w.%-]+=/

function checked(body: Uint8Array): Uint8Array {
  if (body.length > longestBody) throw new Unreadable(`The body is longer than ${longestBody} bytes`)
  return body
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws Unreadable if the bytes are not UTF-8 */
function textOf(body: Uint8Array): string {
  try {
    return utf8.decode(checked(body))
  } catch (thrown) {
    throw thrown instanceof Unreadable ? thrown : new Unreadable('The body is not in UTF-8')
  }
}

function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  try {
    const text = textOf(body)
    // counted before anything is made of it
    if (!isWithinLimits(text, mostValues)) throw new Unreadable('The body holds too much')
    const value: unknown = JSON.parse(text)
    if (repeatsNames(text)) throw new Unreadable('The body names a member twice')
    return value
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    throw new Unreadable('The body is no JSON')
  }
}

/**
 * The SDKs for Java write calls of Amazon Kinesis in CBOR; the target header names their operation. No bytes can be read
 * both as a JSON text and as a map in CBOR.
 */
function isBinary(request: HttpRequest): boolean {
  return mediaTypesOf(request).includes('application/x-amz-cbor-1.1')
}

function cborOf(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  const read = readCbor(checked(body))
  if (read === undefined) throw new Unreadable('The body is no CBOR')
  return read.value
}

/** A declaration that the text is in another encoding than it is read in. */
const otherEncoding = /^\ufeff?<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])/i

/** Separators within a text: some readers continue after one, and some take the first part. */
const parting = /<!--|<!\[CDATA\[|<\?(?!xml\s)/

function xmlOf(body: Uint8Array): XmlElement | undefined {
  if (body.length === 0) return undefined
  const given = textOf(body)
  if (isMoreThan(wireLimits.xmlTokens, '\r', given)) throw new Unreadable('The body holds too much')
  const text = given.replace(/\r\n?/g, '\n') // as XML has it
  const root = otherEncoding.test(text) || parting.test(text) ? undefined : parseXml(text)
  if (root === undefined) throw new Unreadable('The body is no XML')
  return root
}

/** The members in the body, and the one that is the whole body. */
function insideOf(members: PackedMembers): {
  readonly inside: PackedMembers
  readonly payload: readonly [string, PackedMember] | undefined
} {
  const inside = Object.entries(members).filter(([, member]) => isInBody(member))
  return {
    inside: Object.fromEntries(inside),
    payload: inside.find(([, { in: place }]) => place === 'payload'),
  }
}

/** The part of a body that is read, and the names and values of all its members. */
interface Body {
  readonly input: Input
  readonly given: readonly (readonly [name: string, value: unknown])[]
}

function readXmlBody(members: PackedMembers, { body }: HttpRequest): Body {
  const { inside, payload } = insideOf(members)
  const root = Object.keys(inside).length === 0 ? undefined : xmlOf(body)
  if (root === undefined) return { input: {}, given: [] }
  if (payload === undefined) return { input: readXmlMembers(inside, root), given: [] }
  return { input: { [payload[0]]: readXmlMembers(payload[1].members ?? {}, root) }, given: [] }
}

function readJsonBody({ packed }: IdentifiedCall, members: PackedMembers, request: HttpRequest): Body {
  const { body } = request
  if (packed.raw) return { input: {}, given: [] }
  if (body.length > 0 && mayBeForm(request)) throw new Unreadable('The body is a form')
  const { inside, payload } = insideOf(members)
  // such as the code of a function: too long to be taken apart
  if (body.length > longestBody && !mayHold(body, inside)) return { input: {}, given: namesIn(body) }
  const value = jsonOf(body)
  const given = Object.entries(asRecord(value) ?? {})
  if (Object.keys(inside).length === 0) return { input: {}, given }
  if (payload === undefined) return { input: readValueMembers(inside, value), given }
  const [name, { in: _place, as: _name, ...member }] = payload
  if (member.members === undefined && member.map === undefined && member.list === undefined)
    return { input: {}, given }
  return { input: readValueMembers({ [name]: member }, { [name]: value }), given }
}

/** Returns whether a long body may hold one of these members, at any depth. */
function mayHold(body: Uint8Array, members: PackedMembers): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const names = leavesOf(members)
  return names.length > 0 && ['\\u', ...names.map((name) => `"${name}"`)].some((text) => bytes.includes(text))
}

function leavesOf(members: PackedMembers): readonly string[] {
  return Object.entries(members).flatMap(([name, { as = name, members: inner }]) =>
    inner === undefined ? [as] : leavesOf(inner),
  )
}

/** Names in a long body of which nothing is read. */
function namesIn(body: Uint8Array): Body['given'] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  // JSON may be in UTF-16 or UTF-32, where ASCII names contain these
  if (bytes.includes(0)) throw new Unreadable('The body is not in UTF-8')
  try {
    return outermostNames(bytes.toString('latin1')).map((name) => [name, undefined])
  } catch {
    throw new Unreadable('The body is no JSON')
  }
}

function readOutside(members: PackedMembers, call: IdentifiedCall): Input {
  const input: Record<string, unknown> = {}
  const query = queryOf(call.request.rawQuery) ?? new Map<string, readonly string[]>()
  for (const [name, member] of Object.entries(members)) {
    const value = outside(name, member, call, query)
    if (value !== undefined) input[name] = value
  }
  return input
}

function outside(name: string, member: PackedMember, call: IdentifiedCall, query: RequestQuery): unknown {
  const wireName = member.as ?? name
  const { headers } = call.request
  switch (member.in) {
    case 'uri':
      return call.labels[wireName]
    case 'query': {
      if (member.map !== undefined)
        return Object.fromEntries([...query].map(([key, [value]]) => [key, value]))
      const values = query.get(wireName)
      if (values === undefined || member.list !== undefined) return values
      if (new Set(values).size > 1) throw new Unreadable(`${wireName} is given more than once`)
      return values[0]
    }
    case 'header': {
      const header = wireName.toLowerCase()
      // A presigned URL of S3 may carry its headers as parameters.
      const value = headers[header] ?? (call.service.id === 's3' ? hoisted(header, query) : undefined)
      return value !== undefined && member.list !== undefined
        ? value.split(',').map((part) => part.trim())
        : value
    }
    default:
      return undefined
  }
}
