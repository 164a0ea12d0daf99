import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prefixOf } from './catalogue/index.ts'
import { isKey } from './names.ts'

test('the service of a name is before its first colon', () => {
  assert.deepEqual(['s3:a', 's3:a:b', ':a', 's3', ''].map(prefixOf), ['s3', 's3', '', '', ''])
})

test('names of keys ignore case, and their open ends match any text but none', () => {
  for (const [key, known, expected] of [
    ['S3:Prefix', 's3:prefix', true],
    ['s3:prefixes', 's3:prefix', false],
    ['aws:resourcetag/a', 'aws:ResourceTag/${TagKey}', true],
    ['aws:ResourceTag/', 'aws:ResourceTag/${TagKey}', false],
    ['x:tag/a', 'x:tag/<key>', true],
    ['x:tag/a', 'x:tag/tag-key', true],
    ['x:tag/a', 'x:tag/tag-key/b', false],
    ['x:tag-key', 'x:tag-key', true],
    ['x:tag-other', 'x:tag-key', false],
    ['a', '${Key}', true],
    ['a', '<key>', true],
  ] as const)
    assert.equal(isKey(key, known), expected, `${key} and ${known}`)
})
