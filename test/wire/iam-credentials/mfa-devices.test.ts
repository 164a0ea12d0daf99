import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { mfaDevices, takeMfaCode } from '../../../packages/server/src/directory/index.ts'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { authenticator, codes } from './material.ts'

const step = 30_000
// it begins a third into a half minute, so that none ends while a test runs
const start = Math.floor(Date.now() / step) * step + 10_000
const { omen, iam, as, close } = await openServer({ now: start })
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
      'EntityAlreadyExists 409: MFA device already exists.',
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
    assert.equal(await faultOf(enable(codes(code, now() - 999 * step))), wrongCode, 'over eight hours old')
    assert.match(await faultOf(enable({ AuthenticationCode1: '12345' })), /^ValidationError/)
    assert.match(
      await faultOf(enable({ SerialNumber: serialOf('none') })),
      /^NoSuchEntity 404: VirtualMFADevice/,
    )
    await enable({})
    assert.equal(
      await faultOf(enable({})),
      `EntityAlreadyExists 409: MFA Device for user ${UserName} already exists.`,
    )
    assert.equal(
      await faultOf(enable({ UserName: 'admin' })),
      'EntityAlreadyExists 409: MFA Device is already in use.',
    )
    const { MFADevices: held } = await iam.listMFADevices({ UserName })
    assert.deepEqual(
      held?.map((each) => [each.UserName, each.SerialNumber]),
      [[UserName, SerialNumber]],
    )
    assert.match(
      await faultOf(iam.getMFADevice({ UserName, SerialNumber })),
      /^ValidationError 400: .* Currently, only hardware FIDO security keys are supported\./,
    )
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
      'DeleteConflict 409: Cannot delete entity, must remove tokens from principal first.',
    )
    assert.equal(
      await faultOf(iam.deactivateMFADevice({ UserName: 'admin', SerialNumber })),
      'NoSuchEntity 404: MFA Device invalid for user.',
    )
    await iam.deactivateMFADevice({ UserName, SerialNumber })
    assert.deepEqual((await iam.listMFADevices({ UserName })).MFADevices, [])
    assert.equal(await faultOf(enable({})), wrongCode, 'codes that were taken before')
    omen.clock.advance(step)
    assert.equal(await faultOf(enable({})), wrongCode, 'the first was the second of a pair')
    omen.clock.advance(step)
    await enable({})
  })

  test('neither added nor taken off by a key alone, once its user has one (CRED-95); STS knows of both at once (STS-170)', async () => {
    const UserName = 'sam'
    await iam.createUser({ UserName })
    await iam.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: allow('*') })
    const credentials = await newKey(iam, UserName)
    const sam = as(credentials)
    const [first, second] = [await device('sam-1'), await device('sam-2')]
    const enable = (by: typeof iam, { SerialNumber, code }: typeof first) =>
      by.enableMFADevice({ UserName, SerialNumber, ...codes(code, now()) })
    const take = (by: typeof iam, SerialNumber: string) => by.deactivateMFADevice({ UserName, SerialNumber })
    const needsMfa =
      'AccessDenied 403: To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.'
    await enable(sam, first)
    omen.clock.advance(3 * step)
    assert.equal(await faultOf(enable(sam, second)), needsMfa)
    assert.equal(await faultOf(enable(sam, first)), needsMfa, 'before its state')
    assert.equal(await faultOf(take(sam, first.SerialNumber)), needsMfa)
    assert.equal(await faultOf(take(sam, serialOf('none'))), needsMfa, 'before its absence')
    await sam.resyncMFADevice({
      UserName,
      SerialNumber: first.SerialNumber,
      ...codes(first.code, now()),
    })
    const sts = new STS({ ...omen.clientConfig(credentials), maxAttempts: 1 })
    const session = async (given: object) => {
      const { Credentials: made } = await sts.getSessionToken(given)
      return as({
        accessKeyId: made?.AccessKeyId ?? '',
        secretAccessKey: made?.SecretAccessKey ?? '',
        sessionToken: made?.SessionToken ?? '',
      })
    }
    const withMfa = await session({ SerialNumber: first.SerialNumber, TokenCode: first.code(now()) })
    await enable(withMfa, second)
    await take(withMfa, first.SerialNumber)
    await take(withMfa, second.SerialNumber)
    omen.clock.advance(3 * step)
    await enable(sam, second)
    const other = await holder('sams-friend')
    await take(sam, other.SerialNumber).catch(() => undefined)
    await sam.deactivateMFADevice({ UserName: other.UserName, SerialNumber: other.SerialNumber })
    sts.destroy()
  })

  test('another two codes of a device that was taken off are newer than the last two (CRED-92)', async () => {
    const owner = await holder('nell')
    await iam.deactivateMFADevice(named(owner))
    await iam.createUser({ UserName: 'nora' })
    const enable = () =>
      iam.enableMFADevice({ ...named(owner), UserName: 'nora', ...codes(owner.code, now()) })
    omen.clock.advance(step)
    assert.equal(await faultOf(enable()), wrongCode)
    omen.clock.advance(step)
    await enable()
  })

  test('no more in an account than it may have users (CRED-20)', async () => {
    const { deps } = omen.omen
    const { VirtualMFADevices: held = [] } = await iam.listVirtualMFADevices({})
    const { quotas } = deps
    Object.assign(deps, { quotas: { ...quotas, UsersPerAccount: held.length + 1 } })
    const make = (VirtualMFADeviceName: string) => iam.createVirtualMFADevice({ VirtualMFADeviceName })
    await make('last')
    assert.match(await faultOf(make('beyond')), /^LimitExceeded 409/)
    await iam.deleteVirtualMFADevice({ SerialNumber: serialOf('last') })
    await make('beyond')
    Object.assign(deps, { quotas })
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
    assert.match(
      await faultOf(root.deactivateMFADevice({ UserName: '123456789012', SerialNumber })),
      /^AccessDenied 403: To complete this action/,
      'by a key alone (CRED-95)',
    )
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
  const { deps } = omen.omen
  /** Whether the code that the app shows is taken, as STS or the sign-in takes it. */
  async function takes(
    who: { UserName: string; SerialNumber: string },
    code: string,
    taker: 'sts' | 'sign-in' = 'sts',
  ) {
    const account = (await deps.directory.find(deps.firstAccount)) ?? assert.fail()
    const { User } = await iam.getUser({ UserName: who.UserName })
    const given = { owner: User?.UserId ?? '', serial: who.SerialNumber, code }
    const taken = takeMfaCode(given, taker, account, now(), deps.vault)
    await deps.directory.commit([])
    return taken
  }

  test('are good two half minutes to either side of now, once, in any order (CRED-25, CRED-93)', async () => {
    const owner = await holder('olga')
    omen.clock.advance(10 * step)
    assert.equal(await takes(owner, owner.code(now() - 3 * step)), false, 'too old')
    assert.equal(await takes(owner, owner.code(now() + 3 * step)), false, 'too early')
    assert.equal(
      await takes(owner, '000000'.replace('0', owner.code(now()).startsWith('0') ? '1' : '0')),
      false,
    )
    assert.equal(await takes(owner, 'abcdef'), false)
    for (const at of [2, -2, 0, -1, 1]) {
      assert.equal(await takes(owner, owner.code(now() + at * step)), true, `${at}`)
      assert.equal(await takes(owner, owner.code(now() + at * step)), false, `${at}, a replay`)
      assert.equal(await takes(owner, owner.code(now() + at * step), 'sign-in'), false, `${at}, a replay`)
    }
  })

  test('of a pair are taken by STS once, and by the sign-in not at all (CRED-93, CRED-94)', async () => {
    const owner = await holder('pia')
    for (const at of [-1, 0]) {
      const code = owner.code(now() + at * step)
      assert.equal(await takes(owner, code, 'sign-in'), false)
      assert.equal(await takes(owner, code), true)
      assert.equal(await takes(owner, code), false)
    }
    assert.equal(await takes(owner, owner.code(now() + step), 'sign-in'), true)
    assert.equal(await takes(owner, owner.code(now() + step)), false, 'it was taken to sign in')
    omen.clock.advance(2 * step)
    assert.equal(await takes(owner, owner.code(now() + step)), true)
    await iam.resyncMFADevice({ ...named(owner), ...codes(owner.code, now() + step) })
    assert.equal(await takes(owner, owner.code(now() + step)), false, 'it is not given back')
  })

  test('used ones are remembered, however many there are (CRED-93)', async () => {
    const owner = await holder('rita')
    const used: string[] = []
    for (let n = 0; n < 20; n++) {
      omen.clock.advance(step)
      used.push(owner.code(now()))
      assert.equal(await takes(owner, owner.code(now())), true)
    }
    const account = (await deps.directory.find(deps.firstAccount)) ?? assert.fail()
    const kept = account.table(mfaDevices).find(owner.SerialNumber) ?? assert.fail()
    assert.equal(kept.spent?.length, 16)
    // its clock is set back: what was used then is not good again
    account.table(mfaDevices).put({ ...kept, drift: -19 })
    for (const code of used.slice(0, 3)) assert.equal(await takes(owner, code), false)
  })

  test("serve their own user, by their own device's number", async () => {
    const one = await holder('one')
    const other = await holder('other')
    omen.clock.advance(2 * step)
    assert.equal(await takes({ ...one, UserName: 'other' }, one.code(now())), false)
    assert.equal(await takes({ ...one, SerialNumber: other.SerialNumber }, one.code(now())), false)
    assert.equal(await takes(one, one.code(now())), true)
  })

  test('a single one does not move the clock (CRED-25)', async () => {
    const owner = await holder('walker')
    omen.clock.advance(10 * step)
    assert.equal(await takes(owner, owner.code(now() + 2 * step)), true)
    omen.clock.advance(step)
    assert.equal(await takes(owner, owner.code(now() + 3 * step)), false)
    assert.equal(await takes(owner, owner.code(now() - 2 * step)), true)
  })

  test('a clock is set by two codes, each within 999 steps of it (CRED-24, CRED-26)', async () => {
    const owner = await holder('late')
    const fast = 999 * step
    assert.equal(await takes(owner, owner.code(now() + fast)), false)
    const resync = (ahead: number) =>
      iam.resyncMFADevice({ ...named(owner), ...codes(owner.code, now() + ahead) })
    assert.equal(await faultOf(resync(fast + 2 * step)), wrongCode)
    await resync(fast + step)
    assert.equal(await takes(owner, owner.code(now() + fast)), true)
    assert.equal(await takes(owner, owner.code(now())), false)
    await iam.deactivateMFADevice(named(owner))
    await iam.enableMFADevice({ ...named(owner), ...codes(owner.code, now() + 2 * fast) })
  })
})

function named({ UserName, SerialNumber }: { UserName: string; SerialNumber: string }) {
  return { UserName, SerialNumber }
}
