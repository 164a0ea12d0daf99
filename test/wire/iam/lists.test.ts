import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  paginateListPolicies,
  paginateListRolePolicies,
  paginateListRoles,
  paginateListUsers,
  paginateListUserTags,
  paginateListVirtualMFADevices,
} from '@aws-sdk/client-iam'
import { allow, faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

describe('lists', () => {
  test('sorted by name, a hundred a page (IAM-40, IAM-41)', async () => {
    const made: string[] = []
    for (let n = 0; n < 120; n++) {
      const RoleName = `${n % 2 === 0 ? 'Role' : 'role'}-${String((n * 37) % 120).padStart(3, '0')}`
      made.push(RoleName)
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2, Path: `/p${n % 3}/` })
    }
    const first = await iam.listRoles({})
    assert.deepEqual([first.Roles?.length, first.IsTruncated], [100, true])
    const names: (string | undefined)[] = []
    for await (const page of paginateListRoles({ client: iam, pageSize: 7 }, {})) {
      names.push(...(page.Roles ?? []).map((role) => role.RoleName))
    }
    assert.deepEqual(
      names,
      made.toSorted((a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en')),
    )
    let inPath = 0
    for await (const page of paginateListRoles({ client: iam, pageSize: 9 }, { PathPrefix: '/p1' })) {
      inPath += page.Roles?.length ?? 0
    }
    assert.equal(inPath, 40)
  })

  test('inline policies too (IAM-40)', async () => {
    const RoleName = 'inline'
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })
    const sorted = ['PolicyAppMesh', 'PolicyAutoScaling', 'PolicyAWSLoadBalancer', 'Policyz']
    for (const PolicyName of sorted.toReversed()) {
      await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: allow('s3:*') })
    }
    const names: string[] = []
    for await (const page of paginateListRolePolicies({ client: iam, pageSize: 1 }, { RoleName })) {
      names.push(...(page.PolicyNames ?? []))
    }
    assert.deepEqual(names, sorted)
    for (const PolicyName of sorted) await iam.deleteRolePolicy({ RoleName, PolicyName })
    await iam.deleteRole({ RoleName })
  })

  test('a marker stays good when entities come and go (IAM-42)', async () => {
    for (const UserName of ['b', 'd', 'f', 'h']) await iam.createUser({ UserName })
    const first = await iam.listUsers({ MaxItems: 3 })
    assert.deepEqual(
      first.Users?.map((user) => user.UserName),
      ['admin', 'b', 'd'],
    )
    await iam.deleteUser({ UserName: 'd' })
    await iam.deleteUser({ UserName: 'f' })
    await iam.createUser({ UserName: 'a' })
    await iam.createUser({ UserName: 'e' })
    const rest = await iam.listUsers({ Marker: first.Marker })
    assert.deepEqual(
      rest.Users?.map((user) => user.UserName),
      ['e', 'h'],
    )
  })

  test('long keys make no marker too long to come back (IAM-42)', async () => {
    // 128 characters, and only the last differs
    const keys = [...'äöü'].map((last) => `${'鍵'.repeat(127)}${last}`)
    await iam.createUser({ UserName: 'tagged', Tags: keys.map((Key) => ({ Key, Value: '' })) })
    const found: (string | undefined)[] = []
    for await (const page of paginateListUserTags({ client: iam, pageSize: 1 }, { UserName: 'tagged' })) {
      found.push(...(page.Tags ?? []).map((tag) => tag.Key))
    }
    assert.deepEqual(found, keys)
    const first = await iam.listUserTags({ UserName: 'tagged', MaxItems: 2 })
    assert(first.Marker !== undefined && first.Marker.length <= 320)
    await iam.untagUser({ UserName: 'tagged', TagKeys: keys.slice(1, 2) })
    const rest = await iam.listUserTags({ UserName: 'tagged', Marker: first.Marker })
    assert.equal(rest.Tags?.at(-1)?.Key, keys[2])
    const Path = `/${'p'.repeat(222)}/`
    for (const VirtualMFADeviceName of ['a', 'b', 'c']) {
      await iam.createVirtualMFADevice({ VirtualMFADeviceName, Path })
    }
    const serials: (string | undefined)[] = []
    for await (const page of paginateListVirtualMFADevices({ client: iam, pageSize: 1 }, {})) {
      serials.push(...(page.VirtualMFADevices ?? []).map((device) => device.SerialNumber?.at(-1)))
    }
    assert.deepEqual(serials, ['a', 'b', 'c'])
  })

  test('a marker of nobody is refused (IAM-42)', async () => {
    for (const text of ['made-up', 'after', 'behind:short', 'elsewhere:'])
      for (const Marker of [text, Buffer.from(text).toString('base64')])
        assert.equal(await faultOf(iam.listUsers({ Marker })), 'ValidationError 400: Invalid Marker.', Marker)
    assert.match(await faultOf(iam.listUsers({ MaxItems: 1_001 })), /^ValidationError 400/)
  })

  test("every one of AWS's policies comes once", async () => {
    const seen = new Set<string | undefined>()
    let count = 0
    for await (const page of paginateListPolicies({ client: iam, pageSize: 1000 }, { Scope: 'AWS' })) {
      for (const policy of page.Policies ?? []) seen.add(policy.Arn)
      count += page.Policies?.length ?? 0
    }
    assert.equal(seen.size, count)
    assert(count > 1_000)
    for await (const page of paginateListUsers({ client: iam }, {})) assert.equal(page.IsTruncated, false)
  })
})
