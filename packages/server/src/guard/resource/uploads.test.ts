import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IdentifiedCall } from '../catalogue/index.ts'
import { Uploads, uploadIdIn } from './uploads.ts'

const key = 'arn:aws:kms:us-east-1:111122223333:key/k'
const plain = call({})

function call(headers: Readonly<Record<string, string>>, rawQuery = ''): IdentifiedCall {
  return { request: { headers, rawQuery } } as unknown as IdentifiedCall // a test: no more is looked at
}

const encrypted = (resource = key, more: object = {}) => ({
  action: 'kms:GenerateDataKey',
  resource,
  context: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::b/o' },
  ...more,
})
const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::b/o' }

test('GRD-583 an upload is kept with its key and its context, or if it has a checksum', () => {
  const uploads = new Uploads()
  uploads.note('key', plain, [put, encrypted()])
  uploads.note('default', plain, [encrypted(key, { deniesOnly: true, context: {} })])
  uploads.note('checked', call({ 'x-amz-checksum-algorithm': 'CRC32' }), [put])
  uploads.note('presigned', call({}, 'X-Amz-Checksum-Algorithm=CRC32'), [put])
  uploads.note('plain', plain, [put])
  assert.deepEqual(uploads.find('key'), {
    isChecked: false,
    thing: { keys: [key], facts: { arn: 'arn:aws:s3:::b/o' } },
  })
  assert.deepEqual(uploads.find('default'), {
    isChecked: false,
    thing: { keys: ['alias/aws/s3'], facts: {} },
  })
  assert.deepEqual(uploads.find('checked'), { isChecked: true })
  assert.deepEqual(uploads.find('presigned'), { isChecked: true })
  assert.equal(uploads.find('plain'), undefined)
})

test('GRD-583 an id or a key that is too long is not kept', () => {
  const uploads = new Uploads()
  const longest = [encrypted('k'.repeat(2_048)), encrypted('k'.repeat(2_049))]
  for (const [id, question] of [
    ['a'.repeat(1_024), encrypted()],
    ['b'.repeat(1_025), encrypted()],
    ['longest', longest[0]!],
    ['longer', longest[1]!],
  ] as const)
    uploads.note(id, plain, [question])
  assert.deepEqual(
    ['a'.repeat(1_024), 'b'.repeat(1_025), 'longest', 'longer'].map((id) => uploads.find(id) !== undefined),
    [true, false, true, false],
  )
})

test('GRD-583 of 5,001 uploads the one that was noted first is dropped; one that is noted again is new', () => {
  const uploads = new Uploads()
  const note = (id: number) => uploads.note(String(id), plain, [encrypted()])
  for (let id = 0; id < 5_000; id++) note(id)
  assert.notEqual(uploads.find('0'), undefined)
  note(0)
  note(5_000)
  assert.deepEqual(
    [0, 1, 2, 5_000].map((id) => uploads.find(String(id)) !== undefined),
    [true, false, true, true],
  )
})

test('GRD-583 the id of an upload is the text of its element', () => {
  const answer = (id: string) => `<R><Bucket>b</Bucket><UploadId>${id}</UploadId></R>`
  assert.equal(uploadIdIn(answer(' u1\n')), 'u1')
  for (const none of [answer(''), answer(' '), '<R><Bucket>b</Bucket></R>'])
    assert.equal(uploadIdIn(none), undefined)
})
