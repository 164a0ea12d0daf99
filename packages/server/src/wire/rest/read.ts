import { Fault, type HttpRequest } from '../../base/index.ts'
import { type Member, type ServiceModel, type StructureShape, shapeNamed } from '../../model/index.ts'
import { jsonReaders, readBody } from '../json/codec.ts'
import { limits } from '../limits.ts'
import { scalarReader } from '../scalar.ts'
import type { Codec } from '../types.ts'
import { readXmlBody, xmlReaders } from '../xml/read.ts'
import { parseQuery } from './query.ts'

type Labels = Readonly<Record<string, string>>
type Query = ReadonlyMap<string, readonly string[]>
type Binding = (input: Record<string, unknown>, request: HttpRequest, labels: Labels, query: Query) => void

/** Compiles an input: members from the path, the query string and the headers, all others from the body. */
export function restReader(service: ServiceModel, shape: StructureShape): Codec['read'] {
  const readBodyOf = bodyReader(service, shape)
  const bindings = Object.entries(shape.members).flatMap(([name, member]) => {
    const binding = bindingOf(service, name, member)
    return binding ? [binding] : []
  })
  return (request, { labels }) => {
    if (request.body.length > limits.restBytes) {
      throw new Fault(
        'RequestEntityTooLargeException',
        `The request body is longer than ${limits.restBytes} bytes`,
        413,
      )
    }
    const input = readBodyOf(request)
    const query = parseQuery(request.rawQuery)
    for (const bind of bindings) bind(input, request, labels, query)
    return input
  }
}

function bodyReader(
  service: ServiceModel,
  shape: StructureShape,
): (request: HttpRequest) => Record<string, unknown> {
  const xml = service.protocol === 'restXml'
  const payload = shape.payload
  if (payload === undefined) {
    const inBody = Object.values(shape.members).some((member) => member.location === undefined)
    if (!inBody) return () => ({})
    if (xml) {
      const read = xmlReaders(service).structure(shape)
      return ({ body }) => (body.length === 0 ? {} : read(readXmlBody(body)))
    }
    const read = jsonReaders(service).structure(shape)
    return ({ body }) => (body.length === 0 ? {} : read(readBody(body, limits.restBytes)))
  }
  const member = shape.members[payload]!
  const target = shapeNamed(service, member.shape)
  if (target.type === 'blob') return ({ body }) => (body.length === 0 ? {} : { [payload]: body })
  if (target.type === 'string') {
    return ({ body }) => (body.length === 0 ? {} : { [payload]: Buffer.from(body).toString('utf8') })
  }
  if (xml && target.type === 'structure') {
    const read = xmlReaders(service).structure(target)
    return ({ body }) => (body.length === 0 ? {} : { [payload]: read(readXmlBody(body)) })
  }
  const read = jsonReaders(service).member(member)
  return ({ body }) => (body.length === 0 ? {} : { [payload]: read(readBody(body, limits.restBytes)) })
}

function bindingOf(service: ServiceModel, name: string, member: Member): Binding | undefined {
  const wireName = member.locationName ?? name
  switch (member.location) {
    case 'uri': {
      const read = valueReader(service, name, member)
      return (input, _request, labels) => {
        const label = labels[wireName]
        if (label !== undefined) input[name] = read([label])
      }
    }
    case 'querystring': {
      if (shapeNamed(service, member.shape).type === 'map') {
        return (input, _request, _labels, query) => {
          if (query.size > 0)
            input[name] = Object.fromEntries([...query].map(([key, values]) => [key, values[0]]))
        }
      }
      const read = valueReader(service, name, member)
      return (input, _request, _labels, query) => {
        const values = query.get(wireName)
        if (values) input[name] = read(values)
      }
    }
    case 'header': {
      const header = wireName.toLowerCase()
      const list = shapeNamed(service, member.shape).type === 'list'
      const read = valueReader(service, name, member)
      return (input, request) => {
        const value = request.headers[header]
        if (value !== undefined)
          input[name] = read(list ? value.split(',').map((part) => part.trim()) : [value])
      }
    }
    case 'headers': {
      const prefix = wireName.toLowerCase()
      return (input, request) => {
        const found = Object.entries(request.headers).filter(([header]) => header.startsWith(prefix))
        if (found.length > 0) {
          input[name] = Object.fromEntries(
            found.map(([header, value]) => [header.slice(prefix.length), value]),
          )
        }
      }
    }
    default:
      return undefined
  }
}

/** Reads one text, or several if the member is a list. */
function valueReader(
  service: ServiceModel,
  name: string,
  member: Member,
): (values: readonly string[]) => unknown {
  const shape = shapeNamed(service, member.shape)
  if (shape.type === 'list') {
    const read = valueReader(service, name, shape.member)
    return (values) => values.map((value) => read([value]))
  }
  if (shape.type === 'structure' || shape.type === 'map' || shape.type === 'document') {
    throw new Error(`${member.shape} cannot be outside the body`)
  }
  const read = scalarReader(shape.type)
  const type = shape.type
  return (values) => {
    const value = read(values[0] ?? '')
    if (value === undefined) throw new Fault('SerializationException', `${name} is not a ${type}`, 400)
    return value
  }
}
