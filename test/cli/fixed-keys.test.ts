import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetAccessKeyInfoCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { omen, serve, temporaryHome } from './process.ts'

const first = {
  root: { accessKeyId: 'AKIAIOSFODNN7ROOTROO', secretAccessKey: 'r'.repeat(40) },
  admin: { accessKeyId: 'AKIAIOSFODNN7ADMINAD', secretAccessKey: 'a'.repeat(40) },
}

function sts(endpoint: string, accessKeyId: string, secretAccessKey: string) {
  return new STSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } })
}

async function arnOf(
  endpoint: string,
  accessKeyId: string,
  secretAccessKey: string,
): Promise<string | undefined> {
  const client = sts(endpoint, accessKeyId, secretAccessKey)
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn
  } catch (error) {
    return (error as Error).name
  } finally {
    client.destroy()
  }
}

describe('keys that programs have already', { concurrency: 2 }, () => {
  test('SHL-73 --key makes an access key of admin, with a warning; a reset keeps it', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--key', 'test:test', '--key', 'other:s3cret'])
    t.after(() => served.child.kill())
    const admin = 'arn:aws:iam::123456789012:user/admin'
    assert.equal(await arnOf(served.url, 'test', 'test'), admin)
    assert.equal(await arnOf(served.url, 'other', 's3cret'), admin)
    assert.equal(await arnOf(served.url, 'test', 'no'), 'SignatureDoesNotMatch')
    const client = sts(served.url, 'test', 'test')
    const { Account } = await client.send(
      new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }),
    )
    client.destroy()
    assert.notEqual(Account, '123456789012')
    assert.equal((await omen(['reset', '--yes', '--home', home])).status, 0)
    assert.equal(await arnOf(served.url, 'test', 'test'), admin)
    const { stderr } = await served.stop('SIGTERM')
    assert.match(stderr, /^warning: the key test is an administrator’s, and no secret$/m)
    assert.doesNotMatch(stderr, /s3cret/)
    const again = await serve(home)
    t.after(() => again.child.kill())
    assert.equal(await arnOf(again.url, 'test', 'test'), 'InvalidClientTokenId', 'it is given at each start')
    await again.stop('SIGTERM')
  })

  test('SHL-73 OMEN_FIRST_KEYS chooses the keys of a home and of a server in memory', async (t) => {
    const environment = { OMEN_FIRST_KEYS: JSON.stringify(first) }
    for (const where of [[], ['--memory']]) {
      const served = await serve(temporaryHome(t), where, environment)
      t.after(() => served.child.kill())
      assert.deepEqual(served.keys, first)
      const { accessKeyId, secretAccessKey } = first.root
      assert.equal(await arnOf(served.url, accessKeyId, secretAccessKey), 'arn:aws:iam::123456789012:root')
      await served.stop('SIGTERM')
    }
  })

  test('SHL-73 what is malformed is refused, and no secret is repeated', async (t) => {
    const home = temporaryHome(t)
    const wrong = [
      { ...first, admin: { accessKeyId: 'test', secretAccessKey: 'hidden' } },
      { ...first, admin: first.root },
      'hidden',
    ]
    for (const keys of wrong)
      for (const where of [[], ['--memory']]) {
        const { status, stderr } = await omen(['start', '--home', home, '--port', '0', ...where], {
          OMEN_FIRST_KEYS: JSON.stringify(keys),
        })
        assert.deepEqual(
          [status, /^omen: OMEN_FIRST_KEYS must be JSON/.test(stderr), /hidden/.test(stderr)],
          [253, true, false],
        )
      }
    for (const key of ['test', ':hidden', 'ASIA1:hidden', 'a b:hidden', 'a:hid den']) {
      const { status, stderr } = await omen(['start', '--home', home, '--key', key])
      assert.deepEqual(
        [status, /^omen: --key takes ID:SECRET/.test(stderr), /hidden|hid den/.test(stderr)],
        [252, true, false],
      )
    }
  })
})
