import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

/** The modules that a module loads before it runs. */
function loadedBy(module: URL, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(module.href)) return found
  found.add(module.href)
  const text = readFileSync(module, 'utf8')
  for (const [, from = ''] of text.matchAll(/^(?:import|export)\s(?!type\s)[^'"]*?\sfrom '(\.[^']+\.ts)'/gm))
    loadedBy(new URL(from, module), found)
  return found
}

for (const name of ['why', 'can'])
  test(`omen ${name} loads the search for paths only where it is asked for`, () => {
    const command = new URL(`../../packages/server/src/cli/commands/${name}.ts`, import.meta.url)
    const loaded = [...loadedBy(command)]
    assert.ok(loaded.length > 50, `${loaded.length}`)
    assert.deepEqual(
      loaded.filter((each) => each.includes('/src/graph/')),
      [],
    )
  })
