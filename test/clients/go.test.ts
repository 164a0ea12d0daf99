import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openPlace } from '../../tools/clients/cases.ts'
import { clients, prepareGo } from '../../tools/clients/clients.ts'
import { rowOf, withRow } from '../../tools/clients/table.ts'
import { needs } from '../support/index.ts'

describe('clients', () => {
  test(
    'SHL-70 the SDK for Go 2 reaches the server by omen env and omen configure, and not by AWS_ENDPOINT_URL alone',
    needs('goSdk'),
    async () => {
      const prepared = prepareGo()
      assert.ok(typeof prepared === 'object', String(prepared))
      await using place = await openPlace()
      const { arns, complaints, version } = await place.run({}, prepared)
      assert.match(version ?? '', /^\d+\.\d+\.\d+$/)
      const kinds = Object.entries(arns).map(([id, arn]) => [id, arn.split(/[:/]/)[5]])
      assert.deepEqual(kinds, [
        ['keys', 'user'],
        ['role', 'assumed-role'],
        ['configured', 'assumed-role'],
        ['global', 'user'],
      ])
      const atAws = /Post "https:\/\/sts\.us-east-1\.amazonaws\.com\/".*127\.0\.0\.1:1/
      assert.match(complaints.alone ?? '', atAws)
      assert.match(await place.withToken(prepared, 'alone'), atAws)
      assert.match(await place.withToken(prepared, 'both'), /InvalidIdentityToken/)
    },
  )

  test('a row says what a client did, and takes the place of its older one', () => {
    const [client] = clients
    const outcome = { version: '2.1', arns: { keys: 'arn:a', role: 'arn:b' }, complaints: {} }
    const row = '| AWS CLI | 2.1 | ✓ | ✓ | ✗ | ✗ | ✗ |'
    assert.equal(rowOf(client!, outcome), row)
    const page = (rows: string) => `a\n<!-- clients -->\n| x |\n${rows}<!-- end of clients -->\nb\n`
    assert.equal(withRow(page('| AWS CLI | 1 |\n| y |\n'), client!, outcome), page(`${row}\n| y |\n`))
    assert.equal(withRow(page(''), client!, outcome), page(`${row}\n`))
    assert.match(rowOf({ name: 'n', without: { alone: 'why' } }, outcome), / ✗ \| – \| ✗ \|$/)
    assert.throws(() => withRow('', client!, outcome), /has no/)
  })
})
