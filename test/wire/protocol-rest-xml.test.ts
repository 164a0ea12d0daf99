import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import type { ServiceModel } from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { request } from './protocol-requests.ts'

/** A small store of things, made for this test: Omen serves no restXml API of its own yet. */
const model: ServiceModel = {
  id: 'shelf',
  title: 'Shelf',
  derivedFrom: {},
  apiVersion: '2026-01-01',
  protocol: 'restXml',
  signingName: 'shelf',
  xmlNamespace: 'http://shelf.example/doc/',
  global: false,
  operations: {
    GetThing: {
      name: 'GetThing',
      http: { method: 'GET', uri: '/{Shelf}/{Key+}' },
      input: 'Get',
      output: 'Got',
      errors: [],
    },
    GetPart: {
      name: 'GetPart',
      http: { method: 'GET', uri: '/{Shelf}/{Key+}' },
      input: 'GetPart',
      errors: [],
    },
    GetLabel: {
      name: 'GetLabel',
      http: { method: 'GET', uri: '/{Shelf}/{Key+}?label' },
      input: 'Get',
      errors: [],
    },
    PutRules: {
      name: 'PutRules',
      http: { method: 'PUT', uri: '/{Shelf}?rules' },
      input: 'Put',
      output: 'Listed',
      errors: [],
    },
  },
  omitted: {},
  shapes: {
    Text: { type: 'string' },
    Number: { type: 'integer' },
    Time: { type: 'timestamp' },
    Bytes: { type: 'blob' },
    Texts: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Text' } },
    Get: {
      type: 'structure',
      required: ['Shelf', 'Key'],
      members: {
        Shelf: { shape: 'Text', location: 'uri', locationName: 'Shelf' },
        Key: { shape: 'Text', location: 'uri', locationName: 'Key' },
        Since: { shape: 'Time', location: 'header', locationName: 'If-Modified-Since' },
      },
    },
    GetPart: {
      type: 'structure',
      required: ['Shelf', 'Key', 'Part'],
      members: {
        Shelf: { shape: 'Text', location: 'uri', locationName: 'Shelf' },
        Key: { shape: 'Text', location: 'uri', locationName: 'Key' },
        Part: { shape: 'Number', location: 'querystring', locationName: 'part' },
      },
    },
    Got: {
      type: 'structure',
      payload: 'Body',
      members: {
        Body: { shape: 'Bytes', streaming: true },
        Modified: { shape: 'Time', location: 'header', locationName: 'Last-Modified' },
        Metadata: { shape: 'Texts', location: 'headers', locationName: 'x-meta-' },
      },
    },
    Put: {
      type: 'structure',
      payload: 'Rules',
      members: {
        Shelf: { shape: 'Text', location: 'uri', locationName: 'Shelf' },
        Metadata: { shape: 'Texts', location: 'headers', locationName: 'x-meta-' },
        Rules: { shape: 'Rules', locationName: 'Rules' },
      },
    },
    Rules: {
      type: 'structure',
      members: { Rule: { shape: 'RuleList', flattened: true }, Owner: { shape: 'Owner' } },
    },
    RuleList: { type: 'list', member: { shape: 'Rule' } },
    Rule: { type: 'structure', members: { Name: { shape: 'Text' }, Days: { shape: 'Number' } } },
    Owner: {
      type: 'structure',
      members: {
        Kind: { shape: 'Text', locationName: 'xsi:type', xmlAttribute: true },
        Names: { shape: 'Names' },
      },
    },
    Names: { type: 'list', member: { shape: 'Text', locationName: 'Name' } },
    Listed: {
      type: 'structure',
      members: { Rules: { shape: 'RuleList', flattened: true }, Names: { shape: 'Names' } },
    },
  },
}

const wire = createWire([model])

function read(received: HttpRequest): {
  readonly operation: string
  readonly input: Record<string, unknown>
} {
  const identified = wire.identify(received)
  if ('fault' in identified) assert.fail(identified.fault.message)
  const { route } = identified
  return { operation: route.operation.name, input: wire.parse(route, received) }
}

const get = (rawPath: string, rawQuery = '', headers = {}): HttpRequest =>
  request({ method: 'GET', rawPath, rawQuery, headers })

describe('restXml (WIRE-4)', () => {
  test('operations that share a path are distinguished by the query string', () => {
    assert.equal(read(get('/s/a')).operation, 'GetThing')
    assert.equal(read(get('/s/a', 'label')).operation, 'GetLabel')
    assert.equal(read(get('/s/a', 'label=')).operation, 'GetLabel')
    assert.equal(read(get('/s/a', 'part=3')).operation, 'GetPart')
  })

  test('labels, greedy ones with their slashes; headers', () => {
    const headers = { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }
    assert.deepEqual(read(get('/s/a%20b/c%2Fd/', '', headers)).input, {
      Shelf: 's',
      Key: 'a b/c/d/',
      Since: 1_767_225_600_000,
    })
  })

  test('a body of XML', () => {
    const body = `<?xml version="1.0"?><!-- x --><Rules xmlns="http://shelf.example/doc/" xmlns:xsi="i">
      <Rule><Name>a &amp; b</Name><Days>3</Days></Rule><Rule><Name><![CDATA[<c>]]></Name><Other/></Rule>
      <Owner xsi:type="User"><Names><Name>&#x6F22;</Name><Name/></Names></Owner></Rules>`
    const received = request({
      method: 'PUT',
      rawPath: '/s',
      rawQuery: 'rules',
      headers: { 'x-meta-color': 'red' },
      body,
    })
    assert.deepEqual(read(received), {
      operation: 'PutRules',
      input: {
        Shelf: 's',
        Metadata: { color: 'red' },
        Rules: {
          Rule: [{ Name: 'a & b', Days: 3 }, { Name: '<c>' }],
          Owner: { Kind: 'User', Names: ['漢', ''] },
        },
      },
    })
  })

  test('what is no XML is refused', () => {
    const deep = `${'<Rules>'.repeat(100_000)}${'</Rules>'.repeat(100_000)}`
    const entity = '<!DOCTYPE r [<!ENTITY a "aaaa">]><Rules><Owner>&a;</Owner></Rules>'
    const bad = [
      '<',
      '<Rules>',
      '<Rules></Rule>',
      'x',
      '<Rules/><Rules/>',
      '<Rules a=b/>',
      '<Rules>&a;</Rules>',
      '<Rules>&#0;</Rules>',
    ]
    for (const body of [...bad, entity, deep, `<${'a'.repeat(1 << 20)}`, `<!--${'-'.repeat(1 << 20)}`]) {
      assert.throws(() => read(request({ method: 'PUT', rawPath: '/s', rawQuery: 'rules', body })), {
        code: 'MalformedXML',
        status: 400,
      })
    }
  })

  test('answers', () => {
    const route = (name: string) => ({ service: model, operation: model.operations[name]!, labels: {} })
    const output = { Body: Buffer.from('x'), Modified: 1_767_225_600_000, Metadata: { color: 'red' } }
    assert.deepEqual(wire.serialize(route('GetThing'), output, 'id-1'), {
      status: 200,
      headers: {
        'x-amz-request-id': 'id-1',
        'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
        'x-meta-color': 'red',
      },
      body: Buffer.from('x'),
    })
    assert.equal(
      wire.serialize(route('PutRules'), { Rules: [{ Name: 'a' }, { Days: 1 }], Names: ['<'] }, 'id-1').body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Listed xmlns="http://shelf.example/doc/">' +
        '<Rules><Name>a</Name></Rules><Rules><Days>1</Days></Rules><Names><Name>&lt;</Name></Names></Listed>',
    )
  })
})
