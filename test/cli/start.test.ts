import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { omen, serve, temporaryHome } from './process.ts'

describe('omen start refuses what is not clear', { concurrency: 2 }, () => {
  test('an unknown OMEN_ variable, with the name that was meant', async (t) => {
    const { status, stderr } = await omen(['start', '--home', temporaryHome(t)], { OMEN_MDOE: 'audit' })
    assert.equal(status, 253)
    assert.match(stderr, /unknown environment variable OMEN_MDOE; did you mean OMEN_MODE\?/)
  })

  test('an unknown mode', async (t) => {
    const { status, stderr } = await omen(['start', '--home', temporaryHome(t), '--mode', 'enforced'])
    assert.equal(status, 252)
    assert.match(stderr, /unknown mode enforced; did you mean enforce\?/)
  })

  test('an unknown mode in the environment', async (t) => {
    const { status } = await omen(['start', '--home', temporaryHome(t)], { OMEN_MODE: 'none' })
    assert.equal(status, 252)
  })

  test('an unknown flag, with the one that was meant', async () => {
    const { status, stderr } = await omen(['start', '--moed', 'audit'])
    assert.equal(status, 252)
    assert.match(stderr, /--mode/)
  })

  test('an account that is no number', async (t) => {
    const { status, stderr } = await omen(['start', '--home', temporaryHome(t), '--account', '12'])
    assert.equal(status, 252)
    assert.match(stderr, /twelve digits/)
  })

  test('a port in use, and the home stays usable', async (t) => {
    const home = temporaryHome(t)
    const other = temporaryHome(t)
    const first = await serve(home)
    const { status, stderr } = await omen(['start', '--home', other, '--port', new URL(first.url).port])
    assert.equal(status, 255)
    assert.match(stderr, /^omen: cannot listen on 127\.0\.0\.1:\d+: the port is in use\n$/)
    assert.equal((await first.stop('SIGTERM')).status, 0)
    const again = await serve(other)
    assert.equal((await again.stop('SIGTERM')).status, 0)
  })

  test('a home that another process serves', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home)
    const { status, stderr } = await omen(['start', '--home', home, '--port', '0'])
    assert.equal(status, 253)
    assert.match(stderr, /is served by process/)
    await first.stop('SIGTERM')
  })

  test('a home that cannot be made', async (t) => {
    const home = temporaryHome(t)
    writeFileSync(join(home, 'file'), '')
    const { status, stderr } = await omen(['start', '--home', join(home, 'file', 'inside')])
    assert.equal(status, 253)
    assert.equal(stderr.split('\n').length, 2)
  })

  test('a damaged database, which stays as it was', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home)
    await first.stop('SIGTERM')
    writeFileSync(join(home, 'omen.db'), 'this is no database, whatever its name says. '.repeat(200))
    const before = readFileSync(join(home, 'omen.db'))
    const { status, stderr } = await omen(['start', '--home', home, '--port', '0'])
    assert.equal(status, 253)
    assert.equal(stderr.split('\n').length, 2)
    assert.deepEqual(readFileSync(join(home, 'omen.db')), before)
  })

  test('a database whose key is gone', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home)
    await first.stop('SIGTERM')
    const { status, stderr } = await omen(['start', '--home', home, '--port', '0'], {
      OMEN_MASTER_KEY: 'short',
    })
    assert.equal(status, 253)
    assert.match(stderr, /OMEN_MASTER_KEY must hold 64 hexadecimal digits/)
  })
})

describe('omen start serves', () => {
  test('and opens no inspector for a signal; unconfined functions are announced (LAM-72, LAM-74)', async (t) => {
    const served = await serve(temporaryHome(t), ['--memory', '--run-functions', 'unconfined'])
    served.child.kill('SIGUSR1')
    const answer = await fetch(new URL('/_omen/health', served.url))
    assert.equal(answer.status, 200)
    const { stdout, stderr } = await served.stop('SIGTERM')
    assert.match(stdout, /^ {2}FUNCTIONS UNCONFINED: /m)
    assert.doesNotMatch(stderr, /Debugger listening/)
  })

  test('the first start makes root and admin, their keys readable for the owner only, and states its mode everywhere', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--account', '210987654321'])
    for (const name of ['credentials.json', 'master.key', 'server.json', 'omen.db']) {
      assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name)
    }
    const health = await fetch(`${served.url}/_omen/health`)
    assert.equal(health.headers.get('x-omen-mode'), 'enforce')
    assert.deepEqual(await health.json(), { status: 'ok' })
    const sts = new STSClient({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
    const admin = await sts.send(new GetCallerIdentityCommand({}))
    assert.equal(admin.Arn, 'arn:aws:iam::210987654321:user/admin')
    sts.destroy()
    const { status, stdout } = await served.stop('SIGTERM')
    assert.equal(status, 0)
    assert.match(stdout, /MODE enforce/)
    assert.match(stdout, /account 210987654321/)
    assert.equal(existsSync(join(home, 'server.json')), false)
    assert.ok(!stdout.includes(served.keys.admin.secretAccessKey))
  })

  test('SIGINT ends it with 0, and the next start knows everything', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home)
    assert.equal((await first.stop('SIGINT')).status, 0)
    const second = await serve(home)
    assert.deepEqual(second.keys, first.keys)
    const iam = new IAMClient({ endpoint: second.url, region: 'us-east-1', credentials: second.keys.root })
    const { Users: users } = await iam.send(new ListUsersCommand({}))
    assert.deepEqual(
      users?.map((user) => user.UserName),
      ['admin'],
    )
    iam.destroy()
    await second.stop('SIGTERM')
  })

  test('env, status and reset talk to it', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    const env = await omen(['env', '--home', home])
    assert.ok(env.stdout.includes(`export AWS_ENDPOINT_URL='${served.url}'`))
    assert.match(env.stdout, /^export AWS_DEFAULT_REGION='us-east-1'$/m) // SHL-24
    const services = await omen(['env', '--home', home, '--services', '--as', 'root', '--format', 'json'])
    const variables: unknown = JSON.parse(services.stdout)
    assert.ok(typeof variables === 'object' && variables !== null)
    assert.ok('AWS_ENDPOINT_URL_IAM' in variables && !('AWS_ENDPOINT_URL' in variables))
    const status = await omen(['status'], { OMEN_HOME: home })
    assert.match(status.stdout, /MODE enforce/)
    assert.equal((await omen(['reset', '--yes', '--home', home])).status, 0)
    const sts = new STSClient({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
    assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, '123456789012')
    sts.destroy()
    await served.stop('SIGTERM')
    assert.equal((await omen(['status', '--home', home])).status, 255)
  })

  test('reset requires root or admin, signed', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    const unsigned = await fetch(`${served.url}/_omen/reset`, { method: 'POST' })
    assert.equal(unsigned.status, 403)
    await served.stop('SIGTERM')
    const off = await serve(home, ['--memory', '--mode', 'off'])
    assert.equal((await fetch(`${off.url}/_omen/reset`, { method: 'POST' })).status, 200)
    await off.stop('SIGTERM')
  })

  test('an unwritable home', {
    skip: process.getuid?.() === 0 ? 'root writes everywhere' : false,
  }, async (t) => {
    const home = temporaryHome(t)
    chmodSync(home, 0o500)
    assert.equal((await omen(['start', '--home', home])).status, 253)
  })
})
