import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StoreUnavailable } from '../directory/index.ts'
import { listen } from './listener.ts'
import { isAnswered, userOfPeer } from './peer.ts'

const answer = async () => ({ status: 200, headers: {}, body: 'credentials' })
const linux = { skip: process.platform === 'linux' ? false : 'only Linux tells whose a connection is' }

describe('a container’s address answers whom it was given to (WKL-14)', () => {
  test('the server’s own user and root, nobody else', async () => {
    for (const [user, status] of [
      [process.getuid?.(), 200],
      [0, 200],
      [undefined, 200],
      [65_534, 403],
    ] as const) {
      const listener = await listen(answer, 0, async () => user)
      try {
        const response = await fetch(`${listener.url}/latest/meta-data/`)
        assert.equal(response.status, status)
        assert.equal((await response.text()).includes('credentials'), status === 200)
      } finally {
        await listener.close()
      }
    }
    assert.deepEqual([isAnswered(1_000, 1_000), isAnswered(1_001, 1_000)], [true, false])
  })

  test('programs are asked to try again while the store is unavailable', async () => {
    const listener = await listen(() => Promise.reject(new StoreUnavailable('a full disk')))
    try {
      const response = await fetch(listener.url)
      assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1'])
      assert.equal((await response.text()).includes('disk'), false)
    } finally {
      await listener.close()
    }
  })

  test('as the system reports it', linux, async () => {
    let user: number | undefined
    const listener = await listen(answer, 0, async (socket) => (user = await userOfPeer(socket)))
    try {
      assert.equal((await fetch(listener.url)).status, 200)
      assert.equal(user, process.getuid?.())
      assert.equal(await userOfPeer({ localPort: 1, remotePort: 1 }), undefined)
    } finally {
      await listener.close()
    }
  })
})
