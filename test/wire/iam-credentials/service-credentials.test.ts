import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { allow, faultOf, newKey, openServer } from '../iam/house.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const git = 'codecommit.amazonaws.com'
const bedrock = 'bedrock.amazonaws.com'

describe('service-specific credentials', () => {
  test('created with a password that is shown once, listed, reset, deleted (CRED-5, CRED-61, CRED-63)', async () => {
    const UserName = 'jane'
    await iam.createUser({ UserName })
    const create = async (ServiceName: string) =>
      (await iam.createServiceSpecificCredential({ UserName, ServiceName })).ServiceSpecificCredential ??
      assert.fail()
    const { ServicePassword, ...first } = await create(git)
    assert.match(first.ServiceSpecificCredentialId ?? '', /^ACCA[A-Z2-7]{16,}$/)
    assert.match(ServicePassword ?? '', /^[A-Za-z0-9+/]{43}=$/)
    assert.deepEqual(
      [first.UserName, first.ServiceName, first.ServiceUserName, first.Status],
      [UserName, git, 'jane-at-123456789012', 'Active'],
    )
    const second = await create(git)
    assert.equal(second.ServiceUserName, 'jane+1-at-123456789012')
    assert.match(
      await faultOf(iam.createServiceSpecificCredential({ UserName, ServiceName: git })),
      /^LimitExceeded 409/,
    )
    await create('cassandra.amazonaws.com')
    const { ServiceSpecificCredentials: all } = await iam.listServiceSpecificCredentials({ UserName })
    assert.equal(all?.length, 3)
    const listed = await iam.listServiceSpecificCredentials({ UserName, ServiceName: git })
    assert.deepEqual(
      listed.ServiceSpecificCredentials?.find(
        (each) => each.ServiceSpecificCredentialId === first.ServiceSpecificCredentialId,
      ),
      first,
    )
    const id = { UserName, ServiceSpecificCredentialId: first.ServiceSpecificCredentialId }
    const { ServiceSpecificCredential: reset } = await iam.resetServiceSpecificCredential(id)
    assert.notEqual(reset?.ServicePassword, ServicePassword)
    assert.deepEqual({ ...reset, ServicePassword }, { ...first, ServicePassword })
    await iam.updateServiceSpecificCredential({ ...id, Status: 'Inactive' })
    const { ServiceSpecificCredentials: after } = await iam.listServiceSpecificCredentials({ UserName })
    assert.deepEqual(after?.map((each) => each.Status).sort(), ['Active', 'Active', 'Inactive'])
    assert.equal(
      await faultOf(iam.deleteUser({ UserName })),
      'DeleteConflict 409: Cannot delete entity, must remove referenced objects first.',
    )
    const missing = `NoSuchEntity 404: No such credential ${id.ServiceSpecificCredentialId} exists`
    assert.equal(await faultOf(iam.deleteServiceSpecificCredential({ ...id, UserName: 'admin' })), missing)
    await iam.deleteServiceSpecificCredential(id)
    assert.equal(await faultOf(iam.resetServiceSpecificCredential(id)), missing)
    assert.equal((await create(git)).ServiceUserName, 'jane-at-123456789012')
  })

  test('API keys have other members, and may end (CRED-62)', async () => {
    const UserName = 'bea'
    await iam.createUser({ UserName })
    const { ServiceSpecificCredential: made } = await iam.createServiceSpecificCredential({
      UserName,
      ServiceName: bedrock,
      CredentialAgeDays: 1,
    })
    assert.deepEqual([made?.ServiceUserName, made?.ServicePassword], [undefined, undefined])
    assert.equal(made?.ServiceCredentialAlias, 'bea-at-123456789012')
    assert.match(made?.ServiceCredentialSecret ?? '', /^ABSK[A-Za-z0-9+/]+=*$/)
    assert.equal((made?.ExpirationDate?.getTime() ?? 0) - (made?.CreateDate?.getTime() ?? 0), 86_400_000)
    assert.match(
      await faultOf(
        iam.createServiceSpecificCredential({ UserName, ServiceName: git, CredentialAgeDays: 1 }),
      ),
      /^ValidationError 400/,
    )
    omen.clock.advance(86_400_000)
    const later = new IAM({ ...omen.clientConfig(), systemClockOffset: 86_400_000 })
    const { ServiceSpecificCredentials: listed } = await later.listServiceSpecificCredentials({ UserName })
    assert.equal(listed?.[0]?.Status, 'Expired')
    later.destroy()
    omen.clock.advance(-86_400_000)
  })

  test('only some services take them (CRED-60)', async () => {
    const words =
      'NoSuchEntity 404: No such service s3.amazonaws.com is supported for Service Specific Credentials'
    const ServiceName = 's3.amazonaws.com'
    assert.equal(
      await faultOf(iam.createServiceSpecificCredential({ UserName: 'admin', ServiceName })),
      words,
    )
    assert.equal(await faultOf(iam.listServiceSpecificCredentials({ ServiceName })), words)
  })

  test("all users' (CRED-64)", async () => {
    await iam.createServiceSpecificCredential({ UserName: 'admin', ServiceName: git })
    const { ServiceSpecificCredentials: all } = await iam.listServiceSpecificCredentials({ AllUsers: true })
    assert(new Set(all?.map((each) => each.UserName)).size > 1)
    assert.deepEqual(
      (await iam.listServiceSpecificCredentials({})).ServiceSpecificCredentials?.map((each) => each.UserName),
      ['admin'],
    )
    assert.match(
      await faultOf(iam.listServiceSpecificCredentials({ AllUsers: true, UserName: 'admin' })),
      /^ValidationError 400/,
    )
  })

  test('service and age are condition keys (CRED-65)', async () => {
    const UserName = 'bound'
    await iam.createUser({ UserName })
    const bound = as(await newKey(iam, UserName))
    const may = (condition: object) =>
      iam.putUserPolicy({
        UserName,
        PolicyName: 'may',
        PolicyDocument: allow('iam:*Credential', '*', condition),
      })
    const create = (ServiceName: string, CredentialAgeDays?: number) =>
      bound.createServiceSpecificCredential({ UserName, ServiceName, CredentialAgeDays })
    await may({ StringEquals: { 'iam:ServiceSpecificCredentialServiceName': git } })
    const { ServiceSpecificCredential: made } = await create(git)
    assert.match(await faultOf(create(bedrock)), /^AccessDenied 403/)
    const ServiceSpecificCredentialId = made?.ServiceSpecificCredentialId
    await bound.resetServiceSpecificCredential({ ServiceSpecificCredentialId })
    await may({ StringEquals: { 'iam:ServiceSpecificCredentialServiceName': bedrock } })
    for (const call of [
      () => bound.resetServiceSpecificCredential({ ServiceSpecificCredentialId }),
      () => bound.updateServiceSpecificCredential({ ServiceSpecificCredentialId, Status: 'Inactive' }),
      () => bound.deleteServiceSpecificCredential({ ServiceSpecificCredentialId }),
    ]) {
      assert.match(await faultOf(call()), /^AccessDenied 403/)
    }
    await may({ NumericLessThanEquals: { 'iam:ServiceSpecificCredentialAgeDays': '30' } })
    assert.match(await faultOf(create(bedrock, 31)), /^AccessDenied 403/)
    assert.match(await faultOf(create(bedrock)), /^AccessDenied 403/)
    await create(bedrock, 30)
  })
})
