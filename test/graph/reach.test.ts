import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administratorAccess, allow, deny, graphOfFile, roleArn, userArn } from './account-file.ts'
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
    found.map(({ principal: { name }, verdict, isAdministrator, administrator }) => [
      name,
      verdict,
      isAdministrator,
      administrator,
    ]),
    [['ops', 'proven', false, 'conditional']],
  )
})

test('an administrator makes a call that is refused to it through who may make it', () => {
  const spared = when('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/landing-zone')
  const document = (Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
  const scps = [
    [
      { name: 'all', document: document([allow('*')]) },
      { name: 'guard', document: document([deny('cloudtrail:DeleteTrail', '*', spared)]) },
    ],
  ]
  const trail = 'arn:aws:cloudtrail:eu-west-1:123456789012:trail/main'
  const who = (trust: object) => {
    const principals = { users: { dev: { attached: [administratorAccess] }, guest: {} } }
    const roles = { 'landing-zone': { trust, statements: [allow('cloudtrail:*')] } }
    return graphOfFile({ ...principals, roles }, { scps })
      .powers('cloudtrail:DeleteTrail', trail)
      .map(({ principal, verdict, steps }) => `${principal.name} ${verdict} ${steps.length}`)
      .sort()
  }
  assert.deepEqual(who({ AWS: root }), ['dev proven 1', 'landing-zone proven 0'])
  assert.deepEqual(who({ AWS: userArn('guest') }), [
    'dev proven 1',
    'guest proven 1',
    'landing-zone proven 0',
  ])
})

test('the account of a bucket is known', () => {
  const of = (owner: string) => allow('s3:GetObject', '*', when('StringEquals', 's3:ResourceAccount', owner))
  const graph = graphOfFile({
    users: { dev: { statements: [of('123456789012')] }, guest: { statements: [of('444455556666')] } },
  })
  const found = graph.powers('s3:GetObject', 'arn:aws:s3:::pay/a')
  assert.deepEqual(
    found.map(({ principal, verdict }) => [principal.name, verdict]),
    [['dev', 'proven']],
  )
})
