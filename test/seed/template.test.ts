import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { assertAllowed, assertDenied, createOmen } from 'omen-iam/testing'

const bootstrap = join(import.meta.dirname, '..', 'intake', 'templates', 'cdk-bootstrap.yaml')

describe('a template as a seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-template-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('the bootstrap template of the AWS CDK: its roles are there, and may do what the template says', async () => {
    await using omen = await createOmen({ seed: bootstrap, port: false })
    const role = (kind: string) => `role/cdk-hnb659fds-${kind}-role-123456789012-us-east-1`
    const bucket = 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-us-east-1'
    await assertAllowed(omen.as(role('file-publishing')), 's3:PutObject', `${bucket}/a`)
    await assertDenied(omen.as(role('file-publishing')), 's3:PutObject', 'arn:aws:s3:::other/a')
    await assertAllowed(omen.as(role('deploy')), 'cloudformation:CreateChangeSet', '*')
  })

  test('a template that CloudFormation would refuse is no seed', async () => {
    const file = join(folder, 'bad.yaml')
    writeFileSync(file, 'Resources:\n  A: { Type: AWS::IAM::Role, DependsOn: B }\n')
    await assert.rejects(
      createOmen({ seed: file, port: false }),
      /bad\.yaml:2:\d+: A refers to the resource B/,
    )
  })
})
