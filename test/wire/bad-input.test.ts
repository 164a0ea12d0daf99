import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Secret } from '../../packages/server/src/base/index.ts'
import { limits } from '../../packages/server/src/gate/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

const patience = 10_000

// Whatever comes in: a well-formed fault or a closed socket, never a crash, a hang or a stack trace.
describe('bad input at the front door', () => {
  let omen: RunningOmen
  before(async () => {
    omen = await createOmen()
  })
  after(() => omen.close())

  /** Sends bytes as they are and returns all that comes back until the end, or until the socket is closed. */
  function raw(bytes: string | Buffer, options: { readonly halfClose?: boolean } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(omen.endpoint).port), '127.0.0.1')
      let answer = ''
      socket.setTimeout(patience, () => reject(new Error('no answer and no end')))
      socket.on('connect', () => (options.halfClose ? socket.end(bytes) : socket.write(bytes)))
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1')
        if (/\r\n\r\n/.test(answer) && complete(answer)) socket.destroy()
      })
      socket.on('error', () => resolve(answer)) // a reset is an end
      socket.on('close', () => resolve(answer))
    })
  }

  /** Posts a form, signed by admin, and returns status and body. */
  async function post(body: Buffer, service = 'iam', headers: Readonly<Record<string, string>> = {}) {
    const url = new URL(omen.endpoint)
    const request = {
      method: 'POST',
      rawPath: '/',
      rawQuery: '',
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    }
    const key = omen.keys.admin
    const signer = {
      accessKeyId: key.accessKeyId,
      secret: new Secret(key.secretAccessKey),
      region: 'us-east-1',
      service,
    }
    const { host: _, ...signed } = signedHeaders(request, signer, Date.now())
    const response = await fetch(omen.endpoint, {
      method: 'POST',
      headers: signed,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(patience),
    })
    return { status: response.status, text: await response.text() }
  }

  function assertFault(text: string, code: string) {
    assert.match(text, new RegExp(`<Code>${code}</Code>`))
    assert.doesNotMatch(text, /\.ts:|node:internal| {4}at /)
  }

  async function assertAlive() {
    assert.equal((await fetch(`${omen.endpoint}/_omen/health`)).status, 200)
  }

  test('an unknown action', async () => {
    const { status, text } = await post(Buffer.from('Action=MakeRole&Version=2010-05-08'))
    assert.equal(status, 400)
    assertFault(text, 'InvalidAction')
  })

  test('a wrong version', async () => {
    const { status, text } = await post(Buffer.from('Action=GetUser&Version=1999-01-01'))
    assert.equal(status, 400)
    assertFault(text, 'InvalidAction')
  })

  test('no body at all', async () => {
    const { status } = await post(Buffer.alloc(0))
    assert.ok(status >= 400 && status < 500)
  })

  test('a body that is no form', async () => {
    const { status } = await post(Buffer.from('%%%===&&&\0'))
    assert.ok(status >= 400 && status < 500)
  })

  test('invalid UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('Action=CreateUser&Version=2010-05-08&UserName='),
      Buffer.from([0xff, 0xfe, 0xc0]),
    ])
    const { status, text } = await post(body)
    assert.ok(status >= 400 && status < 500)
    assert.match(text, /<Code>/)
  })

  test('10,000 list members', async () => {
    const tags = Array.from(
      { length: 10_000 },
      (_, i) => `Tags.member.${i + 1}.Key=k${i}&Tags.member.${i + 1}.Value=v`,
    )
    const { status, text } = await post(
      Buffer.from(`Action=CreateUser&Version=2010-05-08&UserName=many&${tags.join('&')}`),
    )
    assert.ok(status >= 400 && status < 500)
    assert.match(text, /<Code>/)
  })

  test('a policy document of a megabyte, and one nested 10,000 deep', async () => {
    for (const document of [
      `{"Version":"${'x'.repeat(1 << 20)}"}`,
      '['.repeat(10_000) + ']'.repeat(10_000),
    ]) {
      const form = new URLSearchParams({
        Action: 'CreatePolicy',
        Version: '2010-05-08',
        PolicyName: 'p',
        PolicyDocument: document,
      })
      const { status, text } = await post(Buffer.from(form.toString()))
      assert.ok(status >= 400 && status < 500)
      assert.match(text, /<Code>/)
    }
  })

  test('an announced body larger than the limit', async () => {
    const answer = await raw(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${limits.bodyBytes + 1}\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 413 /)
  })

  test('headers without end', async () => {
    const flood = Array.from({ length: 5_000 }, (_, i) => `x-flood-${i}: ${'y'.repeat(40)}\r\n`).join('')
    const answer = await raw(`POST / HTTP/1.1\r\nhost: x\r\n${flood}\r\n`)
    assert.ok(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer))
    await assertAlive()
  })

  test('what is no HTTP', async () => {
    const answer = await raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')
    assert.ok(answer === '' || /^HTTP\/1\.1 400 /.test(answer))
    await assertAlive()
  })

  test('a socket half closed in the middle of a body', async () => {
    const answer = await raw('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nAction=', {
      halfClose: true,
    })
    assert.ok(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer))
    await assertAlive()
  })

  test('a request half closed behind its end is answered', async () => {
    const answer = await raw('GET /_omen/health HTTP/1.1\r\nhost: x\r\n\r\n', { halfClose: true })
    assert.match(answer, /^HTTP\/1\.1 200 /)
  })

  test('two lengths, a length and chunks', async () => {
    for (const headers of [
      'content-length: 3\r\ncontent-length: 4',
      'content-length: 3\r\ntransfer-encoding: chunked',
    ]) {
      const answer = await raw(`POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\nabc`, { halfClose: true })
      assert.ok(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer))
    }
    await assertAlive()
  })

  test('an unsigned call, a call with an unknown key, one with a wrong signature', async () => {
    const unsigned = await fetch(omen.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=ListUsers&Version=2010-05-08',
    })
    assert.equal(unsigned.status, 403)
    assertFault(await unsigned.text(), 'MissingAuthenticationToken')
    const { status, text } = await post(Buffer.from('Action=ListUsers&Version=2010-05-08'), 'sts')
    assert.equal(status, 403)
    assertFault(text, 'SignatureDoesNotMatch')
  })

  test('a service that is not served', async () => {
    const response = await fetch(omen.endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
      },
      body: '{}',
    })
    assert.equal(response.status, 501)
    assert.match(await response.text(), /DynamoDB/)
  })
})

function complete(answer: string): boolean {
  const length = /content-length: (\d+)/i.exec(answer)
  return length !== null && answer.length >= answer.indexOf('\r\n\r\n') + 4 + Number(length[1])
}
