import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AccessRequest,
  type DecisionRecord,
  type Judged,
  keepDenial,
  openRefusal,
  refusal,
  reviveDenial,
} from '../../packages/server/src/authorization/index.ts'
import { type AccountId, seededRandom } from '../../packages/server/src/base/index.ts'
import { now, pay } from './accounts.ts'
import { denied } from './callers.ts'

const instance = 'arn:aws:ec2:eu-central-1:222222222222:instance/i-1'

/** The encoded message of a denial by EC2. */
function messageOf(context: AccessRequest['context'] = {}, resource = instance) {
  const { call, one } = denied('alice', 'ec2:StopInstances', {
    action: 'ec2:StopInstances',
    resource,
    context,
  })
  const encoded = / message: (.*)$/.exec(refusal(one, call).message)?.[1] ?? ''
  const open = (at = call.now) => openRefusal(call.deps.vault, encoded, at)
  const keys = () =>
    (JSON.parse(open()!.json).context.conditions.items as { key: string }[]).map(({ key }) => key)
  return { call, encoded, open, keys }
}

test('an encoded message can be decoded for a day, and only unaltered', () => {
  const { call, encoded, open } = messageOf()
  const day = 24 * 60 * 60 * 1000
  assert.equal(open(now + day)?.requestId, call.id)
  assert.equal(open(now + day + 1), undefined)
  for (const other of [`${encoded}\n`, encoded.slice(0, -4), 'x', `A${encoded}`])
    assert.equal(openRefusal(call.deps.vault, other, now), undefined)
})

test('keys of EC2 are in the order of its own messages', () => {
  const own = [
    'ec2:InstanceMarketType',
    'ec2:AvailabilityZone',
    'ec2:IsLaunchTemplateResource',
    'ec2:RootDeviceType',
    'ec2:Tenancy',
    'ec2:Region',
    'a:b',
  ]
  const context = Object.fromEntries(own.toReversed().map((key) => [key, 'v']))
  assert.deepEqual(messageOf({ ...context, none: undefined }).keys(), [
    'ec2:InstanceMarketType',
    'aws:Resource',
    'aws:Account',
    'ec2:AvailabilityZone',
    'ec2:IsLaunchTemplateResource',
    'ec2:RootDeviceType',
    'aws:Region',
    'aws:Service',
    'aws:Type',
    'ec2:Tenancy',
    'ec2:Region',
    'aws:ARN',
    'a:b',
  ])
})

/** Texts that nothing makes shorter. */
const noise = (length: number, seed = 'noise') =>
  Buffer.from(seededRandom(seed).bytes(length)).toString('base64').slice(0, length)

test('a message has as many characters as STS accepts, and no more', () => {
  const text = noise(12_000)
  const of = (length: number) =>
    messageOf({ 'ec2:ResourceTag/a': text.slice(0, length), 'ec2:Tenancy': 'default' })
  const isWhole = (length: number) => of(length).keys().includes('ec2:Tenancy')
  let [least, most] = [5_000, 12_000]
  while (most - least > 1) {
    const middle = (least + most) >> 1
    if (isWhole(middle)) least = middle
    else most = middle
  }
  const lengths = Array.from({ length: 8 }, (_, back) => of(least - back)).map(
    ({ encoded }) => encoded.length,
  )
  assert.equal(Math.max(...lengths), 10_240)
})

test('of a message that is too long keys are left out, and texts are cut', () => {
  const keys = Object.fromEntries(
    Array.from({ length: 40 }, (_, number) => [`ec2:ResourceTag/${number}`, noise(300, `${number}`)]),
  )
  const long = messageOf({ ...keys, 'aws:x/y': 'tag', 'aws:kept': 'yes', 'ec2:Tenancy': 'default' })
  assert.ok(long.encoded.length <= 10_240)
  assert.deepEqual(long.keys(), [
    'aws:Resource',
    'aws:Account',
    'aws:Region',
    'aws:Service',
    'aws:Type',
    'aws:ARN',
    'aws:kept',
  ])
  const huge = messageOf({}, `${instance}${noise(20_000)}`)
  assert.ok(huge.encoded.length <= 10_240)
  const { context } = JSON.parse(huge.open()!.json)
  assert.equal(context.resource.length, 500)
  assert.equal(context.resource, `${instance}${noise(20_000)}`.slice(0, 500))
})

test('a denial that is too large to be stored loses the questions behind it, or is not stored', async () => {
  const { call, one } = denied('carol', 'iam:GetUser')
  const record = (judged: readonly Judged[], behind: readonly Judged[]): DecisionRecord => ({
    id: 'd-1',
    call,
    judged,
    allowed: false,
    behind,
    beyond: 3,
    letThrough: false,
  })
  const of = (length: number): Judged => ({ ...one, access: { ...one.access, refusal: 'x'.repeat(length) } })
  assert.equal(keepDenial(record([], [])), undefined)
  const size = keepDenial(record([of(0)], []))!.json.length
  const most = 256 * 1024 - size
  assert.equal(keepDenial(record([of(most)], []))?.json.length, 256 * 1024)
  assert.equal(keepDenial(record([of(most + 1)], [])), undefined)
  const cut = JSON.parse(keepDenial(record([one], [of(most), one]))!.json)
  assert.deepEqual([cut.behind, cut.beyond], [[], 5])
  assert.equal(keepDenial(record([of(most + 1)], [one])), undefined)

  const denial = keepDenial(record([one], [one]))!
  const revived = (json: object, account = pay as string) =>
    reviveDenial(
      {
        ...denial,
        account: account as AccountId,
        json: JSON.stringify({ ...JSON.parse(denial.json), ...json }),
      },
      call.deps,
    )
  // as records of earlier versions
  const older = await revived({ behind: undefined, beyond: undefined, letThrough: undefined })
  assert.deepEqual([older?.behind, older?.beyond, older?.letThrough], [[], 0, false])
  assert.equal((await revived({}))?.behind.length, 1)
  const early = JSON.stringify({ ...JSON.parse(denial.json), behind: undefined })
  assert.equal(await reviveDenial({ ...denial, json: early, documents: new Map() }, call.deps), undefined)
  assert.equal(await revived({}, '999999999999'), undefined)
})
