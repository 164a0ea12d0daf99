import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, faultOf, openServer } from './house.ts'

const { iam, close } = await openServer()
after(close)

describe('groups', () => {
  test('created, shown with its users, listed, renamed, deleted (IAM-6)', async () => {
    const { Group: made } = await iam.createGroup({ GroupName: 'Smiths', Path: '/craft/' })
    assert.match(made?.GroupId ?? '', /^AGPA[A-Z2-7]{17}$/)
    assert.equal(made?.Arn, 'arn:aws:iam::123456789012:group/craft/Smiths')
    for (const UserName of ['b', 'a', 'c']) {
      await iam.createUser({ UserName })
      await iam.addUserToGroup({ GroupName: 'smiths', UserName })
    }
    await iam.addUserToGroup({ GroupName: 'Smiths', UserName: 'a' }) // again: nothing changes
    const shown = await iam.getGroup({ GroupName: 'Smiths', MaxItems: 2 })
    assert.deepEqual(shown.Group, made)
    assert.deepEqual(
      shown.Users?.map((user) => user.UserName),
      ['a', 'b'],
    )
    const more = await iam.getGroup({ GroupName: 'Smiths', Marker: shown.Marker })
    assert.deepEqual([more.Users?.map((user) => user.UserName), more.IsTruncated], [['c'], false])
    assert.deepEqual((await iam.listGroups({ PathPrefix: '/craft/' })).Groups, [made])
    assert.deepEqual((await iam.listGroups({ PathPrefix: '/art/' })).Groups, [])
    await iam.updateGroup({ GroupName: 'Smiths', NewGroupName: 'Masters', NewPath: '/' })
    assert.deepEqual(
      (await iam.listGroupsForUser({ UserName: 'a' })).Groups?.map((group) => group.Arn),
      ['arn:aws:iam::123456789012:group/Masters'],
    )
    for (const _ of [1, 2]) await iam.removeUserFromGroup({ GroupName: 'Masters', UserName: 'a' })
    assert.deepEqual((await iam.listGroupsForUser({ UserName: 'a' })).Groups, [])
  })

  test('a group is deleted when nothing hangs on it (IAM-20)', async () => {
    const GroupName = 'full'
    await iam.createGroup({ GroupName })
    await iam.createUser({ UserName: 'member' })
    await iam.addUserToGroup({ GroupName, UserName: 'member' })
    await iam.putGroupPolicy({ GroupName, PolicyName: 'p', PolicyDocument: allow('s3:*') })
    await iam.attachGroupPolicy({ GroupName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })
    const why = () => faultOf(iam.deleteGroup({ GroupName }))
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must remove users from group first.')
    await iam.removeUserFromGroup({ GroupName, UserName: 'member' })
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must delete policies first.')
    await iam.deleteGroupPolicy({ GroupName, PolicyName: 'p' })
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must detach all policies first.')
    await iam.detachGroupPolicy({ GroupName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })
    await iam.deleteGroup({ GroupName })
    assert.equal(
      await faultOf(iam.getGroup({ GroupName })),
      'NoSuchEntity 404: The group with name full cannot be found.',
    )
  })

  test('a name is taken once, and names must exist', async () => {
    await iam.createGroup({ GroupName: 'one' })
    assert.equal(
      await faultOf(iam.createGroup({ GroupName: 'ONE' })),
      'EntityAlreadyExists 409: Group with name ONE already exists.',
    )
    assert.equal(
      await faultOf(iam.addUserToGroup({ GroupName: 'one', UserName: 'ghost' })),
      'NoSuchEntity 404: The user with name ghost cannot be found.',
    )
  })

  test('a user is in ten groups at most (IAM-30, IAM-31)', async () => {
    await iam.createUser({ UserName: 'joiner' })
    for (let n = 1; n <= 11; n++) await iam.createGroup({ GroupName: `g${n}` })
    for (let n = 1; n <= 10; n++) await iam.addUserToGroup({ GroupName: `g${n}`, UserName: 'joiner' })
    assert.equal(
      await faultOf(iam.addUserToGroup({ GroupName: 'g11', UserName: 'joiner' })),
      'LimitExceeded 409: Cannot exceed quota for GroupsPerUser: 10',
    )
  })
})
