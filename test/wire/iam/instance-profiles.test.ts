import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

describe('instance profiles', () => {
  test('created, filled, shown, listed, emptied, deleted (IAM-45, IAM-48)', async () => {
    const InstanceProfileName = 'Web'
    const { InstanceProfile: made } = await iam.createInstanceProfile({ InstanceProfileName, Path: '/app/' })
    assert.match(made?.InstanceProfileId ?? '', /^AIPA[A-Z2-7]{17}$/)
    assert.deepEqual(
      [made?.Arn, made?.Roles, made?.Tags],
      ['arn:aws:iam::123456789012:instance-profile/app/Web', [], undefined],
    )
    await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: trustEc2, Description: 'd' })
    await iam.addRoleToInstanceProfile({ InstanceProfileName: 'WEB', RoleName: 'WEB' })
    const { InstanceProfile: shown } = await iam.getInstanceProfile({ InstanceProfileName })
    assert.deepEqual(Object.keys(shown?.Roles?.[0] ?? {}).sort(), [
      'Arn',
      'AssumeRolePolicyDocument',
      'CreateDate',
      'Path',
      'RoleId',
      'RoleName',
    ])
    assert.deepEqual(shown?.Tags, [])
    const { Tags: _, ...listed } = shown ?? assert.fail()
    assert.deepEqual((await iam.listInstanceProfiles({ PathPrefix: '/app/' })).InstanceProfiles, [listed])
    assert.deepEqual((await iam.listInstanceProfilesForRole({ RoleName: 'web' })).InstanceProfiles, [listed])
    assert.equal(
      await faultOf(iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: 'web' })),
      'LimitExceeded 409: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    )
    assert.equal(
      await faultOf(iam.deleteInstanceProfile({ InstanceProfileName })),
      'DeleteConflict 409: Cannot delete entity, must remove roles from instance profile first.',
    )
    await iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName: 'web' })
    assert.equal(
      await faultOf(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName: 'web' })),
      'NoSuchEntity 404: The role with name web cannot be found.',
    )
    await iam.deleteInstanceProfile({ InstanceProfileName })
    assert.equal(
      await faultOf(iam.getInstanceProfile({ InstanceProfileName })),
      'NoSuchEntity 404: Instance Profile Web cannot be found.',
    )
  })

  test('a name is taken once (IAM-2)', async () => {
    await iam.createInstanceProfile({ InstanceProfileName: 'one' })
    assert.equal(
      await faultOf(iam.createInstanceProfile({ InstanceProfileName: 'ONE' })),
      'EntityAlreadyExists 409: Instance Profile ONE already exists.',
    )
  })
})
