import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam'
import { allow, policyText } from '../kit/index.ts'
import { omen } from './process.ts'
import { adminsDevice, anyoneHere, only, type ServerWithRoles, serverWithRoles } from './roles.ts'

/** What `--format env-no-export` printed, as an environment. */
function environmentOf(stdout: string): Record<string, string> {
  const lines = stdout.trim().split('\n')
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

async function who(server: ServerWithRoles, environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = await omen(
    ['whoami', '--home', server.home, '--output', 'json'],
    environment,
  )
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

describe('omen assume', { concurrency: 2 }, () => {
  test('writes credentials in the forms of the AWS CLI, to the letter (SHL-1)', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('deployer', anyoneHere)
    const id = '(?<id>ASIA[A-Z2-7]{16})'
    const secret = '[A-Za-z0-9+/]{40}'
    const token = 'IQoJb3JpZ2luX2Vj[A-Za-z0-9+/=]+'
    const expiration = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'
    const forms = {
      env: `export AWS_ACCESS_KEY_ID=${id}\nexport AWS_SECRET_ACCESS_KEY=${secret}\nexport AWS_SESSION_TOKEN=${token}\nexport AWS_CREDENTIAL_EXPIRATION=${expiration}\n`,
      'env-no-export': `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\nAWS_SESSION_TOKEN=${token}\nAWS_CREDENTIAL_EXPIRATION=${expiration}\n`,
      fish: `set -gx AWS_ACCESS_KEY_ID "${id}"\nset -gx AWS_SECRET_ACCESS_KEY "${secret}"\nset -gx AWS_SESSION_TOKEN "${token}"\nset -gx AWS_CREDENTIAL_EXPIRATION "${expiration}"\n`,
      powershell: `\\$Env:AWS_ACCESS_KEY_ID="${id}"\n\\$Env:AWS_SECRET_ACCESS_KEY="${secret}"\n\\$Env:AWS_SESSION_TOKEN="${token}"\n\\$Env:AWS_CREDENTIAL_EXPIRATION="${expiration}"\n`,
      process: `\\{\n  "Version": 1,\n  "AccessKeyId": "${id}",\n  "SecretAccessKey": "${secret}",\n  "SessionToken": "${token}",\n  "Expiration": "${expiration}"\n\\}\n`,
    }
    for (const [format, form] of Object.entries(forms)) {
      const { status, stdout, stderr } = await omen([
        'assume',
        'deployer',
        '--home',
        server.home,
        '--format',
        format,
      ])
      assert.equal(status, 0, stderr)
      assert.match(stdout, new RegExp(`^${form}$`), format)
      assert.match(stderr, /^admin ─▶ deployer {4}expires \d\d:\d\d \(in (?:1 h|59 min|60 min)\)\n$/)
    }
  })

  test('a chain, by name and ARN, cut to its hour; whoami shows who really acts (SHL-3)', async (t) => {
    const server = await serverWithRoles(t)
    const deployer = await server.role('deployer', anyoneHere)
    const auditor = await server.role('auditor', only(deployer), {
      path: '/team/',
      maxSessionSeconds: 43_200,
    })
    const end = await server.role('end', only(auditor))
    const chain = ['wear', 'deployer', 'auditor', end, '--home', server.home]
    const options = ['--duration', '12h', '--tag', 'cost=7', '--tag', 'only=here', '--transitive', 'cost']
    const worn = await omen([...chain, ...options, '--source-identity', 'aki', '--format', 'env-no-export'])
    assert.equal(worn.status, 0, worn.stderr)
    assert.match(
      worn.stderr,
      /^! chained sessions live 1 h at most \(AWS rule\); 12 h asked, 1 h given\nadmin ─▶ deployer ─▶ auditor ─▶ end /,
    )
    const me = await who(server, environmentOf(worn.stdout))
    assert.equal(me.arn, `arn:aws:sts::${server.account}:assumed-role/end/admin`)
    assert.equal(me.from, 'the environment')
    assert.deepEqual(me.chain, [
      `arn:aws:iam::${server.account}:user/admin`,
      ...['deployer', 'auditor', 'end'].map(
        (name) => `arn:aws:sts::${server.account}:assumed-role/${name}/admin`,
      ),
    ])
    assert.equal(me.session.sourceIdentity, 'aki')
    assert.deepEqual(me.session.tags, [
      { Key: 'cost', Value: '7' },
      { Key: 'only', Value: 'here' },
    ])
    assert.deepEqual(me.session.transitiveTagKeys, ['cost'])
    const told = await omen(['whoami', '--home', server.home], environmentOf(worn.stdout))
    assert.match(told.stdout, /original caller +arn:aws:iam::123456789012:user\/admin\n/)
    assert.match(told.stdout, /chain +admin ─▶ deployer ─▶ auditor ─▶ end\n/)
    assert.match(told.stdout, /tags +cost=7 \(transitive\), only=here\n/)
  })

  test("credentials of the environment count where they are this house's; others are passed over, ended ones refused", async (t) => {
    const server = await serverWithRoles(t)
    const deployer = await server.role('deployer', anyoneHere)
    await server.role('next', only(deployer))
    const first = await omen(['assume', 'deployer', '--home', server.home, '--format', 'env-no-export'])
    const environment = environmentOf(first.stdout)
    const second = await omen(['assume', 'next', '--home', server.home, '--duration', '2h'], environment)
    assert.equal(second.status, 0, second.stderr)
    assert.match(second.stderr, /^! chained .*\nadmin ─▶ deployer ─▶ next /)
    const elsewhere = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) }
    const third = await omen(['assume', 'deployer', '--home', server.home], elsewhere)
    assert.equal(third.status, 0, third.stderr)
    assert.match(
      third.stderr,
      /^omen: the key AKIAIOSFODNN7EXAMPLE is not a key of this server: admin's key is used\n/,
    )
    const altered = {
      ...environment,
      AWS_SESSION_TOKEN: `${environment.AWS_SESSION_TOKEN!.slice(0, -8)}AAAAAAAA`,
    }
    const fourth = await omen(['assume', 'deployer', '--home', server.home], altered)
    assert.equal(fourth.status, 254)
    assert.equal(fourth.stdout, '')
    assert.match(fourth.stderr, /the session token is not valid here/i)
  })

  test('AWS_PROFILE names the caller: its key, its roles, or nobody (SHL-25)', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('reader', anyoneHere)
    await server.role('next', only(`arn:aws:iam::${server.account}:role/reader`))
    await server.iam.send(new CreateUserCommand({ UserName: 'dev' }))
    const { AccessKey: key } = await server.iam.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
    const { accessKeyId, secretAccessKey } = server.keys.admin
    const file = join(server.home, 'credentials')
    writeFileSync(
      file,
      `[dev]\naws_access_key_id = ${key?.AccessKeyId}\naws_secret_access_key = ${key?.SecretAccessKey}\n[boss]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`,
    )
    const config = join(server.home, 'config')
    const role = `role_arn = arn:aws:iam::${server.account}:role/reader`
    writeFileSync(
      config,
      `[profile reader]\n${role}\nsource_profile = boss\nrole_session_name = mine\n[profile sso]\nsso_session = x\n`,
    )
    const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: file }
    const as = (profile: string) => ({ ...files, AWS_PROFILE: profile })
    const refused = await omen(['assume', 'reader', '--home', server.home], as('dev'))
    assert.deepEqual([refused.status, refused.stdout], [254, ''])
    assert.match(refused.stderr, /user\/dev is not authorized to perform: sts:AssumeRole/)
    assert.equal((await who(server, as('dev'))).arn, `arn:aws:iam::${server.account}:user/dev`)
    const session = `arn:aws:sts::${server.account}:assumed-role/reader/mine`
    assert.equal((await who(server, as('reader'))).arn, session)
    const chained = await omen(['assume', 'next', '--home', server.home], as('reader'))
    assert.match(chained.stderr, /^admin ─▶ reader ─▶ next /)
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    assert.match((await who(server, { ...as('dev'), ...keys })).arn, /:user\/admin$/)
    const none = await omen(['whoami', '--home', server.home], as('dve'))
    assert.equal(none.status, 255)
    assert.match(none.stderr, /^omen: the profile dve \(AWS_PROFILE\) is not in /)
    const unread = await omen(['whoami', '--home', server.home], as('sso'))
    assert.equal(unread.status, 253)
    assert.match(unread.stderr, /aws configure export-credentials --profile sso/)
  })

  test('a session policy, an external id and MFA reach STS', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('partner', anyoneHere, { condition: { StringEquals: { 'sts:ExternalId': 'four' } } })
    const policy = join(server.home, 'policy.json')
    writeFileSync(policy, policyText())
    const refused = await omen(['assume', 'partner', '--home', server.home])
    assert.equal(refused.status, 254)
    assert.match(
      refused.stderr,
      /^omen: An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: arn:aws:iam::123456789012:user\/admin is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role\/partner\n {2}say why: omen why d-\w+\n$/,
    )
    const given = [
      '--external-id',
      'four',
      '--session-policy',
      policy,
      '--format',
      'json',
      '--session',
      'me@work',
    ]
    const worn = await omen(['assume', 'partner', '--home', server.home, ...given])
    assert.equal(worn.status, 254) // a policy without statements is none
    writeFileSync(policy, policyText(allow('iam:List*')))
    const again = await omen(['assume', 'partner', '--home', server.home, ...given])
    assert.equal(again.status, 0, again.stderr)
    const answer = JSON.parse(again.stdout)
    assert.equal(answer.AssumedRoleUser.Arn, `arn:aws:sts::${server.account}:assumed-role/partner/me@work`)
    assert.ok(answer.PackedPolicySize > 0)
    assert.equal(answer.Chain.length, 2)
    const wrongCode = await omen(['assume', 'partner', '--home', server.home, '--mfa', 'phone:123456'])
    assert.equal(wrongCode.status, 254)
  })

  test('a role that requires MFA, whose device is given by name or ARN', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('careful', anyoneHere, {
      condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    })
    const device = await adminsDevice(server)
    const assume = (...args: readonly string[]) => omen(['assume', 'careful', '--home', server.home, ...args])
    assert.equal((await assume()).status, 254)
    const worn = await assume('--mfa', `phone:${device.code()}`, '--format', 'env-no-export')
    assert.equal(worn.status, 0, worn.stderr)
    assert.equal((await who(server, environmentOf(worn.stdout))).session.sessionName, 'admin')
    const wrong = await assume('--mfa', `${device.serial}:000000`)
    assert.equal(wrong.status, 254)
    assert.match(wrong.stderr, /MultiFactorAuthentication failed with invalid MFA one time pass code/)
  })

  test('says what it cannot do by its exit code (SHL-2)', async (t) => {
    const server = await serverWithRoles(t)
    await server.iam.send(new CreateUserCommand({ UserName: 'alice' }))
    await server.role('deployer', anyoneHere)
    const status = async (...args: readonly string[]) => (await omen([...args, '--home', server.home])).status
    assert.equal(await status('assume', 'nobody'), 254)
    assert.equal(await status('assume'), 252)
    assert.equal(await status('assume', 'deployer', '--duration', 'long'), 252)
    assert.equal(await status('assume', 'deployer', '--format', 'xml'), 252)
    assert.equal(await status('assume', 'deployer', '--transitive', 'k'), 252)
    assert.equal(await status('assume', 'deployer', '--mfa', 'phone'), 252)
    assert.equal(await status('assume', 'deployer', '--session-policy', join(server.home, 'nowhere')), 253)
    assert.equal(await status('assume', 'deployer', '--duration', '60'), 254)
    assert.equal((await omen(['assume', 'deployer', '--home', join(server.home, 'none')])).status, 255)
    await server.stop('SIGTERM')
    assert.equal(await status('assume', 'deployer'), 255)
  })
})

describe('omen keys rotate', () => {
  test('leaves the sessions that live alone', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('deployer', anyoneHere)
    const worn = await omen(['assume', 'deployer', '--home', server.home, '--format', 'env-no-export'])
    const rotated = await omen(['keys', 'rotate', '--home', server.home])
    assert.equal(rotated.status, 0, rotated.stderr)
    assert.ok(Date.parse(JSON.parse(rotated.stdout).sealsFrom) > 0)
    const me = await who(server, environmentOf(worn.stdout))
    assert.equal(me.session.roleArn, `arn:aws:iam::${server.account}:role/deployer`)
  })
})
