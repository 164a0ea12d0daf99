import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openGate } from '../../packages/server/src/gate/index.ts'

const size = 8 * 1024 * 1024

describe('the front door', () => {
  test('closes behind the last answer, however slowly it is read', async () => {
    let asked = () => {}
    const arrived = new Promise<void>((resolve) => {
      asked = resolve
    })
    const gate = await openGate(
      { host: '127.0.0.1', port: 0 },
      async () => {
        asked()
        return { status: 200, headers: {}, body: 'x'.repeat(size) }
      },
      {},
    )
    const idle = connect(gate.port, '127.0.0.1')
    const socket = connect(gate.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
    socket.pause()
    await arrived
    await sleep(50)
    const closed = gate.close()
    await sleep(50)
    let read = 0
    socket.on('data', ({ length }) => {
      read += length
    })
    socket.resume()
    await closed
    await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)))
    assert.ok(read > size, `${read} bytes`)
    idle.destroy()
  })

  test('a call that does not end holds up the end for a bounded time', { timeout: 20_000 }, async () => {
    let asked = () => {}
    const arrived = new Promise<void>((resolve) => {
      asked = resolve
    })
    const gate = await openGate(
      { host: '127.0.0.1', port: 0 },
      () => {
        asked()
        return new Promise(() => {})
      },
      {},
    )
    const socket = connect(gate.port, '127.0.0.1')
    const cut = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
    await arrived
    await gate.close(50)
    await cut
  })

  test('waits for nobody for ever', { timeout: 20_000 }, async () => {
    const gate = await openGate(
      { host: '127.0.0.1', port: 0 },
      async () => ({ status: 200, headers: {}, body: 'x'.repeat(size) }),
      {},
    )
    const socket = connect(gate.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.pause()
    await gate.close()
    socket.destroy()
  })
})
