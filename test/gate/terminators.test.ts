import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { countsAsTls, openGate, type TlsTerms } from '../../packages/server/src/gate/index.ts'
import { send } from '../guard/house.ts'
import { allow, policyText } from '../kit/index.ts'

const overTlsAlone = policyText(allow('*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))

describe('calls count as ones over TLS where the person who starts the house says so (WIRE-70)', () => {
  test('only named proxies are believed', () => {
    const isTls = countsAsTls({ trustedProxies: ['10.0.0.0/8', '::1'] })
    for (const [address, proto, expected] of [
      ['10.1.2.3', 'https', true],
      ['10.1.2.3', 'http', false],
      ['10.1.2.3', 'https, http', false],
      ['10.1.2.3', 'http, HTTPS', true],
      ['10.1.2.3', undefined, false],
      ['11.1.2.3', 'https', false],
      ['::1', 'https', true],
      ['', 'https', false],
    ] as const)
      assert.equal(isTls(address, proto), expected, `${address} ${proto}`)
    for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', ''])
      assert.throws(() => countsAsTls({ trustedProxies: [wrong] }), TypeError)
    assert.equal(countsAsTls({})('127.0.0.1', 'https'), false)
    assert.equal(countsAsTls({ assumeTls: true })('11.1.2.3', 'http'), true)
  })

  const statusOf = async (terms: TlsTerms, headers: Readonly<Record<string, string>>) => {
    await using omen = await createOmen({ ...terms, port: 0 })
    const { iam } = await client(omen)
    const { AccessKey: key } = await iam()
    const as = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
    const body = 'Action=ListUsers&Version=2010-05-08'
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = { method: 'POST', service: 'iam', headers: { ...type, ...headers }, body, as }
    return (await send(omen.endpoint, sent)).status
  }

  test('policies with aws:SecureTransport hold', async () => {
    const https = { 'x-forwarded-proto': 'https' }
    assert.equal(await statusOf({}, https), 403)
    assert.equal(await statusOf({ assumeTls: true }, {}), 200)
    assert.equal(await statusOf({ trustedProxies: ['127.0.0.1'] }, https), 200)
    assert.equal(await statusOf({ trustedProxies: ['127.0.0.1'] }, {}), 403)
    assert.equal(await statusOf({ trustedProxies: ['10.0.0.1'] }, https), 403)
  })
})

describe('a function that runs here', () => {
  test('is no proxy, whatever it writes in X-Forwarded-Proto (LAM-71)', async (t) => {
    const seen: unknown[] = []
    const gate = await openGate(
      { host: '127.0.0.1', port: 0 },
      async ({ secure, fromFunction }) => {
        seen.push([secure, fromFunction])
        return { status: 204, headers: {}, body: '' }
      },
      {},
      undefined,
      undefined,
      { trustedProxies: ['127.0.0.1'] },
    )
    const path = join(mkdtempSync(join(tmpdir(), 'omen-way-')), 'way')
    const way = createServer((socket) => gate.adopt(socket)).listen(path)
    t.after(async () => {
      way.close()
      await gate.close()
      rmSync(dirname(path), { recursive: true })
    })
    for (const socketPath of [path, undefined]) {
      const target = socketPath === undefined ? { port: gate.port } : { socketPath }
      await new Promise<void>((done) =>
        get({ ...target, headers: { 'x-forwarded-proto': 'https' }, agent: false }, (answer) =>
          answer.resume().on('end', done),
        ),
      )
    }
    assert.deepEqual(seen, [
      [false, true],
      [true, undefined],
    ])
  })
})

/** A user who may do everything over TLS. */
async function client(omen: Awaited<ReturnType<typeof createOmen>>) {
  const { IAM } = await import('@aws-sdk/client-iam')
  const admin = omen.client(IAM, 'admin')
  return {
    async iam() {
      await admin.createUser({ UserName: 'careful' })
      await admin.putUserPolicy({ UserName: 'careful', PolicyName: 'tls', PolicyDocument: overTlsAlone })
      return admin.createAccessKey({ UserName: 'careful' })
    },
  }
}
