import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsedDocument, resourceDocument, storedDocument } from './documents.ts'

test('a stored document that would be refused today is read once, not for every call (POL-156)', () => {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:sts:AssumeRole' }],
  })
  const policy = storedDocument(text, 'trust')
  assert.equal(policy?.statements.length, 1)
  assert.equal(storedDocument(text, 'trust'), policy)
  assert.equal(resourceDocument(text, 'trust'), policy)
  assert.equal(storedDocument('{', 'trust'), undefined)
})

test('what long documents are parsed to is not kept without end', () => {
  const text = '{"Version":"2012-10-17","Statement":[]}'
  const parsed = parsedDocument(text, 'identity')
  assert.equal(parsedDocument(text, 'identity'), parsed)
  // the longest policy document that a request may contain
  for (let n = 0; n < 200; n++) parsedDocument(`${n}${' '.repeat(131_000)}`, 'identity')
  assert.notEqual(parsedDocument(text, 'identity'), parsed)
})
