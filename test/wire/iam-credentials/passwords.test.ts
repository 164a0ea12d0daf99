import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { password } from './material.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const violates = (why: string) => `PasswordPolicyViolation 400: ${why}`
const refused = violates('Password does not conform to the account password policy.')

/** A user with a password and a key, who may change the password. */
async function person(UserName: string, may = 'iam:ChangePassword') {
  await iam.createUser({ UserName })
  await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: allow(may) })
  await iam.createLoginProfile({ UserName, Password: password })
  return as(await newKey(iam, UserName))
}

describe('login profiles', () => {
  test('created, shown, changed, deleted', async () => {
    const UserName = 'ada'
    await iam.createUser({ UserName })
    const absent = 'NoSuchEntity 404: Login Profile for User ada cannot be found.'
    assert.equal(await faultOf(iam.getLoginProfile({ UserName })), absent)
    assert.equal(await faultOf(iam.updateLoginProfile({ UserName, Password: password })), absent)
    assert.equal(await faultOf(iam.deleteLoginProfile({ UserName })), absent)
    const { LoginProfile: made } = await iam.createLoginProfile({
      UserName,
      Password: password,
      PasswordResetRequired: true,
    })
    assert.deepEqual([made?.UserName, made?.PasswordResetRequired], [UserName, true])
    assert.deepEqual((await iam.getLoginProfile({ UserName })).LoginProfile, made)
    assert.equal(
      await faultOf(iam.createLoginProfile({ UserName, Password: password })),
      'EntityAlreadyExists 409: Login Profile for user ada already exists.',
    )
    await iam.updateLoginProfile({ UserName, PasswordResetRequired: false })
    assert.equal((await iam.getLoginProfile({ UserName })).LoginProfile?.PasswordResetRequired, false)
    await iam.deleteLoginProfile({ UserName })
    assert.equal(await faultOf(iam.getLoginProfile({ UserName })), absent)
  })

  test('a password is needed, and a user (CRED-4)', async () => {
    await iam.createUser({ UserName: 'bare' })
    assert.match(
      await faultOf(iam.createLoginProfile({ UserName: 'bare' })),
      /^ValidationError 400: .*'password'/,
    )
    assert.match(
      await faultOf(as('root').createLoginProfile({ Password: password })),
      /^ValidationError 400: Must specify userName/,
    )
    assert.match(
      await faultOf(iam.createLoginProfile({ UserName: 'nobody', Password: password })),
      /^NoSuchEntity 404: The user with name nobody/,
    )
  })

  test('keep their user from being deleted (CRED-6)', async () => {
    await iam.createUser({ UserName: 'kept' })
    await iam.createLoginProfile({ UserName: 'kept', Password: password })
    assert.equal(
      await faultOf(iam.deleteUser({ UserName: 'kept' })),
      'DeleteConflict 409: Cannot delete entity, must delete login profile first.',
    )
  })

  test('many at once wait in line', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `crowd${n}`)
    await Promise.all(names.map((UserName) => iam.createUser({ UserName })))
    await Promise.all(names.map((UserName) => iam.createLoginProfile({ UserName, Password: password })))
    assert.equal((await iam.getLoginProfile({ UserName: 'crowd11' })).LoginProfile?.UserName, 'crowd11')
  })
})

const kinds = ['at least one uppercase letter', 'at least one number', 'at least one symbol']

describe('the default password policy (CRED-10)', () => {
  test('eight characters, three kinds of four, not the account itself', async () => {
    await iam.createUser({ UserName: 'plain' })
    const { email } =
      (await omen.omen.deps.directory.find(omen.omen.deps.firstAccount))?.settings ?? assert.fail()
    const [short, upper, number, symbol] = ['a minimum length of 8', ...kinds].map(
      (each) => `Password should have ${each}`,
    )
    const meet = (more: number) => `Password should meet ${more} more of the following requirements: `
    const weak = [
      ['Sh0rt!x', violates(`${short}`)],
      ['onlysmallletters', violates(`${meet(2)}${upper}, ${number}, ${symbol}`)],
      ['small4nd', violates(`${meet(1)}${upper}, ${symbol}`)],
      ['short', violates(`${short}, ${meet(2)}${upper}, ${number}, ${symbol}`)],
      [email, refused],
    ] as const
    for (const [Password, fault] of weak) {
      assert.equal(await faultOf(iam.createLoginProfile({ UserName: 'plain', Password })), fault, Password)
    }
    await iam.createLoginProfile({ UserName: 'plain', Password: 'Small4nd' })
  })
})

describe('ChangePassword', () => {
  test("changes the caller's own, if the old one is given (CRED-15)", async () => {
    const eve = await person('eve')
    await iam.updateLoginProfile({ UserName: 'eve', PasswordResetRequired: true })
    const next = `${password}-next`
    const weak = violates(
      'Password should have a minimum length of 8, Password should meet 2 more of the following requirements: ' +
        kinds.map((kind) => `Password should have ${kind}`).join(', '),
    )
    assert.equal(
      await faultOf(eve.changePassword({ OldPassword: 'Not-This-1', NewPassword: next })),
      'AccessDenied 403: The old password was incorrect.',
    )
    assert.equal(await faultOf(eve.changePassword({ OldPassword: password, NewPassword: 'weak' })), weak)
    await eve.changePassword({ OldPassword: password, NewPassword: next })
    assert.equal((await iam.getLoginProfile({ UserName: 'eve' })).LoginProfile?.PasswordResetRequired, false)
    assert.match(
      await faultOf(eve.changePassword({ OldPassword: password, NewPassword: next })),
      /^AccessDenied/,
    )
    assert.equal(
      await faultOf(as('root').changePassword({ OldPassword: next, NewPassword: password })),
      'InvalidUserType 400: Only IAM Users can change their own password',
    )
  })

  test('does not reveal the old one to guesses, one after the other or at once (CRED-91)', async () => {
    const hal = await person('hal')
    // a new password that is always refused: nothing changes, but the old one would be revealed
    const guess = (OldPassword: string) => faultOf(hal.changePassword({ OldPassword, NewPassword: 'weak' }))
    const wrong = 'AccessDenied 403: The old password was incorrect.'
    assert.match(await guess(password), /^PasswordPolicyViolation/)
    const guesses = Array.from({ length: 8 }, (_, n) => guess(n === 7 ? password : `Not-This-${n}`))
    assert.deepEqual(
      await Promise.all(guesses),
      guesses.map(() => wrong),
    )
    omen.clock.advance(280_000)
    assert.equal(await guess(password), wrong)
    omen.clock.advance(20_000)
    assert.match(await guess(password), /^PasswordPolicyViolation/)
  })

  test('of two at the same time one wins (CRED-17)', async () => {
    const twin = await person('twin')
    const change = (n: number) =>
      twin.changePassword({ OldPassword: password, NewPassword: `${password}-${n}` })
    const ends = await Promise.allSettled([change(1), change(2)])
    assert.deepEqual(ends.map((end) => end.status).sort(), ['fulfilled', 'rejected'])
    const refused = ends.find((end) => end.status === 'rejected')
    assert.equal(
      await faultOf(Promise.reject(refused?.reason)),
      'EntityTemporarilyUnmodifiable 409: Login Profile for User twin cannot be modified while login profile is being created.',
    )
  })
})

describe("the account's own policy", { concurrency: false }, () => {
  test('is set whole, shown, deleted (CRED-12)', async () => {
    const absent = 'NoSuchEntity 404: The Password Policy with domain name 123456789012 cannot be found.'
    assert.equal(await faultOf(iam.getAccountPasswordPolicy({})), absent)
    assert.equal(
      await faultOf(iam.deleteAccountPasswordPolicy({})),
      'NoSuchEntity 404: The account policy with name PasswordPolicy cannot be found.',
    )
    await iam.updateAccountPasswordPolicy({
      RequireSymbols: true,
      MaxPasswordAge: 90,
      PasswordReusePrevention: 3,
    })
    await iam.updateAccountPasswordPolicy({ MinimumPasswordLength: 12, MaxPasswordAge: 30, HardExpiry: true })
    assert.deepEqual(bare(await iam.getAccountPasswordPolicy({})).PasswordPolicy, {
      MinimumPasswordLength: 12,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: false,
      ExpirePasswords: true,
      MaxPasswordAge: 30,
      HardExpiry: true,
    })
    await iam.updateAccountPasswordPolicy({})
    assert.deepEqual(Object.values(bare(await iam.getAccountPasswordPolicy({})).PasswordPolicy ?? {}), [
      6,
      ...Array(6).fill(false),
    ])
    await iam.deleteAccountPasswordPolicy({})
    assert.equal(await faultOf(iam.getAccountPasswordPolicy({})), absent)
    assert.match(
      await faultOf(iam.updateAccountPasswordPolicy({ MinimumPasswordLength: 5 })),
      /^ValidationError/,
    )
  })

  test('asks for lengths and kinds (CRED-11)', async () => {
    await iam.createUser({ UserName: 'strict' })
    const asked = [
      [{ MinimumPasswordLength: 12 }, 'elevenchars', 'twelve chars', 'a minimum length of 12'],
      [{ RequireSymbols: true }, 'no symbol <>', 'a symbol [x]', 'at least one symbol'],
      [{ RequireNumbers: true }, 'no number', 'a number: 1', 'at least one number'],
      [{ RequireUppercaseCharacters: true }, 'no capital é', 'a capital: A', 'at least one uppercase letter'],
      [{ RequireLowercaseCharacters: true }, 'NO SMALL ONE', 'a SMALL ONE', 'at least one lowercase letter'],
      [
        { MinimumPasswordLength: 9, RequireNumbers: true, RequireSymbols: true },
        'neither',
        'with 1 and [x]',
        'a minimum length of 9, Password should have at least one number, Password should have at least one symbol',
      ],
    ] as const
    for (const [policy, weak, good, wanted] of asked) {
      await iam.updateAccountPasswordPolicy(policy)
      assert.equal(
        await faultOf(iam.createLoginProfile({ UserName: 'strict', Password: weak })),
        violates(`Password should have ${wanted}`),
        weak,
      )
      await iam.createLoginProfile({ UserName: 'strict', Password: good })
      await iam.deleteLoginProfile({ UserName: 'strict' })
    }
    await iam.deleteAccountPasswordPolicy({})
  })

  test('keeps old passwords from coming again (CRED-13)', async () => {
    const rita = await person('rita')
    await iam.updateAccountPasswordPolicy({ PasswordReusePrevention: 2 })
    const set = (Password: string) => iam.updateLoginProfile({ UserName: 'rita', Password })
    const nth = (n: number) => `${password}-${n}`
    assert.equal(await faultOf(set(password)), refused)
    await set(nth(1))
    assert.equal(await faultOf(rita.changePassword({ OldPassword: nth(1), NewPassword: password })), refused)
    await rita.changePassword({ OldPassword: nth(1), NewPassword: nth(2) })
    await set(password)
    await iam.deleteAccountPasswordPolicy({})
    await set(password)
  })

  test('may let every user change the own password; a deny still wins (CRED-14)', async () => {
    const uma = await person('uma', 'iam:ListUsers')
    const change = () => uma.changePassword({ OldPassword: password, NewPassword: `${password}-2` })
    assert.match(
      await faultOf(change()),
      /^AccessDenied 403: .*iam:ChangePassword on resource: user uma because/,
    )
    await iam.updateAccountPasswordPolicy({ AllowUsersToChangePassword: true })
    assert.equal((await uma.getAccountPasswordPolicy({})).PasswordPolicy?.AllowUsersToChangePassword, true)
    assert.match(await faultOf(uma.deleteAccountPasswordPolicy({})), /^AccessDenied/)
    const deny = allow('iam:ChangePassword').replace('Allow', 'Deny')
    await iam.putUserPolicy({ UserName: 'uma', PolicyName: 'not', PolicyDocument: deny })
    assert.match(await faultOf(change()), /explicit deny/)
    await iam.deleteUserPolicy({ UserName: 'uma', PolicyName: 'not' })
    await change()
    await iam.deleteAccountPasswordPolicy({})
  })
})

test('no password is kept in the clear or in the trail (CRED-5)', async () => {
  const { deps } = omen.omen
  await iam.createUser({ UserName: 'secretive' })
  await iam.createLoginProfile({ UserName: 'secretive', Password: 'Plain-To-See-42' })
  const kept = await deps.directory.store.loadAccount(deps.firstAccount)
  assert(kept?.items.some((item) => item.kind === 'iam/login-profile'))
  assert(!JSON.stringify(kept).includes('Plain-To-See'))
  await deps.recorder.flush()
  const { events } = await deps.recorder.lookUp({ account: deps.firstAccount, limit: 50 })
  assert(events.length > 0 && !JSON.stringify(events).includes('Plain-To-See'))
})

test('an expired password is changed with a key, whatever signing in would say (CRED-16)', async () => {
  const server = await openServer()
  const UserName = 'old'
  await server.iam.createUser({ UserName })
  await server.iam.putUserPolicy({
    UserName,
    PolicyName: 'own',
    PolicyDocument: allow('iam:ChangePassword'),
  })
  await server.iam.createLoginProfile({ UserName, Password: password })
  const old = server.as(await newKey(server.iam, UserName))
  await server.iam.updateAccountPasswordPolicy({ MaxPasswordAge: 1, HardExpiry: true })
  const days = 3 * 86_400_000
  server.omen.clock.advance(days)
  old.config.systemClockOffset += days
  await old.changePassword({ OldPassword: password, NewPassword: `${password}-young` })
  await server.close()
})
