import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import type { AccountId } from '../../base/index.ts'
import type { StoredEvent } from '../types.ts'
import { EventStream } from './stream.ts'

function event(number: number): StoredEvent {
  return {
    account: '111111111111' as AccountId, // twelve digits
    region: 'us-east-1',
    id: `event-${number}`,
    time: number,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: JSON.stringify({ number, requestParameters: 'a role '.repeat(100) }),
  }
}

test('the events of a statement of sixteen are stored compressed, and a single one as it is', () => {
  const stream = new EventStream('node')
  const many = stream.rowsOf(Array.from({ length: 16 }, (_, number) => event(number)))
  assert.equal(many.length, 1)
  const [{ body }] = many as [(typeof many)[number]]
  assert.ok(body.length < 16 * 300, `${body.length} bytes`)
  assert.match(zstdDecompressSync(body).toString(), /event-15/)
  const [single] = stream.rowsOf([event(16)])
  assert.match(Buffer.from(single!.body).toString(), /event-16/)
})
