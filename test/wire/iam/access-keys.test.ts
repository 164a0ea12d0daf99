import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { advance } from '../iam-questions/time.ts'
import { allow, faultOf, newKey, openServer } from './house.ts'

const { omen, iam, as, close } = await openServer()
after(close)

describe('access keys', () => {
  test('made, used, put to rest, deleted', async () => {
    const UserName = 'holder'
    await iam.createUser({ UserName })
    const { AccessKey: made } = await iam.createAccessKey({ UserName })
    assert.match(made?.AccessKeyId ?? '', /^AKIA[A-Z2-7]{16}$/)
    assert.match(made?.SecretAccessKey ?? '', /^[A-Za-z0-9+/]{40}$/)
    const AccessKeyId = made?.AccessKeyId ?? ''
    const { SecretAccessKey: _, ...listed } = made ?? assert.fail()
    assert.deepEqual((await iam.listAccessKeys({ UserName })).AccessKeyMetadata, [listed])
    const sts = omen.client(STS, { accessKeyId: AccessKeyId, secretAccessKey: made?.SecretAccessKey ?? '' })
    assert.match((await sts.getCallerIdentity({})).Arn ?? '', /user\/holder$/)
    await iam.updateAccessKey({ UserName, AccessKeyId, Status: 'Inactive' })
    assert.match(await faultOf(sts.getCallerIdentity({})), /^InvalidClientTokenId 403/)
    await iam.updateAccessKey({ UserName, AccessKeyId, Status: 'Active' })
    await sts.getCallerIdentity({})
    await newKey(iam, UserName)
    assert.equal(
      await faultOf(iam.createAccessKey({ UserName })),
      'LimitExceeded 409: Cannot exceed quota for AccessKeysPerUser: 2',
    )
    await iam.deleteAccessKey({ UserName, AccessKeyId })
    assert.equal(
      await faultOf(iam.deleteAccessKey({ UserName, AccessKeyId })),
      `NoSuchEntity 404: The Access Key with id ${AccessKeyId} cannot be found.`,
    )
  })

  test('the oldest comes first, on either page (IAM-44)', async () => {
    for (let n = 0; n < 6; n++) {
      const UserName = `aged${n}`
      await iam.createUser({ UserName })
      const made = [await newKey(iam, UserName)]
      advance(omen, 1, iam)
      made.push(await newKey(iam, UserName))
      const ids = made.map((key) => key.accessKeyId)
      const first = await iam.listAccessKeys({ UserName, MaxItems: 1 })
      const rest = await iam.listAccessKeys({ UserName, Marker: first.Marker })
      const listed = [...(first.AccessKeyMetadata ?? []), ...(rest.AccessKeyMetadata ?? [])]
      assert.deepEqual(
        listed.map((key) => key.AccessKeyId),
        ids,
      )
    }
  })

  test('only time makes a key expire (CRED-7)', async () => {
    const UserName = 'early'
    await iam.createUser({ UserName })
    const { accessKeyId: AccessKeyId } = await newKey(iam, UserName)
    assert.equal(
      await faultOf(iam.updateAccessKey({ UserName, AccessKeyId, Status: 'Expired' })),
      'InvalidInput 400: The status Expired cannot be set.',
    )
  })

  test("without a name they are the caller's own (IAM-55)", async () => {
    await iam.createUser({ UserName: 'self' })
    await iam.putUserPolicy({
      UserName: 'self',
      PolicyName: 'own',
      PolicyDocument: allow('iam:*AccessKey*', 'arn:aws:iam::123456789012:user/${aws:username}'),
    })
    const own = as(await newKey(iam, 'self'))
    assert.equal((await own.createAccessKey({})).AccessKey?.UserName, 'self')
    assert.equal((await own.listAccessKeys({})).AccessKeyMetadata?.length, 2)
    assert.match(await faultOf(own.listAccessKeys({ UserName: 'admin' })), /on resource: user admin/)
    const { AccessKeyMetadata } = await as('root').listAccessKeys({})
    assert.deepEqual(
      AccessKeyMetadata?.map((key) => [key.AccessKeyId, key.UserName]),
      [[omen.keys.root.accessKeyId, undefined]],
    )
  })

  test("another user's key is not found under one's name", async () => {
    await iam.createUser({ UserName: 'x' })
    await iam.createUser({ UserName: 'y' })
    const { accessKeyId: AccessKeyId } = await newKey(iam, 'x')
    assert.match(await faultOf(iam.deleteAccessKey({ UserName: 'y', AccessKeyId })), /^NoSuchEntity/)
  })

  test('when, to the minute, and where a key was last used (IAM-81, IAM-83)', async () => {
    await iam.createUser({ UserName: 'busy' })
    const key = await newKey(iam, 'busy')
    const lastUse = async () => await iam.getAccessKeyLastUsed({ AccessKeyId: key.accessKeyId })
    assert.deepEqual((await lastUse()).AccessKeyLastUsed, { ServiceName: 'N/A', Region: 'N/A' })
    const sts = new STS({ ...omen.clientConfig(key), region: 'eu-west-1' })
    const before = Math.floor(omen.clock.now() / 60_000) * 60_000
    await sts.getCallerIdentity({})
    sts.destroy()
    const { UserName, AccessKeyLastUsed: use } = await lastUse()
    assert.deepEqual([UserName, use?.ServiceName, use?.Region], ['busy', 'sts', 'eu-west-1'])
    const at = use?.LastUsedDate?.getTime() ?? 0
    assert(at >= before && at % 60_000 === 0)
  })

  test("a key that is not the account's is nobody's business (IAM-82)", async () => {
    const AccessKeyId = 'AKIAIOSFODNN7EXAMPLE'
    assert.equal(
      await faultOf(iam.getAccessKeyLastUsed({ AccessKeyId })),
      'AccessDenied 403: User: arn:aws:iam::123456789012:user/admin is not authorized to perform: ' +
        `iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
    )
    await iam.createUser({ UserName: 'curious' })
    const key = await newKey(iam, 'curious')
    const curious = as(key)
    assert.equal(
      await faultOf(curious.getAccessKeyLastUsed({ AccessKeyId: key.accessKeyId })),
      'AccessDenied 403: User: arn:aws:iam::123456789012:user/curious is not authorized to perform: ' +
        `iam:GetAccessKeyLastUsed on resource: access key ${key.accessKeyId} because no identity-based policy ` +
        'allows the iam:GetAccessKeyLastUsed action',
    )
  })

  test('last uses wait in memory for a commit or the flush, and are kept then', async () => {
    const { directory, firstAccount } = omen.omen.deps
    await as('root').listAccessKeys({})
    await directory.keepUsage()
    directory.forgetAll()
    const { AccessKeyLastUsed: use } = await iam.getAccessKeyLastUsed({
      AccessKeyId: omen.keys.root.accessKeyId,
    })
    assert.equal(use?.ServiceName, 'iam')
    assert((await directory.find(firstAccount)) !== undefined)
  })
})
