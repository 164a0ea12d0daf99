import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  graphOf,
  joinWorlds,
  readInventory,
  readOrganization,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  allow,
  detailsOf,
  inventoryOf,
  policyArn,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'

const other = '999988887777'

/**
 * Whether dev comes to the role `vault` of another account, which trusts this account under a condition. An SCP lets
 * nobody make what dev may not make.
 */
function verdictOf(condition: object, statements: readonly Statement[], more: AccountFile = {}): string {
  const file: AccountFile = { ...more, users: { dev: { statements } } }
  const document = { Version: '2012-10-17', Statement: [...statements, allow('sts:AssumeRole')] }
  const organization = readOrganization({ scps: [[{ name: 'few', document }]] })
  const inventory = readInventory(inventoryOf(file))
  const own = readWorld({ details: detailsOf(file), inventory, organization })
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'sts:AssumeRole',
    Condition: condition,
  }
  const vault = detailsOf({ roles: { vault: { trust: [trust] } } })
  const foreign = readWorld({ details: vault.replaceAll(`${account}:role/vault`, `${other}:role/vault`) })
  const graph = graphOf(joinWorlds([own, foreign]), techniqueTable())
  return graph.paths(graph.find('user/dev')!, graph.find('role/vault')!).verdict
}

const making = ['iam:CreateRole', 'iam:PutRolePolicy']

describe('the name of a new principal', () => {
  test('is one that a trust policy of another account asks for', () => {
    const named = { ArnEquals: { 'aws:PrincipalArn': roleArn('ci') } }
    assert.equal(verdictOf(named, [allow(making, roleArn('ci'))]), 'proven')
    assert.equal(verdictOf(named, [allow(making, roleArn('ci-*'))]), 'none')
    assert.equal(verdictOf(named, [allow('iam:CreateRole', roleArn('ci'))]), 'none')
    assert.equal(verdictOf(named, [allow(making)]), 'proven')
    const existing = { roles: { ci: { trust: { AWS: userArn('nobody') } } } }
    assert.notEqual(verdictOf(named, [allow(making, roleArn('ci'))], existing), 'proven')
  })

  test('fits a pattern only if the attacker may make such a name', () => {
    const like = { ArnLike: { 'aws:PrincipalArn': roleArn('new-*') } }
    assert.equal(verdictOf(like, [allow(making, roleArn('ci'))]), 'none')
    assert.equal(verdictOf(like, [allow(making, roleArn('new-*'))]), 'proven')
    assert.equal(verdictOf(like, [allow(making, roleArn('*'))]), 'proven')
  })

  test('is none that a condition excludes', () => {
    const but = { ArnNotLike: { 'aws:PrincipalArn': roleArn('ci*') } }
    assert.equal(verdictOf(but, [allow(making, roleArn('ci'))]), 'none')
    assert.equal(verdictOf(but, [allow(making, roleArn('c*'))]), 'proven')
  })

  test('may be that of a role with a boundary, if no other may be made', () => {
    const named = { ArnEquals: { 'aws:PrincipalArn': roleArn('ci') } }
    const within = (boundary: string) => ({
      StringEquals: { 'iam:PermissionsBoundary': policyArn(boundary) },
    })
    const policies = { edge: [allow('sts:*')], shut: [allow('s3:*')] }
    const make = (boundary: string) => [allow(making, roleArn('ci'), within(boundary))]
    assert.equal(verdictOf(named, make('edge'), { policies }), 'proven')
    assert.equal(verdictOf(named, make('shut'), { policies }), 'blocked')
    assert.equal(verdictOf(named, make('gone'), { policies }), 'none')
    assert.equal(verdictOf(named, [allow(making, roleArn('cd'), within('edge'))], { policies }), 'none')
    const both = [allow(making, roleArn('ci'), within('shut')), allow(making, roleArn('ci'), within('edge'))]
    assert.equal(verdictOf(named, both, { policies }), 'proven')
  })

  test('may be that of a role that gets a policy which exists', () => {
    const named = { ArnEquals: { 'aws:PrincipalArn': roleArn('ci') } }
    const policies = { few: [allow('sts:AssumeRole')], none: [allow('s3:*')] }
    const attach = (name: string) => [
      allow('iam:CreateRole', roleArn('ci')),
      allow('iam:AttachRolePolicy', roleArn('ci'), { ArnEquals: { 'iam:PolicyARN': policyArn(name) } }),
    ]
    assert.equal(verdictOf(named, attach('few'), { policies }), 'proven')
    assert.equal(verdictOf(named, attach('none'), { policies }), 'none')
  })

  test('may be that of a user', () => {
    const named = { ArnEquals: { 'aws:PrincipalArn': userArn('build/ci') } }
    const user = ['iam:CreateUser', 'iam:CreateAccessKey', 'iam:PutUserPolicy']
    assert.equal(verdictOf(named, [allow(user, userArn('build/*'))]), 'proven')
    assert.equal(verdictOf(named, [allow(user, userArn('ops/*'))]), 'none')
  })
})
