import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { guardKeys } from '../../packages/server/src/authorization/catalogue/index.ts'

/** The services of guard-keys.json as docs/GUARD.md names them. */
const names: Readonly<Record<string, string>> = {
  events: 'EventBridge',
  lambda: 'Lambda',
  s3: 'S3',
  secretsmanager: 'Secrets Manager',
  sns: 'SNS',
  sqs: 'SQS',
  ssm: 'Systems Manager',
  stepfunctions: 'Step Functions',
}

test('docs/GUARD.md has a row for each service that asks for keys, with the actions that it asks (GRD-190)', () => {
  const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'GUARD.md'), 'utf8')
  const [, section = ''] = guide.split('## Keys of AWS KMS', 2)
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  const { services } = guardKeys()
  assert.deepEqual(Object.keys(services).sort(), Object.keys(names).sort())
  for (const [service, { operations }] of Object.entries(services)) {
    const row = rows.find((line) => line.startsWith(`| ${names[service]} |`)) ?? ''
    const asked = Object.values(operations).flatMap(({ asks }) => asks)
    const missing = asked
      // what a service or a role is asked, a row may say in words
      .filter(({ key: { by } }) => by === undefined)
      .map(({ action }) => action)
      .filter((action) => !row.includes(action))
    assert.deepEqual([...new Set(missing)], [], `${service}: ${row}`)
  }
})
