import { type HttpResponse, perObject } from '../../base/index.ts'
import { type OperationModel, type ServiceModel, structureNamed } from '../../model/index.ts'
import type { Codec } from '../types.ts'
import { escapeXml } from '../xml/escape.ts'
import { type ContentWriter, inElement, XmlWriters } from '../xml/write.ts'
import { formOf } from './form.ts'
import { FormReaders } from './read.ts'

const readers = perObject((service: ServiceModel) => new FormReaders(service))
const writers = perObject(
  (service: ServiceModel) =>
    new XmlWriters(service, service.protocol === 'ec2Query' ? 'isoMillis' : 'iso8601'),
)

/** awsQuery: a form in, XML in two envelopes out (behaviour WIRE-1). */
export function queryCodec(service: ServiceModel, operation: OperationModel): Codec {
  const result =
    operation.output &&
    inElement(operation.resultWrapper ?? `${operation.name}Result`, writer(service, operation.output))
  const open = `<${operation.name}Response xmlns="${service.xmlNamespace}">`
  const close = `</RequestId></ResponseMetadata></${operation.name}Response>`
  return {
    read: reader(service, operation),
    write: (output, requestId) =>
      xmlResponse(
        'text/xml',
        `${open}${result ? result(output) : ''}<ResponseMetadata><RequestId>${escapeXml(requestId)}${close}`,
        requestId,
      ),
  }
}

/** ec2Query: a form in, XML in one envelope out; an operation without output answers `true` (behaviour WIRE-2). */
export function ec2Codec(service: ServiceModel, operation: OperationModel): Codec {
  const content = operation.output && writer(service, operation.output)
  const open = `<?xml version="1.0" encoding="UTF-8"?>\n<${operation.name}Response xmlns="${service.xmlNamespace}"><requestId>`
  const close = `</${operation.name}Response>`
  return {
    read: reader(service, operation),
    write: (output, requestId) =>
      xmlResponse(
        'text/xml;charset=UTF-8',
        `${open}${escapeXml(requestId)}</requestId>${content ? content(output) : '<return>true</return>'}${close}`,
        requestId,
      ),
  }
}

function reader(service: ServiceModel, operation: OperationModel): Codec['read'] {
  const shape = operation.input
    ? structureNamed(service, operation.input)
    : ({ type: 'structure', members: {} } as const)
  const read = readers(service).structure(shape)
  return (request) => read(formOf(request))
}

function writer(service: ServiceModel, output: string): ContentWriter {
  return writers(service).structure(structureNamed(service, output))
}

function xmlResponse(contentType: string, body: string, requestId: string): HttpResponse {
  return { status: 200, headers: { 'content-type': contentType, 'x-amzn-requestid': requestId }, body }
}
