import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { callerNamed, endpointNamed, keysIn } from './environment-keys.ts'

describe('the caller of an environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-profiles-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  }
  const chain = Array.from(
    { length: 9 },
    (_, i) => `[profile c${i}]\nrole_arn = r${i}\nsource_profile = c${i + 1}`,
  )
  writeFileSync(
    files.AWS_CONFIG_FILE,
    `[default]
endpoint_url = http://default
[profile ann]
endpoint_url = http://ann
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = ann
external_id = x
duration_seconds = 900
role_session_name = s
endpoint_url = http://role
[profile again]
role_arn = arn:aws:iam::123456789012:role/again
source_profile = role
duration_seconds = soon
[profile self]
role_arn = arn:aws:iam::123456789012:role/self
source_profile = self
[profile through]
role_arn = arn:aws:iam::123456789012:role/through
source_profile = self
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/m
source_profile = ann
mfa_serial = arn
[profile source]
role_arn = arn:aws:iam::123456789012:role/s
credential_source = Environment
[profile lost]
role_arn = arn:aws:iam::123456789012:role/l
source_profile = nobody
[profile a b]
sso_session = s
${chain.join('\n')}
`,
  )
  writeFileSync(
    files.AWS_SHARED_CREDENTIALS_FILE,
    ['default', 'ann', 'self']
      .map((name) => `[${name}]\naws_access_key_id = ${name}-id\naws_secret_access_key = ${name}-secret\n`)
      .join('')
      .replace('ann-secret\n', 'ann-secret\naws_session_token = ann-token\n'),
  )
  const of = (name: string) => ({ accessKeyId: `${name}-id`, secretAccessKey: `${name}-secret` })
  const ann = { ...of('ann'), sessionToken: 'ann-token' }
  const role = (name: string, more: object = {}) => ({
    RoleArn: `arn:aws:iam::123456789012:role/${name}`,
    RoleSessionName: 'omen',
    ExternalId: undefined,
    DurationSeconds: undefined,
    ...more,
  })
  const first = role('r', { RoleSessionName: 's', ExternalId: 'x', DurationSeconds: 900 })

  test('is that of its keys, or of its profile with the roles of the chain (SHL-25)', () => {
    const cases: readonly (readonly [environment: object, named: object | undefined])[] = [
      [{}, undefined],
      [{ AWS_PROFILE: '' }, undefined],
      [{ AWS_ACCESS_KEY_ID: 'a', AWS_PROFILE: '' }, undefined],
      [
        { AWS_ACCESS_KEY_ID: 'default-id', AWS_SECRET_ACCESS_KEY: 'default-secret', AWS_PROFILE: 'ann' },
        { keys: of('default'), roles: [] },
      ],
      [
        { AWS_PROFILE: 'default' },
        { profile: 'default', keys: of('default'), roles: [], endpoint: 'http://default' },
      ],
      [{ AWS_DEFAULT_PROFILE: 'ann' }, { profile: 'ann', keys: ann, roles: [], endpoint: 'http://ann' }],
      [
        { AWS_PROFILE: 'self', AWS_DEFAULT_PROFILE: 'ann' },
        { profile: 'self', keys: of('self'), roles: [role('self')] },
      ],
      [{ AWS_PROFILE: 'through' }, { profile: 'through', keys: of('self'), roles: [role('through')] }],
      [{ AWS_PROFILE: 'role' }, { profile: 'role', keys: ann, roles: [first], endpoint: 'http://role' }],
      [{ AWS_PROFILE: 'again' }, { profile: 'again', keys: ann, roles: [first, role('again')] }],
    ]
    for (const [environment, named] of cases)
      assert.deepEqual(callerNamed({ ...files, ...environment }), named, JSON.stringify(environment))
  })

  test('is refused where its profile cannot be read', () => {
    const cases = {
      none: [255, `the profile none (AWS_PROFILE) is not in ${files.AWS_CONFIG_FILE}`],
      lost: [255, `the profile nobody (AWS_PROFILE) is not in ${files.AWS_CONFIG_FILE}`],
      mfa: [
        253,
        'the credentials of the profile mfa (AWS_PROFILE) are not read here, for it wants MFA: eval "$(aws configure export-credentials --profile mfa --format env)"',
      ],
      'a b': [
        253,
        `the credentials of the profile a b (AWS_PROFILE) are not read here, for the profile a b has no key: eval "$(aws configure export-credentials --profile 'a b' --format env)"`,
      ],
      source: [
        253,
        'the credentials of the profile source (AWS_PROFILE) are not read here, for the profile source has no key: eval "$(aws configure export-credentials --profile source --format env)"',
      ],
      c0: [253, 'the profile c0 (AWS_PROFILE) has more than 8 profiles behind it'],
    }
    for (const [name, [exitCode, message]] of Object.entries(cases))
      assert.throws(() => callerNamed({ ...files, AWS_PROFILE: name }), { exitCode, message })
  })

  test('calls the endpoint of STS, of IAM, of all, or of its profile', () => {
    const named = { keys: of('x'), roles: [], endpoint: 'p' }
    const [sts, iam, all] = [
      { AWS_ENDPOINT_URL_STS: 's' },
      { AWS_ENDPOINT_URL_IAM: 'i' },
      { AWS_ENDPOINT_URL: 'a' },
    ]
    assert.equal(endpointNamed({ ...sts, ...iam, ...all }, named), 's')
    assert.equal(endpointNamed({ ...iam, ...all }, named), 'i')
    assert.equal(endpointNamed({ ...all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' }, named), 'a')
    assert.equal(endpointNamed({ AWS_ENDPOINT_URL: '' }, named), 'p')
    assert.equal(endpointNamed({}, undefined), undefined)
    assert.equal(endpointNamed({ ...sts, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' }, named), undefined)
  })

  test('has keys only where both halves are there', () => {
    const [id, secret] = [{ AWS_ACCESS_KEY_ID: 'a' }, { AWS_SECRET_ACCESS_KEY: 'b' }]
    assert.deepEqual(keysIn({ ...id, ...secret, AWS_SESSION_TOKEN: '' }), {
      accessKeyId: 'a',
      secretAccessKey: 'b',
    })
    assert.deepEqual(
      [keysIn(id), keysIn(secret), keysIn({ ...id, AWS_SECRET_ACCESS_KEY: '' })],
      Array(3).fill(undefined),
    )
  })
})
