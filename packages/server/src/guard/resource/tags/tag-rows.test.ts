import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseArn } from '../../../base/index.ts'
import { type TagRow, taggingApi, tagRows } from './tag-rows.ts'

/** The call that asks for the tags of a resource, and where its answer has them. */
function written(row: TagRow, arn: string): string {
  const {
    service,
    method = 'POST',
    path = '/',
    headers = {},
    body = '',
  } = row.ask({ ...parseArn(arn)!, arn })
  const parts = [service, method, path, ...Object.values(headers).toReversed(), body, '→', ...row.at]
  return parts.filter((part) => part !== '').join(' ')
}

describe('the call that asks for a resource’s tags (GRD-142)', () => {
  const lines = readFileSync(join(import.meta.dirname, 'tag-rows.txt'), 'utf8')
    .trimEnd()
    .split('\n')
  for (const line of lines) {
    const [arn = '', expected] = line.split(': ', 2)
    test(arn, () => {
      const { service, resource } = parseArn(arn)!
      const row = tagRows.find((each) => each.service === service && each.form.test(resource))
      assert.equal(row === undefined ? 'none' : written(row, arn), expected)
    })
  }

  test('each row has a line, and what no row knows is asked of the tagging API', () => {
    const services = new Set(lines.map((line) => line.split(':', 3)[2]))
    assert.deepEqual(
      tagRows.map(({ service }) => service).filter((service) => !services.has(service)),
      [],
    )
    const arn = 'arn:aws:glue:eu-west-1:111122223333:job/j'
    assert.equal(
      written(taggingApi, arn),
      `tagging POST / ResourceGroupsTaggingAPI_20170126.GetResources application/x-amz-json-1.1 {"ResourceARNList":["${arn}"]} → ResourceTagMappingList =ResourceARN Tags`,
    )
  })
})
