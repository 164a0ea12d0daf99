import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { ShiftedClock } from '../../packages/server/src/base/index.ts'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'
import type { Store } from '../../packages/server/src/store/index.ts'
import { allow, policyText } from '../kit/index.ts'
import { fromBase32 } from '../wire/sts-house.ts'
import { nodeStore, SharedStore } from './node-store.ts'
import { openServers } from './twins.ts'

const UserName = 'ned'
const everything = policyText(allow(['sts:*', 'iam:ChangePassword']))
const password = 'Correct-horse-battery-7'

/** Ned, and his key. */
async function makeNed(iam: IAM) {
  await iam.createUser({ UserName })
  await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: everything })
  await iam.createLoginProfile({ UserName, Password: password })
  const { AccessKey } = await iam.createAccessKey({ UserName })
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

/** Ned's device, enabled anew; `code()` is what it shows now. */
async function enableDevice(iam: IAM, clock: ShiftedClock) {
  const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: UserName })
  const SerialNumber = made!.SerialNumber!
  const seed = fromBase32(Buffer.from(made!.Base32StringSeed!).toString('latin1'))
  const code = () => totpCode(seed, totpStep(clock.now()))
  const AuthenticationCode1 = code()
  clock.shift += 30_000
  await iam.enableMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2: code() })
  clock.shift += 30_000
  return { SerialNumber, code }
}

/** Two servers on one store: what one has changed, the other sees when its call is refused, and runs it again. */
async function twoServers() {
  const clock = new ShiftedClock()
  const shared = await SharedStore.open()
  const line = { delay: () => 0 }
  const runs = { count: 0 }
  const behind = nodeStore(shared, line)
  const commit: Store['commit'] = async (given) => {
    const outcome = await behind.commit(given)
    if (!outcome.ok) runs.count++
    return outcome
  }
  const store = new Proxy(behind, {
    get: (of, member) => (member === 'commit' ? commit : Reflect.get(of, member)),
  })
  const open = await openServers([store, nodeStore(shared, line)], { clock })
  const [one, other] = open.nodes
  let changes = 0
  return {
    one: one!,
    other: other!,
    store,
    clock,
    runs,
    /** Changes the account behind the first server. */
    change: () => other!.iam().createUser({ UserName: `other-${changes++}` }),
    [Symbol.asyncDispose]: async () => {
      await open.close()
      await shared.store.close()
    },
  }
}

describe('a guess of a call that is run again', () => {
  test('counts once as a code, on all nodes together (STS-41)', async () => {
    await using servers = await twoServers()
    const { one, other, clock, runs } = servers
    const key = await makeNed(other.iam())
    const { SerialNumber, code } = await enableDevice(other.iam(), clock)
    clock.shift += 180_000 - (clock.now() % 180_000)
    const wrong = () => String((Number(code()) + 1) % 1_000_000).padStart(6, '0')
    const guess = (node: typeof one, TokenCode: string) =>
      node.sts(key).getSessionToken({ SerialNumber, TokenCode })
    for (let i = 0; i < 4; i++) {
      await servers.change()
      await assert.rejects(guess(one, wrong()), /invalid MFA/)
    }
    assert.ok(runs.count > 0, 'calls were run again')
    for (let i = 0; i < 4; i++) await assert.rejects(guess(other, wrong()), /invalid MFA/)
    await servers.change()
    await guess(one, code())
    clock.shift += 30_000
    for (const node of [one, other]) await assert.rejects(guess(node, code()), /unable to validate MFA code/)
    clock.shift += 150_000
    await guess(other, code())
  })

  test('counts once as an old password, too (CRED-91)', async () => {
    await using servers = await twoServers()
    const { one, other, runs } = servers
    const ned = one.iam(await makeNed(other.iam()))
    const guess = (OldPassword: string) => ned.changePassword({ OldPassword, NewPassword: 'weak' })
    await assert.rejects(guess(password), { name: 'PasswordPolicyViolationException' })
    for (let i = 0; i < 4; i++) {
      await servers.change()
      await assert.rejects(guess(`Not-This-${i}`), /The old password was incorrect/)
    }
    assert.equal(runs.count, 4, 'each call was run again')
    await assert.rejects(guess(password), { name: 'PasswordPolicyViolationException' })
  })

  test('counts once where changes are tried out before they are made (CRED-91)', async () => {
    await using omen = await createOmen({ port: false })
    omen.omen.watchPaths({ refuse: true, tell: () => {} })
    const credentials = await makeNed(omen.client(IAM, 'admin'))
    const ned = omen.client(IAM, credentials)
    const guess = (OldPassword: string) => ned.changePassword({ OldPassword, NewPassword: 'weak' })
    for (let i = 0; i < 4; i++) await assert.rejects(guess(`Not-This-${i}`), /The old password was incorrect/)
    await assert.rejects(guess(password), { name: 'PasswordPolicyViolationException' })
  })
})
