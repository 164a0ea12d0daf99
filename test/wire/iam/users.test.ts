import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, faultOf, newKey, openServer } from './house.ts'

const { iam, as, close } = await openServer()
after(close)

describe('users', () => {
  test('created, shown, listed, renamed, deleted (IAM-1, IAM-45)', async () => {
    const { User: made } = await iam.createUser({
      UserName: 'Rin',
      Path: '/team/',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      Tags: [{ Key: 'team', Value: 'red' }],
    })
    assert.match(made?.UserId ?? '', /^AIDA[A-Z2-7]{17}$/)
    assert.equal(made?.Arn, 'arn:aws:iam::123456789012:user/team/Rin')
    assert.deepEqual(made?.PermissionsBoundary, {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    })
    assert.deepEqual(made?.Tags, [{ Key: 'team', Value: 'red' }])
    const { User: shown } = await iam.getUser({ UserName: 'Rin' })
    assert.deepEqual(shown, made)
    const { Users, IsTruncated } = await iam.listUsers({ PathPrefix: '/team/' })
    const { PermissionsBoundary: _, Tags: __, ...listed } = made ?? assert.fail()
    assert.deepEqual(Users, [listed])
    assert.equal(IsTruncated, false)
    await iam.updateUser({ UserName: 'Rin', NewUserName: 'Rina', NewPath: '/' })
    const { User: renamed } = await iam.getUser({ UserName: 'rina' })
    assert.deepEqual(
      [renamed?.Arn, renamed?.UserId, renamed?.Tags],
      ['arn:aws:iam::123456789012:user/Rina', made?.UserId, made?.Tags],
    )
    assert.deepEqual(bare(await iam.deleteUser({ UserName: 'rina' })), {})
    assert.equal(
      await faultOf(iam.getUser({ UserName: 'rina' })),
      'NoSuchEntity 404: The user with name rina cannot be found.',
    )
  })

  test('names are one name in any case (IAM-2)', async () => {
    await iam.createUser({ UserName: 'Case' })
    assert.equal(
      await faultOf(iam.createUser({ UserName: 'cASE' })),
      'EntityAlreadyExists 409: User with name cASE already exists.',
    )
    assert.equal((await iam.getUser({ UserName: 'CASE' })).User?.UserName, 'Case')
    await iam.createUser({ UserName: 'other' })
    assert.equal(
      await faultOf(iam.updateUser({ UserName: 'other', NewUserName: 'CASE' })),
      'EntityAlreadyExists 409: User with name CASE already exists.',
    )
  })

  test('its own name in another case is taken, the same name again is not (IAM-5)', async () => {
    await iam.createUser({ UserName: 'shape' })
    await iam.createGroup({ GroupName: 'shape' })
    assert.equal(
      await faultOf(iam.updateUser({ UserName: 'shape', NewUserName: 'SHAPE' })),
      'EntityAlreadyExists 409: User with name SHAPE already exists.',
    )
    assert.equal(
      await faultOf(iam.updateGroup({ GroupName: 'shape', NewGroupName: 'SHAPE' })),
      'EntityAlreadyExists 409: Group with name SHAPE already exists.',
    )
    await iam.updateUser({ UserName: 'shape', NewUserName: 'shape', NewPath: '/moved/' })
    await iam.updateGroup({ GroupName: 'shape', NewGroupName: 'shape', NewPath: '/moved/' })
    assert.equal((await iam.getUser({ UserName: 'shape' })).User?.Path, '/moved/')
    assert.equal((await iam.getGroup({ GroupName: 'shape' })).Group?.Path, '/moved/')
  })

  test('root has neither a name nor a path (IAM-46), a user without a name is the caller (IAM-55)', async () => {
    const { User: root } = await as('root').getUser({})
    assert.deepEqual(Object.keys(root ?? {}).sort(), ['Arn', 'CreateDate', 'UserId'])
    assert.equal(root?.Arn, 'arn:aws:iam::123456789012:root')
    assert.equal((await iam.getUser({})).User?.UserName, 'admin')
  })

  test('what hangs on a user keeps it: one sentence after the other (IAM-20, IAM-21)', async () => {
    const UserName = 'kept'
    const policy = { UserName, PolicyName: 'p' }
    const managed = { UserName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }
    const group = { UserName, GroupName: 'keepers' }
    await iam.createUser({ UserName })
    await iam.createGroup({ GroupName: 'keepers' })
    await iam.addUserToGroup(group)
    await iam.attachUserPolicy(managed)
    await iam.putUserPolicy({ ...policy, PolicyDocument: allow('s3:*') })
    const { accessKeyId: AccessKeyId } = await newKey(iam, UserName)
    const why = () => faultOf(iam.deleteUser({ UserName }))
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must delete access keys first.')
    await iam.deleteAccessKey({ UserName, AccessKeyId })
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must delete policies first.')
    await iam.deleteUserPolicy(policy)
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must detach all policies first.')
    await iam.detachUserPolicy(managed)
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must remove users from group first.')
    await iam.removeUserFromGroup(group)
    await iam.deleteUser({ UserName })
  })

  test('a failed creation leaves nothing behind', async () => {
    const boundary = 'arn:aws:iam::123456789012:policy/none'
    assert.equal(
      await faultOf(iam.createUser({ UserName: 'half', PermissionsBoundary: boundary })),
      `NoSuchEntity 404: Scope ARN: ${boundary} does not exist or is not attachable.`, // IAM-75
    )
    assert.match(await faultOf(iam.getUser({ UserName: 'half' })), /^NoSuchEntity/)
  })
})
