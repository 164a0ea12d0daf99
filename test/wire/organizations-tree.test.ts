import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  paginateListAccounts,
  paginateListChildren,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations'
import { managementId, openOrganizationServer, refused } from './organizations-house.ts'

const day = 86_400_000

describe("An organization's tree", async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, rootId, makeUnit } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  for (let made = 0; made < 3; made++) await makeAccount()

  await test('has a tree of units, five levels deep (ORG-4, ORG-5, ORG-115, ORG-118)', async () => {
    const root = await rootId()
    const unit = await makeUnit(root, 'Workloads')
    assert.match(unit, new RegExp(`^ou-${root.slice(2)}-[a-z0-9]{8}$`))
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.deepEqual(
      (await organizations.describeOrganizationalUnit({ OrganizationalUnitId: unit })).OrganizationalUnit,
      {
        Id: unit,
        Arn: `arn:aws:organizations::${managementId}:ou/${organization?.Id}/${unit}`,
        Name: 'Workloads',
        Path: `${organization?.Id}/${root}/${unit}/`,
      },
    )
    assert.equal((await refused(makeUnit(root, 'Workloads')))[0], 'DuplicateOrganizationalUnitException')
    let deepest = unit
    for (let level = 2; level <= 5; level++) deepest = await makeUnit(deepest, 'Workloads')
    assert.equal(
      (await refused(makeUnit(deepest, 'Workloads')))[0],
      'ConstraintViolationException (OU_DEPTH_LIMIT_EXCEEDED)',
    )
    assert.equal(
      (await refused(organizations.deleteOrganizationalUnit({ OrganizationalUnitId: unit })))[0],
      'OrganizationalUnitNotEmptyException',
    )
    const renamed = await organizations.updateOrganizationalUnit({
      OrganizationalUnitId: unit,
      Name: 'Renamed',
    })
    assert.equal(renamed.OrganizationalUnit?.Name, 'Renamed')
    const blank = await organizations.updateOrganizationalUnit({ OrganizationalUnitId: unit, Name: ' ' })
    assert.deepEqual(blank, { ...blank, OrganizationalUnit: renamed.OrganizationalUnit })
    const units = await organizations.listOrganizationalUnitsForParent({ ParentId: root })
    assert.deepEqual(
      units.OrganizationalUnits?.map((each) => each.Name),
      ['Renamed'],
    )
    assert.equal((await refused(makeUnit('r-none', 'x')))[0], 'ParentNotFoundException')
    assert.equal(
      (
        await refused(organizations.describeOrganizationalUnit({ OrganizationalUnitId: 'ou-none-00000000' }))
      )[0],
      'OrganizationalUnitNotFoundException',
    )
  })

  await test('moves accounts about in it (ORG-6)', async () => {
    const root = await rootId()
    const unit = await makeUnit(root, 'Sandbox')
    const account = await makeAccount()
    const move = (from: string, to: string) =>
      organizations.moveAccount({ AccountId: account, SourceParentId: from, DestinationParentId: to })
    await move(root, unit)
    assert.deepEqual((await organizations.listParents({ ChildId: account })).Parents, [
      { Id: unit, Type: 'ORGANIZATIONAL_UNIT' },
    ])
    assert.deepEqual((await organizations.listParents({ ChildId: unit })).Parents, [
      { Id: root, Type: 'ROOT' },
    ])
    const children = await organizations.listChildren({ ParentId: unit, ChildType: 'ACCOUNT' })
    assert.deepEqual(children.Children, [{ Id: account, Type: 'ACCOUNT' }])
    const accounts = await organizations.listAccountsForParent({ ParentId: unit })
    assert.deepEqual(
      accounts.Accounts?.map((each) => each.Id),
      [account],
    )
    assert.equal((await refused(move(root, unit)))[0], 'DuplicateAccountException')
    assert.equal((await refused(move('r-none', root)))[0], 'SourceParentNotFoundException')
    assert.equal((await refused(move(unit, 'ou-none-00000000')))[0], 'DestinationParentNotFoundException')
    assert.equal(
      (await refused(organizations.listParents({ ChildId: '000000000000' })))[0],
      'ChildNotFoundException',
    )
    await move(unit, root)
    await organizations.deleteOrganizationalUnit({ OrganizationalUnitId: unit })
  })

  await test('gives its lists in pages that neither skip nor repeat (ORG-72)', async () => {
    const root = await rootId()
    const page = { client: organizations, pageSize: 2 }
    const accounts: (string | undefined)[] = []
    for await (const { Accounts } of paginateListAccounts(page, {})) {
      assert.ok((Accounts?.length ?? 0) <= 2)
      accounts.push(...(Accounts ?? []).map((each) => each.Id))
    }
    const all = (await organizations.listAccounts({})).Accounts?.map((each) => each.Id)
    assert.deepEqual(accounts, all)
    assert.ok(accounts.length >= 4)
    const children: (string | undefined)[] = []
    const listing = paginateListChildren(page, { ParentId: root, ChildType: 'ACCOUNT' })
    for await (const { Children } of listing) children.push(...(Children ?? []).map((each) => each.Id))
    assert.deepEqual(children, all)

    const names = ['a', 'b', 'c', 'd', 'e']
    const parent = await makeUnit(root, 'Pages')
    const ids = await Promise.all(names.map((name) => makeUnit(parent, name)))
    const seen: (string | undefined)[] = []
    const units = paginateListOrganizationalUnitsForParent(page, { ParentId: parent })
    for await (const { OrganizationalUnits } of units) {
      seen.push(...(OrganizationalUnits ?? []).map((each) => each.Id))
      // an entry of the last page is gone when the next page is requested
      if (seen.length === 2) {
        await organizations.deleteOrganizationalUnit({ OrganizationalUnitId: seen[1] })
      }
    }
    assert.deepEqual(seen, ids.sort())
    assert.equal(
      (await refused(organizations.listAccounts({ NextToken: '!' })))[0],
      'InvalidInputException (INVALID_NEXT_TOKEN)',
    )
  })

  await test('bears tags on all that it has (ORG-50)', async () => {
    const root = await rootId()
    const unit = await makeUnit(root, 'Tagged')
    const tag = (Key: string) => ({ Key, Value: '' })
    await organizations.tagResource({ ResourceId: unit, Tags: [tag('a'), tag('b')] })
    await organizations.tagResource({ ResourceId: unit, Tags: [{ Key: 'a', Value: '1' }] })
    await organizations.untagResource({ ResourceId: unit, TagKeys: ['b'] })
    assert.deepEqual((await organizations.listTagsForResource({ ResourceId: unit })).Tags, [
      { Key: 'a', Value: '1' },
    ])
    const put = (ResourceId: string, ...keys: string[]) =>
      organizations.tagResource({ ResourceId, Tags: keys.map(tag) })
    assert.equal((await refused(put(unit, 'c', 'c')))[0], 'InvalidInputException (DUPLICATE_TAG_KEY)')
    assert.equal(
      (await refused(put(unit, 'aws:x')))[0],
      'InvalidInputException (INVALID_SYSTEM_TAGS_PARAMETER)',
    )
    assert.equal((await refused(put('ou-none-00000000', 'a')))[0], 'TargetNotFoundException')
    assert.equal(
      (await refused(put('p-FullAWSAccess', 'a')))[0],
      'InvalidInputException (TARGET_NOT_SUPPORTED)',
    )
    const many = Array.from({ length: 51 }, (_, index) => `k${index}`)
    assert.equal(
      (await refused(put(unit, ...many)))[0],
      'ConstraintViolationException (MAX_TAG_LIMIT_EXCEEDED)',
    )
  })
})

describe('Closing many accounts', async () => {
  const server = await openOrganizationServer({ quotas: { AccountsPerOrganization: 20 } })
  after(() => server.omen.close())
  await server.management.organizations.createOrganization({})

  await test('goes on for ten accounts within thirty days (ORG-71)', async () => {
    const close = async (AccountId: string) => server.hand('admin').organizations.closeAccount({ AccountId })
    for (let n = 0; n < 10; n++) await close(await server.makeAccount())
    const account = await server.makeAccount()
    assert.deepEqual(await refused(close(account)), [
      'ConstraintViolationException (CLOSE_ACCOUNT_QUOTA_EXCEEDED)',
      'You have exceeded close account quota for the past 30 days.',
    ])
    server.omen.clock.advance(31 * day)
    await close(account)
  })
})
