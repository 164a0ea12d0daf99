import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, graphOfFile, roleArn } from './account-file.ts'
import { root, when } from './kinds.ts'

test('a principal that is held for sure may be an administrator on a condition', () => {
  const inside = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')
  const graph = graphOfFile({
    users: { dev: { statements: [allow('sts:AssumeRole', roleArn('ops'))] } },
    roles: {
      ops: { trust: { AWS: root }, statements: [allow('iam:PutRolePolicy', roleArn('ops'), inside)] },
    },
  })
  const found = graph.reach(graph.find('dev')!)
  assert.deepEqual(
    found.map(({ person: { name }, verdict, isAdministrator, administrator }) => [
      name,
      verdict,
      isAdministrator,
      administrator,
    ]),
    [['ops', 'proven', false, 'conditional']],
  )
})
