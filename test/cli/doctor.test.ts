import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { omen, serve, temporaryHome } from './process.ts'

interface Check {
  readonly name: string
  readonly state: string
  readonly says: string
}

async function examined(home: string, environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = await omen(['doctor', '--home', home, '--output', 'json'], environment)
  const checks: readonly Check[] = JSON.parse(stdout || stderr)
  const of = (name: string) => checks.filter((check) => check.name === name)
  return { status, of, wrong: checks.filter((check) => check.state === 'wrong').map((check) => check.name) }
}

describe('omen doctor', { concurrency: 2 }, () => {
  test('finds what fits, and what leads elsewhere', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    const { accessKeyId, secretAccessKey } = served.keys.admin
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const here = { AWS_ENDPOINT_URL: served.url, AWS_ENDPOINT_URL_STS: served.url }
    const well = await examined(home, { ...keys, ...here })
    assert.deepEqual([well.status, well.wrong], [0, []])
    assert.equal(well.of('mode')[0]!.says, 'enforce')
    assert.match(well.of('functions')[0]!.says, /^fenced by|^kept and not run: /)
    assert.equal(well.of('clock')[0]!.state, 'ok')
    assert.deepEqual(well.of('endpoint'), [
      { name: 'endpoint', state: 'ok', says: 'AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS' },
    ])
    assert.equal(well.of('credentials')[0]!.says, 'arn:aws:iam::123456789012:user/admin')
    const elsewhere = await examined(home, {
      AWS_ENDPOINT_URL_IAM: 'http://127.0.0.1:1',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'x'.repeat(40),
    })
    assert.deepEqual([elsewhere.status, elsewhere.wrong], [1, ['credentials']])
    assert.equal(elsewhere.of('endpoint').length, 3)
    const human = await omen(['doctor', '--home', home], { PATH: '' })
    assert.match(human.stdout, /^✓ server +omen \d.* at http/m)
    assert.match(human.stdout, /^! endpoint +none in the environment/m)
    assert.match(human.stdout, /^! AWS CLI +not found in PATH$/m)
    assert.ok(!human.stdout.includes(secretAccessKey))
    await served.stop('SIGKILL')
    const gone = await examined(home)
    assert.deepEqual([gone.status, gone.wrong], [1, ['server']])
  })

  test('says that there is no house, or that it sleeps', async (t) => {
    const home = temporaryHome(t)
    assert.deepEqual((await examined(home)).wrong, ['home'])
    await (await serve(home)).stop('SIGTERM')
    assert.deepEqual((await examined(home)).wrong, ['server'])
  })
})
