import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { paginateListPolicies, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam'
import { faultOf, openHouse, trustEc2 } from './house.ts'

const { iam, close } = await openHouse()
after(close)

suite('lists', () => {
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

  test('a marker of nobody is refused (IAM-42)', async () => {
    assert.equal(await faultOf(iam.listUsers({ Marker: 'made-up' })), 'ValidationError 400: Invalid Marker.')
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
