import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'

describe('a caller that changes while another account is looked up', () => {
  let omen: Awaited<ReturnType<typeof createOmen>>
  let iam: IAM
  before(async () => {
    omen = await createOmen()
    iam = omen.client(IAM, 'admin')
  })
  after(() => omen.close())

  const everything = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

  async function user(UserName: string) {
    await iam.createUser({ UserName })
    await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: everything })
    const { AccessKey: key } = await iam.createAccessKey({ UserName })
    const credentials = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
    return { ...omen.clientConfig('admin'), credentials, maxAttempts: 1 }
  }

  test('what was taken away counts no more, neither now nor later (SES-8)', async (t) => {
    const config = await user('ben')
    const [sts, own] = [new STS(config), new IAM(config)]
    await own.listUsers({})
    const { store } = omen.omen.deps.directory
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    t.mock.method(store, 'loadAccount', async () => {
      begun.resolve()
      await ended.promise
      return undefined
    })
    const asked = sts.assumeRole({
      RoleArn: 'arn:aws:iam::999999999999:role/elsewhere',
      RoleSessionName: 'meanwhile',
    })
    asked.catch(() => {})
    await begun.promise
    await iam.deleteUserPolicy({ UserName: 'ben', PolicyName: 'own' })
    ended.resolve()
    await assert.rejects(asked, { name: 'AccessDenied' })
    await assert.rejects(own.listUsers({}), { name: 'AccessDenied' })
  })

  for (const [what, change, name] of [
    ['a policy', 'deleteUserPolicy', 'AccessDeniedException'],
    ['a key', 'updateAccessKey', 'UnrecognizedClientException'],
  ] as const)
    test(`${what} that was taken away behind the decision, while something was waited for (SES-8)`, async (t) => {
      const UserName = change.toLowerCase()
      const config = await user(UserName)
      const { store } = omen.omen.deps.directory
      const begun = Promise.withResolvers<void>()
      const ended = Promise.withResolvers<void>()
      t.mock.method(store, 'readSetting', async () => {
        begun.resolve()
        await ended.promise
        return undefined
      })
      const trail = { Name: UserName, S3BucketName: 'a-bucket' }
      const asked = new CloudTrail(config).createTrail(trail)
      asked.catch(() => {})
      await begun.promise
      t.mock.restoreAll()
      const { accessKeyId } = config.credentials
      if (change === 'deleteUserPolicy') await iam.deleteUserPolicy({ UserName, PolicyName: 'own' })
      else await iam.updateAccessKey({ UserName, AccessKeyId: accessKeyId, Status: 'Inactive' })
      ended.resolve()
      await assert.rejects(asked, { name })
      if (change === 'deleteUserPolicy') {
        const { decisions } = omen.omen.deps
        const { call, allowed } = decisions.lastDenial() ?? assert.fail()
        assert.deepEqual([allowed, decisions.find(call.id)?.allowed], [false, false])
        assert.equal(decisions.find(call.id)?.call.operation.name, 'CreateTrail')
      }
      const { Trails: trails } = await omen.client(CloudTrail, 'admin').listTrails({})
      assert.deepEqual(trails, [])
    })

  test('a key that was switched off calls nothing (SES-8)', async (t) => {
    const config = await user('cid')
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    t.mock.method(omen.omen.deps.directory.store, 'loadAccount', async () => {
      begun.resolve()
      await ended.promise
      return undefined
    })
    const asked = new STS(config).assumeRole({
      RoleArn: 'arn:aws:iam::999999999997:role/elsewhere',
      RoleSessionName: 'meanwhile',
    })
    asked.catch(() => {})
    await begun.promise
    const { accessKeyId } = config.credentials
    await iam.updateAccessKey({ UserName: 'cid', AccessKeyId: accessKeyId, Status: 'Inactive' })
    ended.resolve()
    await assert.rejects(asked, { name: 'InvalidClientTokenId' })
  })
})

test('what audit mode allowed before a wait is in its event (SES-8)', async () => {
  await using omen = await createOmen({ mode: 'audit' })
  const iam = omen.client(IAM, 'admin')
  await iam.createUser({ UserName: 'eve' })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'eve' })
  const eve = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
  await omen.client(CloudTrail, eve).createTrail({ Name: 'through', S3BucketName: 'a-bucket' })
  const { Events: [event] = [] } = await omen.client(CloudTrail, 'admin').lookupEvents({
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateTrail' }],
  })
  assert.match(event?.CloudTrailEvent ?? '', /is not authorized to perform: cloudtrail:CreateTrail/)
  const { call, letThrough } = omen.omen.deps.decisions.lastDenial() ?? assert.fail()
  assert.deepEqual([letThrough, call.operation.name], [true, 'CreateTrail'])
  const kept = await omen.omen.deps.directory.store.denials(1)
  assert.equal(kept[0]?.requestId, call.id)
})
