import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readImage } from '../../intake/index.ts'
import { accessChanges } from './changes.ts'
import { Places, World } from './world.ts'

const role = (boundary: string) => ({
  RoleName: 'r',
  Arn: 'arn:aws:iam::123456789012:role/r',
  Path: '/',
  AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
  RolePolicyList: [
    {
      PolicyName: 'p',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
      },
    },
  ],
  AttachedManagedPolicies: [],
  PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
})
const worldOf = (roles: readonly unknown[]) => {
  const text = JSON.stringify({ RoleDetailList: roles })
  return new World(readImage([{ name: 'a.json', text }]), new Places(), new Map())
}

test('TPL-151 access under a boundary that no file has is undecided, and the boundary is named', () => {
  const nothing = worldOf([])
  const counts = (boundary: string) => {
    const world = worldOf([role(boundary)])
    const [first] = accessChanges(nothing, world).filter(({ kind }) => kind === 'role')
    const rows = [first?.added, first?.limited, first?.undecided].map((each) => each?.length)
    return { rows, missing: [...world.missing.keys()] }
  }
  const dark = 'arn:aws:iam::123456789012:policy/dark'
  assert.deepEqual(counts(dark), { rows: [0, 0, 1], missing: [dark] })
  assert.deepEqual(counts('arn:aws:iam::aws:policy/PowerUserAccess'), { rows: [1, 0, 0], missing: [] })
  assert.deepEqual(counts('arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'), { rows: [0, 1, 0], missing: [] })
  const open = worldOf([role('arn:aws:iam::aws:policy/PowerUserAccess')])
  assert.deepEqual(
    accessChanges(open, worldOf([role(dark)])).flatMap(({ removed }) => removed),
    [],
  )
})

test('GRD-726 an example is in the account of its principal, unless the policy asks for another', () => {
  const exampleOf = (Resource: string) => {
    const policy = {
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource }],
      Version: '2012-10-17',
    }
    const named = {
      ...role('arn:aws:iam::aws:policy/PowerUserAccess'),
      Arn: 'arn:aws:iam::111122223333:role/r',
      RolePolicyList: [{ PolicyName: 'p', PolicyDocument: policy }],
    }
    const [first] = accessChanges(worldOf([]), worldOf([named])).filter(({ kind }) => kind === 'role')
    return first?.added[0]?.example?.resource
  }
  assert.match(exampleOf('*') ?? '', /^arn:aws:sqs:[^:]*:111122223333:/)
  assert.match(exampleOf('arn:aws:sqs:*:123456789012:*') ?? '', /^arn:aws:sqs:[^:]*:123456789012:/)
})
