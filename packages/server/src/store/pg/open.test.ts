import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { openPgStore } from './open.ts'

test('a start asks a database that does not answer twice, the second time with more patience', async (t) => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo // it listens on a TCP address
  await assert.rejects(
    openPgStore({
      url: `postgres://omen@127.0.0.1:${port}/omen?sslmode=disable`,
      patience: { connect: 50, start: 150 },
    }),
    { message: `cannot open postgres 127.0.0.1:${port}/omen: there was no answer in time` },
  )
  assert.equal(sockets.length, 2)
})
