import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { advance } from './time.ts'

const { omen, iam, close } = await openServer()
after(close)

async function report(): Promise<readonly Readonly<Record<string, string>>[]> {
  const { Content } = await iam.getCredentialReport({})
  const [head = '', ...lines] = Buffer.from(Content ?? [])
    .toString('utf8')
    .split('\n')
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))
}

describe('the credential report', () => {
  test('it is started, under way, complete, and expires (RPT-1, RPT-2)', async () => {
    // the SDK says Unknown where a fault has no message
    assert.equal(await faultOf(iam.getCredentialReport({})), 'ReportNotPresent 410: Unknown')
    assert.deepEqual(bare(await iam.generateCredentialReport({})), {
      State: 'STARTED',
      Description: 'No report exists. Starting a new report generation task',
    })
    assert.deepEqual(bare(await iam.generateCredentialReport({})), { State: 'INPROGRESS' })
    assert.equal(await faultOf(iam.getCredentialReport({})), 'ReportInProgress 404: Unknown')
    advance(omen, 1_000, iam)
    assert.deepEqual(bare(await iam.generateCredentialReport({})), { State: 'COMPLETE' })
    const { GeneratedTime, ReportFormat } = await iam.getCredentialReport({})
    assert.equal(ReportFormat, 'text/csv')
    assert(GeneratedTime instanceof Date)
    advance(omen, 4 * 3_600_000, iam)
    assert.equal(await faultOf(iam.getCredentialReport({})), 'ReportExpired 410: Unknown')
    assert.equal((await iam.generateCredentialReport({})).State, 'STARTED')
    advance(omen, 4 * 3_600_000, iam)
  })

  test('a row of root, then one a user, from what really happened (RPT-3 to RPT-7)', async () => {
    await iam.createUser({ UserName: 'bea', Path: '/team/' })
    await iam.createUser({ UserName: 'Ada,Lovelace' })
    await iam.createLoginProfile({ UserName: 'bea', Password: 'Long-enough-4-all' })
    await iam.updateAccountPasswordPolicy({ MaxPasswordAge: 10 })
    const key = await newKey(iam, 'bea')
    await iam.createAccessKey({ UserName: 'bea' })
    const sts = new STS({ ...omen.clientConfig(key), region: 'eu-west-1' })
    sts.config.systemClockOffset = iam.config.systemClockOffset
    await sts.getCallerIdentity({})
    sts.destroy()
    const { AccessKeyMetadata: [, second] = [] } = await iam.listAccessKeys({ UserName: 'bea' })
    const secondId = second?.AccessKeyId === key.accessKeyId ? undefined : second?.AccessKeyId
    if (secondId !== undefined)
      await iam.updateAccessKey({ UserName: 'bea', AccessKeyId: secondId, Status: 'Inactive' })
    assert.equal((await iam.generateCredentialReport({})).State, 'STARTED')
    advance(omen, 1_000, iam)
    const rows = await report()
    const [root] = rows
    assert.deepEqual(Object.keys(root ?? {}).length, 22)
    assert.deepEqual(
      [
        root?.user,
        root?.arn,
        root?.password_enabled,
        root?.password_last_used,
        root?.mfa_active,
        root?.access_key_1_active,
      ],
      [
        '<root_account>',
        'arn:aws:iam::123456789012:root',
        'not_supported',
        'no_information',
        'false',
        'true',
      ],
    )
    const bea = rows.find(({ user }) => user === 'bea')
    assert.equal(bea?.arn, 'arn:aws:iam::123456789012:user/team/bea')
    assert.match(bea?.user_creation_time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.equal(bea?.password_enabled, 'true')
    assert.equal(bea?.password_last_used, 'no_information')
    assert.equal(
      Date.parse(bea?.password_next_rotation ?? '') - Date.parse(bea?.password_last_changed ?? ''),
      10 * 86_400_000,
    )
    const used = [1, 2].map((n) => [
      bea?.[`access_key_${n}_last_used_region`],
      bea?.[`access_key_${n}_last_used_service`],
    ])
    assert(used.some(([region, service]) => region === 'eu-west-1' && service === 'sts'))
    assert(used.some(([region, service]) => region === 'N/A' && service === 'N/A'))
    const { Content } = await iam.getCredentialReport({})
    assert.match(
      Buffer.from(Content ?? []).toString('utf8'),
      /^"Ada,Lovelace","arn:aws:iam::123456789012:user\/Ada,Lovelace",.*,false,N\/A,N\/A,N\/A,false,false,N\/A/m,
    )
  })
})
