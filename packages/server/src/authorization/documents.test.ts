import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyText, trustPolicy } from '../../../../test/kit/index.ts'
import { parsedDocument, resourceDocument, storedDocument } from './documents.ts'

test('a stored document that would be refused today is read once, not for every call (POL-156)', () => {
  const text = trustPolicy('*', 'sts:sts:AssumeRole')
  const policy = storedDocument(text, 'trust')
  assert.equal(policy?.statements.length, 1)
  assert.equal(storedDocument(text, 'trust'), policy)
  assert.equal(resourceDocument(text, 'trust'), policy)
  assert.equal(storedDocument('{', 'trust'), undefined)
  const sound = text.replace('sts:sts:', 'sts:')
  const parsed = parsedDocument(sound, 'trust')
  assert.equal(storedDocument(sound, 'trust'), parsed.ok && parsed.policy)
})

test('what long documents are parsed to is not kept without end', () => {
  const text = '{"Version":"2012-10-17","Statement":[]}'
  const parsed = parsedDocument(text, 'identity')
  assert.equal(parsedDocument(text, 'identity'), parsed)
  // the longest policy document that a request may contain
  for (let n = 0; n < 200; n++) parsedDocument(`${n}${' '.repeat(131_000)}`, 'identity')
  assert.notEqual(parsedDocument(text, 'identity'), parsed)
})

test('as many documents are kept as the limits say, and as many again after they were forgotten', () => {
  const most = 16 << 20
  const of = (text: string) => parsedDocument(text, 'boundary')
  for (let round = 0; round < 2; round++) {
    of('x'.repeat(most + 1))
    const first = of('a') // the long one is forgotten
    for (let n = 1; n < 20_000; n++) of(`a${n}`)
    assert.equal(of('a'), first)
    of('b')
    assert.notEqual(of('a'), first)
  }
  of('x'.repeat(most + 1))
  const first = of('a')
  of('x'.repeat(most - 1))
  assert.equal(of('a'), first)
  of('b')
  assert.notEqual(of('a'), first)
})

test('a resource without a readable policy has the same empty one for each kind', () => {
  for (const kind of ['key', 'resource', 'trust'] as const) {
    const empty = resourceDocument(undefined, kind)
    assert.deepEqual([empty.kind, empty.version, empty.statements], [kind, '2012-10-17', []])
    assert.equal(resourceDocument(undefined, kind), empty)
    assert.equal(resourceDocument('{"Version":"2012-10-17","Statement":[]}', kind), empty)
    assert.equal(resourceDocument('{', kind), empty)
  }
  // only trust policies are always checked before they are stored
  const early = policyText({
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:Get*', 's3:s3:Get*'],
    Resource: '*',
  })
  for (const kind of ['key', 'resource'] as const) {
    assert.equal(storedDocument(early, kind)?.statements.length, 1)
    assert.equal(resourceDocument(early, kind), resourceDocument(undefined, kind))
  }
})
