import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { loadModel } from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { inputOf, json, refusalOf, request } from './protocol-requests.ts'

const lookUp = 'CloudTrail_20131101.LookupEvents'

describe('JSON', () => {
  test('an empty body is an empty input, null is absent, unknown members are passed over (WIRE-42)', () => {
    assert.deepEqual(inputOf(json(lookUp, '')), {})
    assert.deepEqual(inputOf(json(lookUp, '{"MaxResults":null,"Colour":"red"}')), {})
  })

  test('a member that no published model has is refused by name, and one that the model got is read (WIRE-92)', () => {
    const service = { ...structuredClone(loadModel('cloudtrail')), omittedMembers: ['Colour', 'MaxResults'] }
    const operation = service.operations.LookupEvents!
    const read = (body: string) =>
      createWire([service]).parse({ service, operation, labels: {} }, json(lookUp, body))
    assert.deepEqual(read('{"MaxResults":1}'), { MaxResults: 1 })
    for (const body of [
      '{"Colour":"red"}',
      '{"LookupAttributes":[{"AttributeKey":"EventId","AttributeValue":"x","Colour":null}]}',
    ])
      assert.throws(() => read(body), {
        code: 'NotImplemented',
        message: /^Omen does not implement Colour of /,
      })
  })

  test('instants come as numbers and as texts', () => {
    for (const time of [
      '1767225600',
      '"2026-01-01T00:00:00Z"',
      '"2026-01-01T01:00:00+01:00"',
      '"1767225600"',
    ]) {
      assert.deepEqual(inputOf(json(lookUp, `{"StartTime":${time}}`)), { StartTime: 1_767_225_600_000 })
    }
  })

  test('what is no JSON is refused (WIRE-41)', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    for (const body of ['{', '{"a":1,}', 'x', deep, '['.repeat(200_000), Buffer.from([0x22, 0xff, 0x22])]) {
      const refusal = refusalOf(json(lookUp, body))
      assert.deepEqual([refusal.code, refusal.status], ['SerializationException', 400])
    }
    assert.equal(refusalOf(json(lookUp, ' '.repeat(5 << 20))).status, 413)
  })

  test('values of another type are refused, in words that AWS has (WIRE-42)', () => {
    for (const [body, message] of [
      ['[]', 'Start of list found where not expected'],
      ['{"NextToken":{}}', 'Start of structure or map found where not expected.'],
      ['{"NextToken":1}', 'NUMBER_VALUE can not be converted to a String'],
      ['{"NextToken":true}', 'TRUE_VALUE can not be converted to a String'],
      ['{"MaxResults":"1"}', 'STRING_VALUE can not be converted to an Integer'],
      ['{"MaxResults":1.5}', 'DECIMAL_VALUE can not be converted to an Integer'],
      ['{"LookupAttributes":"x"}', 'STRING_VALUE can not be converted to a list'],
    ] as const) {
      assert.equal(refusalOf(json(lookUp, body)).message, message)
    }
  })

  test('`__proto__` is a key like any other', () => {
    const body =
      '{"FunctionName":"f","Role":"arn:aws:iam::123456789012:role/r","Code":{},"Tags":{"__proto__":"x"}}'
    const { Tags } = inputOf(request({ rawPath: '/2015-03-31/functions', body }))
    assert.deepEqual(Object.entries(Tags as object), [['__proto__', 'x']])
    assert.equal(Object.getPrototypeOf(Tags), Object.prototype)
  })

  test('any JSON, and any bytes, are read or refused', () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.uint8Array({ maxLength: 100 }),
      fc
        .jsonValue()
        .map((value) => JSON.stringify({ LookupAttributes: value, StartTime: value, MaxResults: value })),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        const received = json(lookUp, body)
        try {
          inputOf(received)
        } catch {
          assert.match(refusalOf(received).body, /^\{"__type":"(?:Serialization|Validation)Exception"/)
        }
      }),
      { numRuns: 500 },
    )
  })
})
