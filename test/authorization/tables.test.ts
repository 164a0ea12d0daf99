import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  managedPolicies,
  passRoleRows,
  passRoleRowsOf,
  passRoleTable,
  serviceLinkedRoles,
} from '../../packages/server/src/authorization/catalogue/index.ts'

test('a managed policy of AWS has its times, and whether anybody may attach it', () => {
  const find = (pathAndName: string) => {
    const { createdAt, updatedAt, attachable, defaultVersion, id } = managedPolicies().find(
      `arn:aws:iam::aws:policy/${pathAndName}`,
    )!
    return [new Date(createdAt).toISOString(), updatedAt > createdAt, attachable, defaultVersion > 'v1', id]
  }
  assert.deepEqual(find('AdministratorAccess'), [
    '2015-02-06T18:39:46.000Z',
    false,
    true,
    false,
    'ANPAIWMBCKSKIEE64ZLYK',
  ])
  assert.deepEqual(find('aws-service-role/AWSSupportServiceRolePolicy'), [
    '2018-04-19T18:04:44.000Z',
    true,
    false,
    true,
    'ANPAZKAPJZG4OEYRT7R5C',
  ])
  const { updatedAt } = managedPolicies().find('arn:aws:iam::aws:policy/AdministratorAccess')!
  assert.equal(new Date(updatedAt).toISOString(), '2015-02-06T18:39:46.000Z')
  assert.equal(managedPolicies(), managedPolicies('aws'))
  // the documents are cut out of sections: each is whole
  for (const [index, { document }] of managedPolicies().list().entries())
    if (index % 41 === 0 || index < 3) assert.equal(JSON.parse(document).Version, '2012-10-17')
  const lambda = 'policy/AWSLambda_FullAccess'
  const text = (partition: string) =>
    managedPolicies(partition).find(`arn:${partition}:iam::aws:${lambda}`)!.document
  assert.match(text('aws'), /"arn:aws:logs:/)
  assert.match(text('aws-cn'), /"arn:aws-cn:logs:/)
  assert.doesNotMatch(text('aws-cn'), /arn:aws:/)
})

test('a service-linked role has its path, and a description if one is known', () => {
  const described = [...serviceLinkedRoles().values()].filter(({ description }) => description !== undefined)
  assert.ok(described.length > 0)
  for (const { service, path } of serviceLinkedRoles().values())
    assert.equal(path, `/aws-service-role/${service}/`)
})

test('the principals that a role may be passed to are in order, each once', () => {
  assert.deepEqual([passRoleRowsOf('nothing'), passRoleRows('nothing', 'x')], [[], []])
  for (const rows of passRoleTable().values())
    for (const { passedTo } of rows) assert.deepEqual(passedTo, [...new Set(passedTo)].toSorted())
})
