import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awsCliOf } from './doctor.ts'

test('SHL-72 an AWS CLI that misses the server is named', () => {
  const said = (version: string) => {
    const { state, says } = awsCliOf(`aws-cli/${version} Python/3.11.7 Linux/6.1 botocore/1.43.11\n`)
    return `${state}: ${says}`
  }
  assert.equal(said('2.23.6'), 'ok: aws-cli/2.23.6')
  assert.match(said('2.12.9'), /^warning: aws-cli\/2\.12\.9 does not know AWS_ENDPOINT_URL$/)
  assert.match(said('1.28.0'), /does not know AWS_ENDPOINT_URL$/)
  assert.match(
    said('1.45.11'),
    /^warning: aws-cli\/1\.45\.11 sends sqs, emr, rds, docdb, neptune and health to AWS/,
  )
  assert.equal(awsCliOf('').says, 'not found in PATH')
})
