import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ManualClock } from '../../packages/server/src/base/index.ts'
import { openRenewing, type RoleSession } from '../../packages/server/src/cli/index.ts'
import { needs, toolPath } from '../support/index.ts'
import { omen } from './process.ts'
import { anyoneHere, only, serverWithRoles } from './roles.ts'

const shown = 'console.log(JSON.stringify(process.env))'

describe('omen exec ROLE', { concurrency: 2 }, () => {
  test('SHL-71 gives the command the role and this server in its environment, and passes its exit code through', async (t) => {
    const server = await serverWithRoles(t)
    const deployer = await server.role('deployer', anyoneHere)
    await server.role('auditor', only(deployer))
    const files = {
      AWS_CONFIG_FILE: join(server.home, 'my-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(server.home, 'my-credentials'),
    }
    assert.equal((await omen(['configure', '--home', server.home, '--yes'], files)).status, 0)
    const elsewhere = {
      AWS_ENDPOINT_URL: server.url,
      AWS_ENDPOINT_URL_IAM: server.url.replace('127.0.0.1', 'localhost'),
      AWS_ENDPOINT_URL_S3: 'http://s3.example',
    }
    const exec = (...words: readonly string[]) =>
      omen(['exec', '--home', server.home, ...words], { AWS_PROFILE: 'omen-admin', ...elsewhere, ...files })
    const ended = await exec('deployer', 'auditor', '--duration', '3h', '--', process.execPath, '-e', shown)
    assert.equal(ended.status, 0, ended.stderr)
    assert.equal(ended.stderr, '! chained sessions live 1 h at most (AWS rule); 3 h asked, 1 h given\n')
    const environment = JSON.parse(ended.stdout)
    assert.match(environment.AWS_ACCESS_KEY_ID, /^ASIA/)
    assert.equal(environment.AWS_ENDPOINT_URL, server.url)
    assert.equal(environment.AWS_ENDPOINT_URL_STS, server.url)
    assert.equal(environment.AWS_ENDPOINT_URL_IAM, undefined)
    assert.equal(environment.AWS_ENDPOINT_URL_S3, 'http://s3.example')
    assert.equal(environment.AWS_PROFILE, undefined)
    assert.equal(environment.AWS_CONFIG_FILE, files.AWS_CONFIG_FILE)
    const worn = await omen(['whoami', '--home', server.home], environment)
    assert.match(worn.stdout, /chain +admin ─▶ deployer ─▶ auditor\n/)
    assert.equal((await exec('deployer', '--', process.execPath, '-e', 'process.exit(7)')).status, 7)
    const interrupted = await exec(
      'deployer',
      '--',
      process.execPath,
      '-e',
      'process.kill(process.pid, "SIGINT")',
    )
    assert.equal(interrupted.status, 130)
    assert.equal((await exec('deployer', '--', 'omen-has-no-such-program')).status, 127)
    assert.equal((await exec('stranger', '--', 'true')).status, 254)
    assert.equal((await exec('deployer', 'true')).status, 252)
    assert.equal((await exec('--', 'true')).status, 252)
    assert.equal((await exec('deployer', '--service', 'ec2.amazonaws.com', '--', 'true')).status, 252)
    assert.equal((await exec('deployer', '--renew', '--mfa', 'phone:123456', '--', 'true')).status, 252)
  })

  test('--renew serves the AWS CLI as a container would (SHL-4)', needs('awsCli'), async (t) => {
    const server = await serverWithRoles(t)
    await server.role('deployer', anyoneHere)
    const command = [toolPath('awsCli'), 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text']
    const ended = await omen(['exec', 'deployer', '--renew', '--home', server.home, '--', ...command])
    assert.equal(ended.status, 0, ended.stderr)
    assert.equal(ended.stdout, `arn:aws:sts::${server.account}:assumed-role/deployer/admin\n`)
  })
})

describe('credentials that renew', () => {
  const start = Date.parse('2027-01-01T00:00:00Z')
  const minute = 60_000
  const sessionFor = (seconds: number, number: number, clock: ManualClock): RoleSession => ({
    keys: { accessKeyId: `ASIA${number}`, secretAccessKey: 'secret', sessionToken: 'token' },
    expiration: new Date(clock.now() + seconds * 1000).toISOString(),
    arn: 'arn:aws:sts::123456789012:assumed-role/deployer/admin',
    assumedRoleId: 'AROA:admin',
    chain: [],
  })

  test('are the same until their end is near, and are put on once however many ask', async () => {
    const clock = new ManualClock(start)
    let count = 1
    const again = async () => sessionFor(3_600, ++count, clock)
    const renewing = await openRenewing(sessionFor(3_600, 1, clock), again, clock)
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } =
      renewing.variables
    const ask = async () => {
      const response = await fetch(uri!, { headers: { authorization: authorization! } })
      return (await response.json()) as { readonly AccessKeyId: string }
    }
    try {
      assert.equal((await ask()).AccessKeyId, 'ASIA1')
      clock.advance(39 * minute)
      assert.equal((await ask()).AccessKeyId, 'ASIA1')
      clock.advance(1 * minute)
      const all = await Promise.all([ask(), ask(), ask()])
      assert.deepEqual(
        all.map((each) => each.AccessKeyId),
        ['ASIA2', 'ASIA2', 'ASIA2'],
      )
      assert.equal(count, 2)
    } finally {
      await renewing.close()
    }
  })

  test('are handed to nobody without the token, and a refusal is said and tried again', async () => {
    const clock = new ManualClock(start)
    let fails = true
    const again = async () => {
      if (fails) throw new Error('the house is closed')
      return sessionFor(900, 2, clock)
    }
    const renewing = await openRenewing(sessionFor(900, 1, clock), again, clock)
    const {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: uri = '',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization = '',
    } = renewing.variables
    try {
      assert.equal((await fetch(uri)).status, 403)
      assert.equal((await fetch(uri, { headers: { authorization: `${authorization}x` } })).status, 403)
      assert.equal((await fetch(uri, { method: 'POST', headers: { authorization } })).status, 405)
      assert.equal((await fetch(new URL('/', uri), { headers: { authorization } })).status, 404)
      clock.advance(8 * minute)
      const failed = await fetch(uri, { headers: { authorization } })
      assert.equal(failed.status, 503)
      assert.deepEqual(await failed.json(), { code: 'ServiceUnavailable', message: 'the house is closed' })
      fails = false
      assert.equal((await fetch(uri, { headers: { authorization } })).status, 200)
    } finally {
      await renewing.close()
    }
  })
})
