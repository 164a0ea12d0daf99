import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readImage } from '../../intake/index.ts'
import { existingNames, overlaid } from './overlay.ts'

const dump = (name: string, text: unknown) => ({ name, text: JSON.stringify(text) })
const document = (resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: resource }],
})
const role = (name: string, more: object) => ({
  RoleName: name,
  RoleId: 'lowercase0of0an0emulator',
  Arn: `arn:aws:iam::123456789012:role/${name}`,
  Path: '/',
  AssumeRolePolicyDocument: document('*'),
  AttachedManagedPolicies: [],
  ...more,
})

test('TPL-38 the generated name of a bucket is found in the policies of the account, if there is one', () => {
  const image = readImage([
    dump('a.json', {
      RoleDetailList: [
        role('r', {
          RolePolicyList: [
            { PolicyName: 'p', PolicyDocument: document('arn:aws:s3:::shop-files-abcdefghijkl/*') },
            { PolicyName: 'q', PolicyDocument: document('arn:aws:s3:::two-b-abcdefghijkl') },
            { PolicyName: 's', PolicyDocument: document('arn:aws:s3:::two-b-mnopqrstuvwx') },
          ],
        }),
      ],
    }),
  ])
  const find = existingNames(image)
  assert.deepEqual(
    ['shop-Files-', 'two-b-', 'other-'].map((prefix) => find('AWS::S3::Bucket', prefix)),
    ['shop-files-abcdefghijkl', undefined, undefined],
  )
})

test('TPL-39 a dump of an emulator is read though names are absent and ids are of another form', () => {
  const image = readImage([
    dump('moto.json', {
      RoleDetailList: [
        role('r', {
          RolePolicyList: [
            { PolicyDocument: document('*') },
            { PolicyName: 'b', PolicyDocument: document('*') },
            {},
          ],
        }),
      ],
      Policies: [
        {
          PolicyId: 'abcdefghijklmnopqrst',
          Arn: 'arn:aws:iam::123456789012:policy/app/own',
          Path: '/app/',
          DefaultVersionId: 'v1',
          PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document('*') }],
        },
      ],
    }),
  ])
  const [account] = image.accounts
  assert.deepEqual(
    account?.roles[0]?.inline?.map(({ name }) => name),
    ['unnamed-1', 'b'],
  )
  assert.deepEqual([account?.roles[0]?.id, account?.policies[0]?.name], [undefined, 'own'])
})

test('TPL-148 a part of a role is added to what the account has of it', () => {
  const own = { PolicyName: 'own', PolicyDocument: document('*') }
  const present = readImage([
    dump('a.json', {
      RoleDetailList: [
        role('r', {
          RolePolicyList: [own],
          AttachedManagedPolicies: [{ PolicyName: 'old', PolicyArn: 'arn:aws:iam::aws:policy/old' }],
        }),
      ],
    }),
  ])
  const [account] = present.accounts
  assert.ok(account)
  const [had] = account.roles
  assert.ok(had)
  const part = { at: had.at, name: 'R', attached: ['arn:aws:iam::aws:policy/new'], isPart: true as const }
  const next = overlaid(present, { ...present, accounts: [{ ...account, roles: [part] }] })
  const [now] = next.accounts[0]?.roles ?? []
  assert.deepEqual(
    [now?.name, now?.inline?.length, now?.attached, now?.trust, now?.isPart],
    ['r', 1, ['arn:aws:iam::aws:policy/old', 'arn:aws:iam::aws:policy/new'], had.trust, undefined],
  )
})
