import assert from 'node:assert/strict'
import { test } from 'node:test'
import { omen, serve, temporaryHome } from './process.ts'

test('omen console --print prints a link that signs in once, and nothing else', async (t) => {
  const home = temporaryHome(t)
  const server = await serve(home)
  const print = (...args: string[]) => omen(['console', '--print', '--home', home, ...args])
  const { status, stdout, stderr } = await print()
  assert.deepEqual([status, stderr], [0, ''])
  const link = /^(http:\/\/127\.0\.0\.1:\d+)\/_omen\/signin#link=([\w-]{20,})\n$/.exec(stdout)
  assert.equal(link?.[1], server.url)
  const follow = async () => {
    const response = await fetch(`${server.url}/signin/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link?.[2] }),
    })
    return { status: response.status, body: (await response.json()) as { name?: string } }
  }
  assert.equal((await follow()).body.name, 'admin')
  assert.equal((await follow()).status, 401)
  const page = await fetch(`${server.url}/_omen/`)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /<div id="root">/)

  const nobody = await print('--as', 'nobody')
  assert.notEqual(nobody.status, 0)
  assert.match(nobody.stderr, /There is no user and no role nobody/)
  const ended = await server.stop('SIGTERM')
  assert.doesNotMatch(ended.stdout + ended.stderr, /signin#link=/, 'a file or a log gets no link')
  assert.match(ended.stdout, /console: .*omen.* console .*prints a link that signs you in/)
  assert.doesNotMatch(ended.stdout + ended.stderr, new RegExp(link?.[2] ?? 'none'), 'a link is not logged')
})
