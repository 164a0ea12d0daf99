import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { after, describe, test } from 'node:test'
import { UntrustedServer } from '../../packages/server/src/authorization/index.ts'
import { openWeb } from '../../packages/server/src/gate/index.ts'
import { authority, forger, server, usurper } from './web-certificates.ts'

const web = openWeb()
const thumbprint = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '')
const servers: Server[] = []
after(() => {
  for (const each of servers) each.close()
})

async function listening(each: Server): Promise<number> {
  servers.push(each)
  await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
  return (each.address() as AddressInfo).port
}

const answer = (_request: unknown, response: { end(text: string): void }) => response.end('{"a":1}')
const url = (port: number, host = 'localhost') => `https://${host}:${port}/x?y=1`

describe('the way to documents of identity providers (STS-86, STS-87)', () => {
  test('an unknown authority is believed by its thumbprint, or by the server’s own', async () => {
    const port = await listening(createServer({ ...server, cert: `${server.cert}\n${authority}` }, answer))
    for (const each of [
      thumbprint(authority),
      thumbprint(server.cert),
      thumbprint(authority).toLowerCase(),
    ]) {
      assert.deepEqual(await web.getJson(url(port), ['0'.repeat(40), each]), { a: 1 })
    }
    await assert.rejects(web.getJson(url(port)), /not trusted/)
    await assert.rejects(web.getJson(url(port), ['0'.repeat(40)]), /not trusted/)
    // it is not who was asked for
    await assert.rejects(web.getJson(url(port, '127.0.0.1'), [thumbprint(authority)]), UntrustedServer)
  })

  test('a forger who shows the authority’s certificate is not believed', async () => {
    const port = await listening(createServer({ ...forger, cert: `${forger.cert}\n${authority}` }, answer))
    await assert.rejects(web.getJson(url(port), [thumbprint(authority)]), UntrustedServer)
  })

  test('a certificate that another signed who is no authority is not believed', async () => {
    const cert = `${usurper.cert}\n${server.cert}\n${authority}`
    const port = await listening(createServer({ ...usurper, cert }, answer))
    for (const pinned of [authority, server.cert])
      await assert.rejects(web.getJson(url(port, '127.0.0.1'), [thumbprint(pinned)]), UntrustedServer)
    assert.deepEqual(await web.getJson(url(port, '127.0.0.1'), [thumbprint(usurper.cert)]), { a: 1 })
  })

  test('without TLS only on loopback; no redirection, no flood, nothing slow, nothing else', async () => {
    const plain = (handler: Parameters<typeof createPlainServer>[1]) => listening(createPlainServer(handler))
    const good = await plain((_request, response) => response.end('{"a":1}'))
    assert.deepEqual(await web.getJson(`http://127.0.0.1:${good}/`), { a: 1 })
    await assert.rejects(web.getJson('http://example.com/'), /no TLS/)
    await assert.rejects(web.getJson('file:///etc/passwd'), /no TLS/)
    const moved = await plain((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${good}/` }).end()
    })
    await assert.rejects(web.getJson(`http://127.0.0.1:${moved}/`), /answered 302/)
    const flood = await plain((_request, response) => response.end(`"${'x'.repeat(300_000)}"`))
    await assert.rejects(web.getJson(`http://127.0.0.1:${flood}/`), /more than/)
    const text = await plain((_request, response) => response.end('<html>'))
    await assert.rejects(web.getJson(`http://127.0.0.1:${text}/`), SyntaxError)
    const gone = await plain((request) => request.socket.destroy())
    await assert.rejects(web.getJson(`http://127.0.0.1:${gone}/`))
    const slow = await plain((_request, response) => response.write('{'))
    await assert.rejects(web.getJson(`http://127.0.0.1:${slow}/`))
  })
})
