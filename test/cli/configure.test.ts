import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromIni } from '@aws-sdk/credential-providers'
import { trustPolicy } from '../kit/index.ts'
import { awsCli, needs, python } from '../support/index.ts'
import { omen, temporaryHome } from './process.ts'
import { adminsDevice, anyoneHere, only, type ServerWithRoles, serverWithRoles } from './roles.ts'

function filesIn(folder: string) {
  return {
    AWS_CONFIG_FILE: join(folder, 'aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws', 'credentials'),
  }
}

/** A chain of three, a role for partners, one for strangers. */
async function cast(server: ServerWithRoles) {
  const first = await server.role('first', anyoneHere, { maxSessionSeconds: 7_200 })
  const second = await server.role('second', only(first), { path: '/team/' })
  await server.role('third', only(second))
  await server.role('partner', anyoneHere, { condition: { StringEquals: { 'sts:ExternalId': 'four' } } })
  await server.role('stranger', only('arn:aws:iam::999999999999:root'))
  await server.iam.send(
    new CreateRoleCommand({
      RoleName: 'machine',
      AssumeRolePolicyDocument: trustPolicy({ Service: 'ec2.amazonaws.com' }),
    }),
  )
}

describe('omen configure', { concurrency: 2 }, () => {
  test(
    'writes profiles that the AWS CLI, boto3 and the SDK put on, three deep (SHL-10, SHL-11, SHL-70)',
    needs('awsCli', 'boto3'),
    async (t) => {
      const server = await serverWithRoles(t)
      await cast(server)
      const files = filesIn(temporaryHome(t))
      const configured = await omen(['configure', '--home', server.home, '--yes'], files)
      assert.equal(configured.status, 0, configured.stderr)
      assert.match(configured.stderr, /^no profile for roles that trust neither .*: machine, stranger\n/)
      assert.ok(!configured.stdout.includes(server.keys.admin.secretAccessKey))
      assert.equal(statSync(files.AWS_SHARED_CREDENTIALS_FILE).mode & 0o777, 0o600)
      const config = readFileSync(files.AWS_CONFIG_FILE, 'utf8')
      assert.ok(
        config.includes(
          `[profile omen-first]\n# written by omen configure of ${server.home}\nrole_arn = arn:aws:iam::123456789012:role/first\nsource_profile = omen-admin\nrole_session_name = admin-${server.keys.admin.accessKeyId.slice(-6)}\nduration_seconds = 7200\nregion = us-east-1\nservices = omen\nendpoint_url = ${server.url}\n`,
        ),
      )
      assert.ok(
        config.startsWith(
          `[services omen]\n# written by omen configure of ${server.home}\niam =\n  endpoint_url = ${server.url}\nsts =\n  endpoint_url = ${server.url}\n`,
        ),
      )
      assert.match(config, /role_arn = .*\/team\/second\nsource_profile = omen-first\nrole_session_name/)
      assert.match(
        config,
        /role_arn = .*\/partner\nsource_profile = omen-admin\nrole_session_name = .*\nexternal_id = four\n/,
      )
      const target = { endpoint: '', environment: { ...files, HOME: server.home } }
      const arnOf = async (profile: string) => {
        const outcome = await awsCli(target, 'sts', 'get-caller-identity', '--profile', profile)
        assert.equal(outcome.status, 0, `${profile}: ${outcome.stderr}`)
        return JSON.parse(outcome.stdout).Arn as string
      }
      assert.equal(await arnOf('omen-admin'), 'arn:aws:iam::123456789012:user/admin')
      assert.equal(await arnOf('omen-root'), 'arn:aws:iam::123456789012:root')
      assert.match(await arnOf('omen-third'), /^arn:aws:sts::123456789012:assumed-role\/third\//)
      assert.match(await arnOf('omen-partner'), /assumed-role\/partner\//)
      const program =
        'import boto3; print(boto3.Session(profile_name="omen-third").client("sts").get_caller_identity()["Arn"])'
      const snake = await python(target, program)
      assert.match(snake.stdout, /assumed-role\/third\//, snake.stderr)
      const credentials = fromIni({
        profile: 'omen-third',
        configFilepath: files.AWS_CONFIG_FILE,
        filepath: files.AWS_SHARED_CREDENTIALS_FILE,
        clientConfig: { endpoint: server.url, region: 'us-east-1' },
      })
      const sts = new STSClient({ endpoint: server.url, region: 'us-east-1', credentials })
      assert.match((await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '', /assumed-role\/third\//)
      sts.destroy()
    },
  )

  test('shows first, asks, and touches nothing that is not its own', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('admin', anyoneHere)
    const folder = temporaryHome(t)
    const own = '[default]\nregion = eu-west-1\n\n[profile work]\nregion = eu-west-1\n'
    const config = join(folder, 'config')
    writeFileSync(join(folder, 'dotfiles'), own, { mode: 0o644 })
    symlinkSync(join(folder, 'dotfiles'), config)
    const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
    const configure = (...args: readonly string[]) =>
      omen(['configure', '--home', server.home, ...args], files)
    const unasked = await configure()
    assert.equal(unasked.status, 252)
    assert.match(unasked.stdout, /^\+\[profile omen-role-admin\]$/m)
    const dry = await configure('--dry-run')
    assert.equal(dry.status, 0)
    assert.equal(dry.stdout, unasked.stdout)
    assert.equal(readFileSync(config, 'utf8'), own)
    assert.ok(!existsSync(files.AWS_SHARED_CREDENTIALS_FILE))
    assert.equal((await configure('--yes')).status, 0)
    assert.ok(readFileSync(join(folder, 'dotfiles'), 'utf8').startsWith(own))
    assert.equal(statSync(config).mode & 0o777, 0o644)
    const again = await configure('--yes')
    assert.equal(again.stdout, '')
    assert.equal(again.stderr, 'nothing to change\n')
    assert.equal((await configure('--yes', '--prefix', 'a b')).status, 252)
    const other = await serverWithRoles(t)
    assert.equal((await omen(['configure', '--home', other.home, '--yes'], files)).status, 253)
    assert.equal((await configure('--remove', '--yes')).status, 0)
    assert.equal(readFileSync(config, 'utf8'), own)
    assert.equal(readFileSync(files.AWS_SHARED_CREDENTIALS_FILE, 'utf8'), '')
  })
})

describe('omen configure and what others wrote', () => {
  test('POL-049 an external id that STS does not accept gets no profile, and no line of its own', async (t) => {
    const server = await serverWithRoles(t)
    const command = 'x\n\n[default]\ncredential_process = touch owned'
    await server.role('partner', anyoneHere, { condition: { StringEquals: { 'sts:ExternalId': command } } })
    await server.role('hidden', anyoneHere, { condition: { StringEquals: { 'sts:ExternalId': 'a b' } } })
    await server.role('behind', only('arn:aws:iam::123456789012:role/partner'))
    const files = filesIn(temporaryHome(t))
    const configured = await omen(['configure', '--home', server.home, '--yes'], files)
    assert.equal(configured.status, 0)
    assert.equal(
      configured.stderr.split('\n')[0],
      'no profile for roles whose external id STS does not accept: hidden, partner, behind',
    )
    const config = readFileSync(files.AWS_CONFIG_FILE, 'utf8')
    assert.doesNotMatch(config, /credential_process|\[default\]|partner|behind|external_id/)
  })
})

describe('omen configure for roles that require MFA', () => {
  test("names admin's device, or says that there is none", async (t) => {
    const server = await serverWithRoles(t)
    await server.role('careful', anyoneHere, {
      condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    })
    const files = filesIn(temporaryHome(t))
    const configure = () => omen(['configure', '--home', server.home, '--dry-run'], files)
    assert.match((await configure()).stderr, /^these roles want MFA, and admin has no device yet: careful\n$/)
    const { serial } = await adminsDevice(server)
    assert.ok((await configure()).stdout.includes(`+mfa_serial = ${serial}\n`))
  })
})

describe('omen credential-process', () => {
  test('serves a profile of the AWS CLI', needs('awsCli'), async (t) => {
    const server = await serverWithRoles(t)
    const first = await server.role('first', anyoneHere)
    await server.role('second', only(first))
    const printed = await omen(['credential-process', 'first', 'second', '--home', server.home])
    assert.equal(printed.stderr, '')
    assert.deepEqual(Object.keys(JSON.parse(printed.stdout)), [
      'Version',
      'AccessKeyId',
      'SecretAccessKey',
      'SessionToken',
      'Expiration',
    ])
    const files = filesIn(temporaryHome(t))
    const saved = join(server.home, 'printed.json')
    writeFileSync(saved, printed.stdout)
    const config = join(server.home, 'config')
    writeFileSync(config, `[profile p]\ncredential_process = cat ${saved}\nendpoint_url = ${server.url}\n`)
    const target = { endpoint: server.url, environment: { ...files, AWS_CONFIG_FILE: config } }
    const outcome = await awsCli(target, 'sts', 'get-caller-identity', '--profile', 'p')
    assert.equal(outcome.status, 0, outcome.stderr)
    assert.match(JSON.parse(outcome.stdout).Arn, /assumed-role\/second\/admin$/)
  })
})
