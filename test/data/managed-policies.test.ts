import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compile, parsePolicy, validate } from '@omen-iam/policy'
import { managedPolicies } from '../../packages/server/src/authorization/catalogue/index.ts'

describe('AWS’s managed policies', () => {
  const catalogue = managedPolicies()

  it('are opened once, and kept', () => {
    assert.equal(managedPolicies(), catalogue)
  })

  it('are found by their ARN', () => {
    const policy = catalogue.find('arn:aws:iam::aws:policy/AdministratorAccess')
    assert.ok(policy)
    assert.equal(policy.name, 'AdministratorAccess')
    assert.equal(policy.path, '/')
    assert.equal(policy.defaultVersion, 'v1')
    assert.equal(new Date(policy.createdAt).toISOString(), '2015-02-06T18:39:46.000Z')
    assert.equal(catalogue.find('arn:aws:iam::aws:policy/administratoraccess'), undefined)
    assert.equal(catalogue.find('arn:aws:iam::123456789012:policy/AdministratorAccess'), undefined)
  })

  it('have the text of a policy, indented by two (CAT-1)', () => {
    const text = catalogue.find('arn:aws:iam::aws:policy/AdministratorAccess')?.document
    assert.equal(
      text,
      '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": "*",\n      "Resource": "*"\n    }\n  ]\n}',
    )
  })

  it('are all whole, sorted, with ids of their own (CAT-2)', () => {
    const list = catalogue.list()
    assert.ok(list.length > 1500)
    assert.deepEqual(
      list.map(({ name }) => name),
      list.map(({ name }) => name).sort(),
    )
    assert.equal(new Set(list.map(({ id }) => id)).size, list.length)
    const lambda = catalogue.find('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')
    assert.equal(lambda?.id, 'ANPAJNCQGXC42545SKXIK')
    assert.equal(lambda?.description, 'Provides write permissions to CloudWatch Logs.')
    assert.equal(list.filter(({ description }) => description !== undefined).length, 11)
    for (const policy of list) {
      assert.match(policy.id, /^ANPA[A-Z2-7]{17}$/)
      assert.match(policy.arn, /^arn:aws:iam::aws:policy\/(?:[a-z-]+\/)?[\w+=,.@-]+$/)
      assert.ok(policy.updatedAt >= policy.createdAt)
      const document: unknown = JSON.parse(policy.document)
      assert.ok(typeof document === 'object' && document !== null && 'Statement' in document, policy.name)
    }
  })

  it('can be attached, but for those of service-linked roles (CAT-3)', () => {
    const attachable = (arn: string) => catalogue.find(`arn:aws:iam::aws:policy/${arn}`)?.attachable
    assert.equal(attachable('service-role/AWSLambdaBasicExecutionRole'), true)
    assert.equal(attachable('job-function/ViewOnlyAccess'), true)
    assert.equal(attachable('aws-service-role/AutoScalingServiceRolePolicy'), false)
  })

  it('are read, compiled and checked: IAM would store all but one of them (POL-149, POL-155, POL-241)', () => {
    const refused: string[] = []
    const errors = new Set<string>()
    for (const { name, document } of catalogue.list()) {
      const parsed = parsePolicy(document, 'identity', { lenient: true })
      assert.ok(parsed.ok, name)
      compile({ identity: [{ policy: parsed.policy, source: { type: 'aws-managed', name } }] })
      if (!parsePolicy(document, 'identity').ok) refused.push(name)
      for (const finding of validate(document, 'identity'))
        if (finding.class === 'error') errors.add(`${name} ${finding.code}`)
    }
    assert.deepEqual(refused, ['AmazonTimestreamInfluxDBServiceRolePolicy'])
    assert.deepEqual(
      [...errors],
      [
        'AWSSecurityHubV2ServiceRolePolicy VARIABLE_USAGE_TOO_PERMISSIVE',
        'AmazonTimestreamInfluxDBServiceRolePolicy INVALID_ARN_ACCOUNT',
      ],
    )
  })
})
