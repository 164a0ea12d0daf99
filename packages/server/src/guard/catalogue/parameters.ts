import { Fault, type HttpRequest } from '../../base/index.ts'
import { formOf, parseXml, type XmlElement } from '../../wire/index.ts'
import { longestBody, withPlainBody } from './body.ts'
import type { IdentifiedCall } from './call.ts'
import { readCbor } from './cbor.ts'
import { readFormMembers } from './form.ts'
import { type Input, textsAt, Unreadable } from './input.ts'
import { repeatsNames } from './json-names.ts'
import type { CallProtocol, PackedMember, PackedMembers } from './packed.ts'
import { hoisted, queryOf, type RequestQuery } from './query.ts'
import { isAtPath, isQueuePath } from './queue-url.ts'
import { readValueMembers } from './value.ts'
import { readXmlMembers } from './xml.ts'

/** Whether what a call needs cannot be told without its body. */
export function readsBody({ protocol, packed }: IdentifiedCall): boolean {
  if (protocol === 'awsQuery' || protocol === 'ec2Query') return true
  return Object.values(packed.input ?? {}).some(standsInBody)
}

function standsInBody({ in: place }: PackedMember): boolean {
  return place === undefined || place === 'payload'
}

/**
 * The members of a call's input that authorisation reads, by the model's names; every value is a text.
 * @throws Unreadable where they are malformed, or given twice with different values
 */
export function readInput(call: IdentifiedCall): Input {
  if (last?.call !== call) last = { call, input: read(call) }
  return last.input
}

/** What was read last: what a call needs and what its event tells are asked for in a row. */
let last: { readonly call: IdentifiedCall; readonly input: Input } | undefined

function read(call: IdentifiedCall): Input {
  const members = call.packed.input
  if (members === undefined) return {}
  const { protocol } = call
  // Of an object in S3 its encoding is a property, and no operation's own body is encoded there.
  const request = protocol === 'restXml' || !readsBody(call) ? call.request : withPlainBody(call.request)
  switch (protocol) {
    case 'awsQuery':
    case 'ec2Query': {
      const input = readFormMembers(members, formTree(request), protocol === 'ec2Query')
      return call.service.id === 'sqs' && members.QueueUrl !== undefined
        ? withQueue(input, request, false)
        : input
    }
    case 'awsJson1_0':
    case 'awsJson1_1': {
      const input = readValueMembers(members, jsonOf(request.body))
      return call.service.id === 'sqs' ? withQueue(input, request, true) : input
    }
    case 'rpcV2Cbor': {
      const read = request.body.length === 0 ? { value: {} } : readCbor(checked(request.body))
      if (read === undefined) throw new Unreadable('The body is no CBOR')
      return readValueMembers(members, read.value)
    }
    case 'restJson':
    case 'restXml':
      return { ...readBody(members, protocol, request.body), ...readOutside(members, call) }
  }
}

/** SDKs may send SQS's calls to the queue's own URL; the older ones with or without naming it again. */
function withQueue(input: Input, { rawPath }: HttpRequest, twice: boolean): Input {
  if (rawPath === '/') return input
  const [named] = textsAt(input, 'QueueUrl')
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

/** @throws Unreadable where the bytes are no UTF-8 */
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
    const value: unknown = JSON.parse(text)
    if (repeatsNames(text)) throw new Unreadable('The body names a member twice')
    return value
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    throw new Unreadable('The body is no JSON')
  }
}

/** A declaration that the text is in another encoding than it is read in. */
const otherEncoding = /^\ufeff?<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])/i

function xmlOf(body: Uint8Array): XmlElement | undefined {
  if (body.length === 0) return undefined
  const text = textOf(body)
  const root = otherEncoding.test(text) ? undefined : parseXml(text)
  if (root === undefined) throw new Unreadable('The body is no XML')
  return root
}

function readBody(members: PackedMembers, protocol: CallProtocol, body: Uint8Array): Input {
  const inside = Object.entries(members).filter(([, member]) => standsInBody(member))
  if (inside.length === 0) return {}
  const payload = inside.find(([, { in: place }]) => place === 'payload')
  if (protocol === 'restXml') {
    const root = xmlOf(body)
    if (root === undefined) return {}
    if (payload === undefined) return readXmlMembers(Object.fromEntries(inside), root)
    return { [payload[0]]: readXmlMembers(payload[1].members ?? {}, root) }
  }
  if (payload === undefined) return readValueMembers(Object.fromEntries(inside), jsonOf(body))
  const [name, { in: _place, as: _name, ...member }] = payload
  if (member.members === undefined && member.map === undefined && member.list === undefined) return {}
  return readValueMembers({ [name]: member }, { [name]: jsonOf(body) })
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
