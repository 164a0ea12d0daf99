import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { actionInfo } from '../../packages/server/src/authorization/catalogue/index.ts'
import { asked, requestsOf } from './asked.ts'
import { serialised } from './serialised.ts'

const row = /^(\S+) (\S+) (\{.*\}) => (.*?)(?: with (\{.*\}))?$/
/** Keys that every call of a service has. */
const everywhere = new Set(['s3:authType', 's3:signatureversion', 'kms:CallerAccount', 'aws:SourceArn'])

const files = ['reference.txt', 'reference-daily.txt', 'reference-platform.txt']

describe('what frequently used operations ask, by AWS’s reference (behaviours GRD-10 to GRD-16, GRD-27 to GRD-29, GRD-36 to GRD-38)', () => {
  const lines = files.flatMap((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8')
      .trim()
      .split('\n'),
  )
  const rows = lines.filter((line) => !line.startsWith('#'))
  for (const line of rows) {
    const [, service = '', operation = '', input = '', asks = '', keys = '{}'] = row.exec(line) ?? []
    test(`${service} ${operation} ${input}`, () => {
      const sent = serialised(service, operation, JSON.parse(input) as Readonly<Record<string, unknown>>)
      assert.deepEqual(asked(sent), asks.split('; '))
      const requests = requestsOf(sent)
      for (const { action } of requests) assert.ok(actionInfo(action), `${action} is in the reference`)
      const context = Object.assign({}, ...requests.map((request) => request.context ?? {})) as object
      const told = Object.entries(context).filter(([key]) => !everywhere.has(key))
      assert.deepEqual(Object.fromEntries(told), JSON.parse(keys))
    })
  }

  test('there are enough of them', () => assert.ok(rows.length > 560))
})
