import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen } from 'omen-iam'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { centerServer } from './center-house.ts'

test('a password that must change does so at the first sign-in, and only there (SSO-62)', async () => {
  const omen = await createOmen()
  try {
    const server = await centerServer(omen)
    await server.user('alice')
    const password = 'Correct-Horse-7'
    const given = { userName: 'alice', password, mustChange: true }
    await server.own('POST', '/_omen/identity-center/password', given)
    const start = (fields: Record<string, string>) => server.start({ userName: 'alice', ...fields })
    const refused = await start({ password })
    assert.equal(refused.status, 403)
    assert.match(refused.text, /You must change your password to continue\./)
    assert.equal((await start({ password, newPassword: password })).status, 403)
    assert.equal((await start({ password, newPassword: 'short' })).status, 400)
    assert.equal((await start({ password: 'Wrong-Horse-7', newPassword: 'Another-Horse-8' })).status, 401)
    const changed = await start({ password, newPassword: 'Another-Horse-8' })
    assert.deepEqual([changed.status, changed.ticket !== ''], [200, true])
    assert.equal((await start({ password })).status, 401)
    // the field counts only where the password must change
    assert.equal((await start({ password: 'Another-Horse-8', newPassword: 'Third-Horse-9' })).status, 200)
    assert.equal((await start({ password: 'Third-Horse-9' })).status, 401)
    await server.own('POST', '/_omen/identity-center/password', given)
    await assert.rejects(server.tokens('alice', password), /You must change your password/)
  } finally {
    await omen.close()
  }
})

test('a person with an MFA device needs its code, each once (SSO-103)', async () => {
  const omen = await createOmen()
  try {
    const server = await centerServer(omen)
    await server.user('alice')
    const password = 'Correct-Horse-7'
    await server.own('POST', '/_omen/identity-center/password', { userName: 'alice', password })
    const device = (wanted: boolean) =>
      server.own('POST', '/_omen/identity-center/mfa', { userName: 'alice', wanted })
    const { seed } = await device(true)
    const bits = [...seed].map((each: string) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'),
    )
    const secret = Buffer.from(
      bits
        .join('')
        .match(/.{8}/g)!
        .map((byte) => Number.parseInt(byte, 2)),
    )
    const code = () => totpCode(secret, totpStep(omen.clock.now()))
    const start = (fields: Record<string, string>) => server.start({ userName: 'alice', password, ...fields })
    const missing = await start({})
    assert.deepEqual([missing.status, /MFA device/.test(missing.text)], [401, true])
    assert.equal((await start({ mfaCode: '000000' })).status, 401)
    assert.equal((await start({ mfaCode: code(), password: 'Wrong-Horse-7' })).status, 401)
    assert.equal((await start({ mfaCode: code() })).status, 200)
    const [entered] = await server.events('UserAuthentication')
    assert.equal(
      Object.entries(entered?.additionalEventData ?? {})
        .flat()
        .includes('TOTP'),
      true,
    )
    assert.equal((await start({ mfaCode: code() })).status, 401, 'a code is good once')
    omen.clock.advance(30_000)
    assert.equal((await start({ mfaCode: code() })).status, 200)
    await device(false)
    assert.equal((await start({})).status, 200)
    assert.ok(
      (await server.own('POST', '/_omen/identity-center/mfa', { userName: 'bob', wanted: true })).error,
    )
  } finally {
    await omen.close()
  }
})
