import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { presenceOf } from '../../packages/server/src/cli/index.ts'
import { omen, serve, temporaryHome } from './process.ts'

/** A server of this test's, and its address; nothing listens there any more if it is `closed`. */
async function listening(
  t: { after(done: () => void): void },
  answer: (asked: IncomingMessage, response: ServerResponse) => void,
  state: 'open' | 'closed' = 'open',
): Promise<string> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a TCP address
  if (state === 'closed') await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** Passes every call on to a server, but for the question whether it is there: that one it leaves unanswered. */
function answersLate(url: string) {
  return (asked: IncomingMessage, response: ServerResponse) => {
    if (asked.url === '/_omen/health') return
    const { method, url: path, headers } = asked
    const onward = request(new URL(path ?? '/', url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    asked.pipe(onward)
  }
}

test('what does not answer in time may be there; a closed port, another program and an ended process are not', async (t) => {
  const { pid } = process
  const silent = await listening(t, () => {})
  assert.equal(await presenceOf({ url: silent, pid }), 'late')
  const hangsUp = await listening(t, ({ socket }) => socket.destroy())
  assert.equal(await presenceOf({ url: hangsUp, pid }), 'late')
  const served = await listening(t, (_, response) => response.setHeader('x-omen-mode', 'enforce').end('{}'))
  assert.equal(await presenceOf({ url: served, pid }), 'serves')
  const other = await listening(t, (_, response) => response.end('hello'))
  assert.equal(await presenceOf({ url: other, pid }), 'none')
  const closed = await listening(t, () => {}, 'closed')
  assert.equal(await presenceOf({ url: closed, pid }), 'none')
  assert.equal(await presenceOf({ url: silent, pid: 2 ** 22 + 1 }), 'none', 'no process has this number')
  assert.equal(await presenceOf({ url: silent, pid: 2 ** 22 + 1, processSpace: 'elsewhere' }), 'late')
})

test('a server that answers late is asked, and its note stays', async (t) => {
  const home = temporaryHome(t)
  const served = await serve(home)
  t.after(() => served.child.kill('SIGKILL'))
  const file = join(home, 'server.json')
  const note = JSON.parse(readFileSync(file, 'utf8')) as object // what omen start writes
  const url = await listening(t, answersLate(served.url))
  writeFileSync(file, JSON.stringify({ ...note, url }))
  const asked = await omen(['paths', 'admin', '--home', home])
  assert.match(asked.stdout, /^user\/admin → administrator {8}proven, 0 steps/, asked.stderr)
  const second = await omen(['start', '--memory', '--home', home, '--port', '0'])
  assert.equal(second.status, 253, second.stdout)
  assert.match(second.stderr, /is served by process \d+ at http:\S+, which does not answer in time/)
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).url, url)
  await served.stop('SIGTERM')
  assert.equal(existsSync(file), false)
})
