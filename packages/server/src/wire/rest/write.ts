import type { HttpResponse } from '../../base/index.ts'
import {
  type OperationModel,
  type ServiceModel,
  type Shape,
  shapeNamed,
  structureNamed,
} from '../../model/index.ts'
import { jsonWriters } from '../json/codec.ts'
import { encodeBase64 } from '../text.ts'
import { timestampWriter } from '../timestamp.ts'
import { XmlWriters } from '../xml/write.ts'

type Output = Readonly<Record<string, unknown>>
type Body = (output: Output) => { readonly body: string | Uint8Array; readonly contentType?: string }

/** Compiles an output: members to the status and the headers, all others to the body. */
export function restWriter(
  service: ServiceModel,
  operation: OperationModel,
): (output: Output, requestId: string) => HttpResponse {
  const status = operation.http.status ?? 200
  const headerName = service.protocol === 'restXml' ? 'x-amz-request-id' : 'x-amzn-requestid'
  if (!operation.output)
    return (_output, requestId) => ({ status, headers: { [headerName]: requestId }, body: '' })
  const shape = structureNamed(service, operation.output)
  const headers: ((output: Output, headers: Record<string, string>) => void)[] = []
  let statusMember: string | undefined
  for (const [name, member] of Object.entries(shape.members)) {
    const wireName = (member.locationName ?? name).toLowerCase()
    if (member.location === 'statusCode') statusMember = name
    else if (member.location === 'header') {
      const write = headerWriter(shapeNamed(service, member.shape))
      headers.push((output, to) => {
        if (output[name] !== undefined && output[name] !== null) to[wireName] = write(output[name])
      })
    } else if (member.location === 'headers') {
      headers.push((output, to) => {
        const map = (output[name] ?? {}) as Readonly<Record<string, string>> // a map of strings by its shape
        for (const [key, value] of Object.entries(map)) to[wireName + key.toLowerCase()] = value
      })
    }
  }
  const write = bodyWriter(service, operation.output)
  return (output, requestId) => {
    const { body, contentType } = write(output)
    const to: Record<string, string> = { [headerName]: requestId }
    if (contentType) to['content-type'] = contentType
    for (const add of headers) add(output, to)
    const given = statusMember && output[statusMember]
    return { status: typeof given === 'number' ? given : status, headers: to, body }
  }
}

function bodyWriter(service: ServiceModel, outputName: string): Body {
  const shape = structureNamed(service, outputName)
  const { payload } = shape
  const xml = service.protocol === 'restXml' ? new XmlWriters(service, 'isoMillis') : undefined
  if (payload === undefined) {
    if (Object.values(shape.members).every((member) => member.location !== undefined))
      return () => ({ body: '' })
    if (xml) {
      const write = xml.structure(shape)
      const open = `<?xml version="1.0" encoding="UTF-8"?>\n<${outputName}${namespace(service)}>`
      return (output) => ({ body: `${open}${write(output)}</${outputName}>`, contentType: 'application/xml' })
    }
    const write = jsonWriters(service).structure(shape)
    return (output) => ({ body: JSON.stringify(write(output)), contentType: 'application/json' })
  }
  const member = shape.members[payload]!
  const target = shapeNamed(service, member.shape)
  if (target.type === 'blob' || target.type === 'string') {
    return (output) => {
      const body = (output[payload] ?? '') as string | Uint8Array // one of them by its shape
      // a function's answer is JSON (behaviour LAM-57)
      return { body, ...(body.length > 0 && !xml ? { contentType: 'application/json' } : {}) }
    }
  }
  if (xml && target.type === 'structure') {
    const write = xml.structure(target)
    const tag = member.locationName ?? member.shape
    const open = `<?xml version="1.0" encoding="UTF-8"?>\n<${tag}${namespace(service)}>`
    return (output) =>
      output[payload] === undefined
        ? { body: '' }
        : { body: `${open}${write(output[payload])}</${tag}>`, contentType: 'application/xml' }
  }
  const write = jsonWriters(service).member(member)
  return (output) =>
    output[payload] === undefined
      ? { body: '' }
      : { body: JSON.stringify(write(output[payload])), contentType: 'application/json' }
}

function namespace(service: ServiceModel): string {
  return service.xmlNamespace ? ` xmlns="${service.xmlNamespace}"` : ''
}

function headerWriter(shape: Shape): (value: unknown) => string {
  switch (shape.type) {
    case 'timestamp': {
      const write = timestampWriter(shape.timestampFormat ?? 'rfc822')
      return (value) => write(value as number) // milliseconds by its shape
    }
    case 'blob':
      return (value) => encodeBase64(value as Uint8Array) // bytes by its shape
    case 'list':
      return (value) => (value as readonly unknown[]).join(',') // a list by its shape
    default:
      return String
  }
}
