import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RunningServer } from './home.ts'
import { type KnownRole, profilesOf } from './profiles.ts'

const server: RunningServer = {
  url: 'http://127.0.0.1:1',
  pid: 1,
  mode: 'enforce',
  store: 's',
  account: '123456789012',
  keys: {
    admin: { accessKeyId: 'AKIAEXAMPLEADMIN', secretAccessKey: 'a' },
    root: { accessKeyId: 'AKIAEXAMPLEROOT', secretAccessKey: 'r' },
  },
}

/** A role that trusts principals, under conditions. */
function role(name: string, AWS: string | readonly string[], Condition?: object, seconds = 3_600): KnownRole {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS },
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  }
  return {
    name,
    arn: `arn:aws:iam::123456789012:role/${name}`,
    trust: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    maxSessionSeconds: seconds,
  }
}

const arnOf = (who: string) => `arn:aws:iam::123456789012:${who}`
const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
const externalId = (id: string) => ({ StringEquals: { 'sts:ExternalId': id } })

const roles = [
  role('all', '*'),
  role('account', '123456789012', undefined, 7_200),
  role('root', arnOf('root'), externalId('x:1')),
  role('admin', arnOf('user/admin'), mfa),
  role('behind', [arnOf('user/eve'), arnOf('role/all')], mfa, 7_200),
  role('deeper', arnOf('role/behind')),
  role('wrong', '*', externalId('x')),
  role('through', arnOf('role/wrong')),
  role('lonely', arnOf('user/eve')),
]

function shown(mfaSerial: string | undefined, partition?: 'aws-cn') {
  const parts = { server: { ...server, ...(partition && { partition }) }, roles, mfaSerial, prefix: 'o' }
  const { config, credentials, ...others } = profilesOf(parts)
  const names = Object.entries(others).map(
    ([kind, list]) => `${kind}: ${list.map(({ name }) => name).join()}`,
  )
  const settings = (list: typeof config) =>
    list.map(
      ({ name, settings }) =>
        `${name}: ${settings.map(([key, value]) => (typeof value === 'string' ? `${key}=${value}` : `${key} ${value.length}`)).join(' ')}`,
    )
  return [settings(config).slice(1), settings(credentials), names] as const
}

describe('the profiles of a server', () => {
  const here = 'region=us-east-1 services=o endpoint_url=http://127.0.0.1:1'
  const of = (name: string, source: string) =>
    `role_arn=arn:aws:iam::123456789012:role/${name} source_profile=${source} role_session_name=admin-EADMIN`

  test('are of admin, of root, and of each role by the role that it trusts', () => {
    const [config, credentials, names] = shown(undefined)
    assert.deepEqual(config, [
      `profile o-admin: ${here}`,
      `profile o-root: ${here}`,
      `profile o-all: ${of('all', 'o-admin')} ${here}`,
      `profile o-account: ${of('account', 'o-admin')} duration_seconds=7200 ${here}`,
      `profile o-role-root: ${of('root', 'o-admin')} external_id=x:1 ${here}`,
      `profile o-role-admin: ${of('admin', 'o-admin')} ${here}`,
      `profile o-behind: ${of('behind', 'o-all')} ${here}`,
      `profile o-deeper: ${of('deeper', 'o-behind')} ${here}`,
    ])
    assert.deepEqual(credentials, [
      'o-admin: aws_access_key_id=AKIAEXAMPLEADMIN aws_secret_access_key=a',
      'o-root: aws_access_key_id=AKIAEXAMPLEROOT aws_secret_access_key=r',
    ])
    assert.deepEqual(names, ['unreached: lonely', 'wantMfa: admin', 'unusable: wrong,through'])
  })

  test('name the MFA device where a role wants it directly', () => {
    const [config, , names] = shown('arn:mfa')
    assert.deepEqual(
      config.filter((line) => line.includes('mfa_serial')),
      [`profile o-role-admin: ${of('admin', 'o-admin')} mfa_serial=arn:mfa ${here}`],
    )
    assert.equal(names[1], 'wantMfa: ')
  })

  test('are of the partition', () => {
    const [config, , names] = shown(undefined, 'aws-cn')
    assert.match(config[0]!, /region=cn-/)
    // their ARNs are of another partition
    assert.equal(names[0], 'unreached: root,admin,lonely')
  })
})
