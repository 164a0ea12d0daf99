import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen } from 'omen-iam'
import { centerHouse } from './center-house.ts'

test('a password that must change does so at the first sign-in, and only there (SSO-62)', async () => {
  const omen = await createOmen()
  try {
    const house = await centerHouse(omen)
    await house.user('alice')
    const password = 'Correct-Horse-7'
    const given = { userName: 'alice', password, mustChange: true }
    await house.own('POST', '/_omen/identity-center/password', given)
    const start = (fields: Record<string, string>) => house.start({ userName: 'alice', ...fields })
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
    await house.own('POST', '/_omen/identity-center/password', given)
    await assert.rejects(house.tokens('alice', password), /You must change your password/)
  } finally {
    await omen.close()
  }
})
