import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { account, rootPassword, stsServer } from './sts-house.ts'

const server = await stsServer()
const { omen, iam } = server
after(server.close)

describe('the sign-in of root', () => {
  test("root's last sign-in is where a user's is (IAM-46, RPT-5)", async () => {
    const password = 'Long-enough-4-root'
    await rootPassword(server, password)
    const asRoot = server.iamAs('root')
    assert.equal((await asRoot.getUser({})).User?.PasswordLastUsed, undefined)
    const { status } = await fetch(`${omen.endpoint}/signin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, email: `root@${account}.example.com`, password }),
    })
    assert.equal(status, 200)
    const used = (await asRoot.getUser({})).User?.PasswordLastUsed
    assert.ok(used)
    await iam.generateCredentialReport({})
    omen.clock.advance(1_000)
    const { Content } = await iam.getCredentialReport({})
    const [, row = ''] = Buffer.from(Content ?? [])
      .toString()
      .split('\n')
    assert.equal(row.split(',')[4], used.toISOString().replace('.000', ''))
  })
})
