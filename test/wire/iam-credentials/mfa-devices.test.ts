import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { takeMfaCode } from '../../../packages/server/src/directory/index.ts'
import { bare, faultOf, openHouse } from '../iam/house.ts'
import { authenticator, codes } from './material.ts'

const step = 30_000
// it begins a third into a half minute, so that none ends while a test runs
const start = Math.floor(Date.now() / step) * step + 10_000
const { omen, iam, as, close } = await openHouse({ now: start })
after(close)

const now = () => omen.clock.now()
const serialOf = (name: string) => `arn:aws:iam::123456789012:mfa/${name}`

/** A new device, and the app that shows its codes. */
async function device(VirtualMFADeviceName: string) {
  const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({ VirtualMFADeviceName })
  return { SerialNumber: made?.SerialNumber ?? '', code: authenticator(made?.Base32StringSeed) }
}

/** A new user with an enabled device. */
async function holder(UserName: string) {
  await iam.createUser({ UserName })
  const { SerialNumber, code } = await device(UserName)
  await iam.enableMFADevice({ UserName, SerialNumber, ...codes(code, now()) })
  return { UserName, SerialNumber, code }
}

const wrongCode = 'InvalidAuthenticationCode 403: Authentication code for device is not valid.'

describe('virtual MFA devices', () => {
  test('made under no name by which nothing could name it (CRED-32)', async () => {
    const create = (VirtualMFADeviceName: string, Path: string) =>
      iam.createVirtualMFADevice({ VirtualMFADeviceName, Path })
    const room = 256 - serialOf('').length
    await create('a', `/${'p'.repeat(room - 2)}/`)
    for (const path of [`/${'p'.repeat(room - 1)}/`, '/a*b/'])
      assert.match(
        await faultOf(create('a', path)),
        /^ValidationError 400: The serial number .* would be none\.$/,
      )
    await iam.deleteVirtualMFADevice({ SerialNumber: serialOf(`${'p'.repeat(room - 2)}/a`) })
  })

  test('created with a seed and a QR code, listed, deleted (CRED-21 to CRED-23, CRED-29)', async () => {
    const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({
      VirtualMFADeviceName: 'phone',
      Path: '/team/',
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    assert.equal(made?.SerialNumber, serialOf('team/phone'))
    assert.match(Buffer.from(made?.Base32StringSeed ?? []).toString(), /^[A-Z2-7]{64}$/)
    const png = Buffer.from(made?.QRCodePNG ?? [])
    assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n')
    assert.deepEqual(made?.Tags, [{ Key: 'k', Value: 'v' }])
    assert.equal(
      await faultOf(iam.createVirtualMFADevice({ VirtualMFADeviceName: 'Phone', Path: '/team/' })),
      'EntityAlreadyExists 409: MFADevice entity at the same path and name already exists.',
    )
    const { VirtualMFADevices: listed } = await iam.listVirtualMFADevices({})
    assert.deepEqual(listed, [{ SerialNumber: serialOf('team/phone') }])
    await iam.deleteVirtualMFADevice({ SerialNumber: serialOf('team/phone') })
    assert.equal(
      await faultOf(iam.deleteVirtualMFADevice({ SerialNumber: serialOf('team/phone') })),
      `NoSuchEntity 404: VirtualMFADevice with serial number ${serialOf('team/phone')} does not exist.`,
    )
  })

  test('enabled with two codes in a row, listed with their user, deactivated (CRED-24, CRED-27, CRED-28, CRED-30)', async () => {
    const UserName = 'mia'
    await iam.createUser({ UserName, Path: '/p/' })
    const { SerialNumber, code } = await device('mias')
    const enable = (given: object) =>
      iam.enableMFADevice({ UserName, SerialNumber, ...codes(code, now()), ...given })
    assert.equal(
      await faultOf(enable({ AuthenticationCode2: code(now() - step) })),
      wrongCode,
      'the same twice',
    )
    const turned = codes(code, now())
    const swapped = {
      AuthenticationCode1: turned.AuthenticationCode2,
      AuthenticationCode2: turned.AuthenticationCode1,
    }
    assert.equal(await faultOf(enable(swapped)), wrongCode, 'in the wrong order')
    assert.equal(await faultOf(enable(codes(code, now() - 40 * step))), wrongCode, 'twenty minutes old')
    assert.match(await faultOf(enable({ AuthenticationCode1: '12345' })), /^ValidationError/)
    assert.match(
      await faultOf(enable({ SerialNumber: serialOf('none') })),
      /^NoSuchEntity 404: VirtualMFADevice/,
    )
    await enable({})
    assert.match(await faultOf(enable({})), /^EntityAlreadyExists 409/)
    const { MFADevices: held } = await iam.listMFADevices({ UserName })
    assert.deepEqual(
      held?.map((each) => [each.UserName, each.SerialNumber]),
      [[UserName, SerialNumber]],
    )
    const { $metadata: _, ...shown } = await iam.getMFADevice({ UserName, SerialNumber })
    assert.deepEqual(shown, held?.[0])
    const { VirtualMFADevices: assigned } = await iam.listVirtualMFADevices({ AssignmentStatus: 'Assigned' })
    assert.deepEqual(
      assigned?.map((each) => [each.SerialNumber, each.User?.Arn, each.EnableDate]),
      [[SerialNumber, 'arn:aws:iam::123456789012:user/p/mia', held?.[0]?.EnableDate]],
    )
    const unassigned = await iam.listVirtualMFADevices({ AssignmentStatus: 'Unassigned' })
    assert(!unassigned.VirtualMFADevices?.some((each) => each.SerialNumber === SerialNumber))
    assert.equal(
      await faultOf(iam.deleteVirtualMFADevice({ SerialNumber })),
      'DeleteConflict 409: MFA VirtualDevice in use. Must deactivate first.',
    )
    assert.equal(
      await faultOf(iam.deleteUser({ UserName })),
      'DeleteConflict 409: Cannot delete entity, must delete MFA device first.',
    )
    assert.equal(
      await faultOf(iam.deactivateMFADevice({ UserName: 'admin', SerialNumber })),
      'NoSuchEntity 404: MFA Device invalid for user.',
    )
    await iam.deactivateMFADevice({ UserName, SerialNumber })
    assert.deepEqual((await iam.listMFADevices({ UserName })).MFADevices, [])
    assert.equal(await faultOf(enable({})), wrongCode, 'codes that were taken before')
    omen.clock.advance(step)
    await enable(codes(code, now()))
  })

  test('no more in an account than it may have users (CRED-20)', async () => {
    const { house } = omen.omen
    const { VirtualMFADevices: held = [] } = await iam.listVirtualMFADevices({})
    const { quotas } = house
    Object.assign(house, { quotas: { ...quotas, UsersPerAccount: held.length + 1 } })
    const make = (VirtualMFADeviceName: string) => iam.createVirtualMFADevice({ VirtualMFADeviceName })
    await make('last')
    assert.match(await faultOf(make('beyond')), /^LimitExceeded 409/)
    await iam.deleteVirtualMFADevice({ SerialNumber: serialOf('last') })
    await make('beyond')
    Object.assign(house, { quotas })
    await iam.deleteVirtualMFADevice({ SerialNumber: serialOf('beyond') })
  })

  test('no ninth for one user (IAM-31)', async () => {
    const UserName = 'many'
    await iam.createUser({ UserName })
    for (let n = 1; n <= 9; n++) {
      const { SerialNumber, code } = await device(`many-${n}`)
      const enabling = iam.enableMFADevice({ UserName, SerialNumber, ...codes(code, now()) })
      if (n <= 8) await enabling
      else
        assert.equal(
          await faultOf(enabling),
          'LimitExceeded 409: Cannot exceed quota for MFADevicesPerUser: 8',
        )
    }
  })

  test("root's own: by the account's number, or by no name (CRED-1)", async () => {
    const root = as('root')
    const { SerialNumber, code } = await device('root-account-mfa-device')
    assert.equal((await iam.getAccountSummary({})).SummaryMap?.AccountMFAEnabled, 0)
    await root.enableMFADevice({ UserName: '123456789012', SerialNumber, ...codes(code, now()) })
    const { MFADevices: held } = await root.listMFADevices({})
    assert.deepEqual(
      held?.map((each) => [each.UserName, each.SerialNumber]),
      [[undefined, SerialNumber]],
    )
    const { VirtualMFADevices: listed } = await iam.listVirtualMFADevices({ AssignmentStatus: 'Assigned' })
    const user = listed?.find((each) => each.SerialNumber === SerialNumber)?.User
    assert.deepEqual([user?.Arn, user?.UserName], ['arn:aws:iam::123456789012:root', undefined])
    const { SummaryMap: summary } = await iam.getAccountSummary({})
    assert.equal(summary?.AccountMFAEnabled, 1)
    assert((summary?.MFADevices ?? 0) > 0 && (summary?.MFADevicesInUse ?? 0) > 0)
    assert.match(
      await faultOf(iam.deactivateMFADevice({ UserName: '123456789012', SerialNumber })),
      /^NoSuchEntity 404: The user with name 123456789012/,
    )
    assert.equal(
      await faultOf(root.deactivateMFADevice({ SerialNumber })),
      'ValidationError 400: Must specify userName when calling with non-User credentials',
    )
    await root.deactivateMFADevice({ UserName: '123456789012', SerialNumber })
    assert.deepEqual((await root.listMFADevices({})).MFADevices, [])
  })

  test('tags', async () => {
    const { SerialNumber } = await device('tagged')
    await iam.tagMFADevice({
      SerialNumber,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    await iam.untagMFADevice({ SerialNumber, TagKeys: ['a', 'B'] })
    assert.deepEqual(bare(await iam.listMFADeviceTags({ SerialNumber })), {
      IsTruncated: false,
      Tags: [{ Key: 'b', Value: '2' }],
    })
    assert.match(await faultOf(iam.listMFADeviceTags({ SerialNumber: 'GAHT12345678' })), /^NoSuchEntity/)
  })
})

describe('codes', () => {
  const { house } = omen.omen
  /** Whether the code that the app shows is taken, as AssumeRole and GetSessionToken take it. */
  async function takes(who: { UserName: string; SerialNumber: string }, code: string) {
    const account = (await house.directory.find(house.firstAccount)) ?? assert.fail()
    const { User } = await iam.getUser({ UserName: who.UserName })
    const given = { owner: User?.UserId ?? '', serial: who.SerialNumber, code }
    const taken = takeMfaCode(given, account, now(), house.vault)
    await house.directory.commit([])
    return taken
  }

  test('are good in their half minute and the ones beside it, once (CRED-25)', async () => {
    const owner = await holder('olga')
    assert.equal(await takes(owner, owner.code(now())), false, 'it was taken to enable')
    omen.clock.advance(3 * step)
    assert.equal(await takes(owner, owner.code(now() - 2 * step)), false, 'too old')
    assert.equal(await takes(owner, owner.code(now() + 2 * step)), false, 'too early')
    assert.equal(
      await takes(owner, '000000'.replace('0', owner.code(now()).startsWith('0') ? '1' : '0')),
      false,
    )
    assert.equal(await takes(owner, 'abcdef'), false)
    assert.equal(await takes(owner, owner.code(now())), true)
    assert.equal(await takes(owner, owner.code(now())), false, 'a replay')
    assert.equal(await takes(owner, owner.code(now() - step)), false, 'older than the last one taken')
    assert.equal(await takes(owner, owner.code(now() + step)), true)
  })

  test("serve their own user, by their own device's number", async () => {
    const one = await holder('one')
    const other = await holder('other')
    omen.clock.advance(2 * step)
    assert.equal(await takes({ ...one, UserName: 'other' }, one.code(now())), false)
    assert.equal(await takes({ ...one, SerialNumber: other.SerialNumber }, one.code(now())), false)
    assert.equal(await takes(one, one.code(now())), true)
  })

  test('a device whose clock walks away stays in step while it is used (CRED-25)', async () => {
    const owner = await holder('walker')
    for (let ahead = 1; ahead <= 5; ahead++) {
      omen.clock.advance(step)
      assert.equal(await takes(owner, owner.code(now() + ahead * step)), true, `${ahead} ahead`)
    }
  })

  test('one that is out of step is brought back by two codes (CRED-24, CRED-26)', async () => {
    const owner = await holder('late')
    const fast = 50 * step
    assert.equal(await takes(owner, owner.code(now() + fast)), false)
    const resync = (ahead: number) =>
      iam.resyncMFADevice({ ...named(owner), ...codes(owner.code, now() + ahead) })
    assert.equal(await faultOf(resync(130 * step)), wrongCode, 'more than an hour away')
    await resync(fast)
    assert.equal(await takes(owner, owner.code(now() + fast)), false, 'it was taken to synchronise')
    omen.clock.advance(step)
    assert.equal(await takes(owner, owner.code(now() + fast)), true)
  })
})

function named({ UserName, SerialNumber }: { UserName: string; SerialNumber: string }) {
  return { UserName, SerialNumber }
}
