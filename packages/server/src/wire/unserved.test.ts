import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knownByName } from './unserved.ts'

test('a service is found by a label of the host, and by none of what is no host (WIRE-24)', () => {
  const request = {
    method: 'GET',
    rawPath: '/',
    rawQuery: '',
    body: new Uint8Array(0),
    remoteAddress: '',
    secure: false,
  }
  const titleOf = (host: string) => knownByName({ ...request, headers: { host } })?.title
  assert.equal(titleOf('SQS.us-east-1.amazonaws.com:443'), 'Amazon Simple Queue Service')
  assert.equal(titleOf(`${'a.'.repeat(30_000)}sqs`), undefined)
})
