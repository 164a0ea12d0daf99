import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, worldWith } from '../../packages/server/src/graph/index.ts'
import { type AccountFile, allow, roleArn, worldOf } from './account-file.ts'
import { adm, assumes, dev, mfa, passing, root, trusted, when } from './kinds.ts'

/** The verdict of dev where the question states some keys, with the keys that are left. */
function verdictOf(file: AccountFile, stated: Readonly<Record<string, string>>): string {
  const graph = graphOf(worldWith(worldOf(file), stated), techniqueTable())
  const { verdict, residual } = graph.paths(graph.find('user/dev')!)
  return [verdict, ...new Set(residual.map(({ key }) => key))].join(' ')
}

const inside = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')

describe('a question that states where the attacker comes from (GRD-640)', () => {
  test('decides conditions on the network, and leaves those on other keys', () => {
    const file = assumes(inside)
    assert.equal(verdictOf(file, {}), 'conditional aws:SourceIp')
    assert.equal(verdictOf(file, { 'aws:SourceIp': '10.0.0.7' }), 'proven')
    assert.equal(verdictOf(file, { 'aws:SourceIp': '198.51.100.7' }), 'none')
    assert.equal(verdictOf(file, { 'aws:SourceVpce': 'vpce-1' }), 'conditional aws:SourceIp')
  })

  test('decides conditions on MFA and on an external id', () => {
    const file = trusted({ ...when('Bool', mfa, 'true'), ...when('StringEquals', 'sts:ExternalId', 'blue') })
    assert.equal(verdictOf(file, {}), 'conditional aws:MultiFactorAuthPresent sts:ExternalId')
    assert.equal(verdictOf(file, { [mfa]: 'true', 'sts:ExternalId': 'blue' }), 'proven')
    assert.equal(verdictOf(file, { [mfa]: 'true' }), 'conditional sts:ExternalId')
    assert.equal(verdictOf(file, { [mfa]: 'true', 'sts:ExternalId': 'red' }), 'none')
  })

  test('says nothing of what runs in a service', () => {
    const file = passing(undefined, undefined, {
      attached: [],
      statements: [allow('iam:PutRolePolicy', roleArn('adm'), inside)],
    })
    const answer = verdictOf(file, { 'aws:SourceIp': '10.0.0.7' })
    assert.equal(answer, verdictOf(file, {}))
    assert.match(answer, /^conditional .*aws:SourceIp/)
  })

  test('counts in the policies of an administrator', () => {
    const file = dev(
      [allow('sts:AssumeRole', roleArn('adm'))],
      {},
      {
        roles: adm({ AWS: root }, { attached: [], statements: [allow('*', '*', inside)] }),
      },
    )
    assert.equal(verdictOf(file, {}), 'conditional aws:SourceIp')
    assert.equal(verdictOf(file, { 'aws:SourceIp': '10.0.0.7' }), 'proven')
  })
})
