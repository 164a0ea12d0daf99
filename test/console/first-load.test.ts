import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'

const folder = join(import.meta.dirname, '../../packages/console/dist')
const kilobyte = 1_000
const budget = 420 * kilobyte

describe('the bundle of the console', () => {
  const assets = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const textOf = (name: string) => readFileSync(join(folder, 'assets', name), 'utf8')

  /** Scripts with all that they import before they run. What is imported while they run is not among them. */
  const loadedWith = (names: readonly string[]) => {
    const loaded = new Set<string>()
    const load = (name: string) => {
      if (loaded.has(name)) return
      loaded.add(name)
      for (const [, path = ''] of textOf(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
        load(path)
    }
    names.forEach(load)
    return loaded
  }
  const gzipped = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(textOf(name)).length, 0)
  const entry = assets.filter((name) => html.includes(name))

  test('a first visit of Home loads at most 420 KB of JavaScript, gzipped', () => {
    const home = assets.filter((name) => /^home-/.test(name))
    assert.equal(home.length, 1)
    const loaded = loadedWith([...entry, ...home])
    assert.ok(loaded.size > 3)
    const size = gzipped(loaded)
    assert.ok(size <= budget, `${size} bytes: ${[...loaded].join(', ')}`)
  })

  test('the editor is loaded when it is needed, by no page that has none', () => {
    const editors = assets.filter((name) => /^(?:policy-)?editor-/.test(name))
    assert.equal(editors.length, 2)
    for (const page of ['home-', 'roles-', 'events-', 'users-']) {
      const loaded = loadedWith([...entry, ...assets.filter((name) => name.startsWith(page))])
      assert.deepEqual(
        editors.filter((name) => loaded.has(name)),
        [],
        page,
      )
    }
  })
})
