import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** What a file says of the version, once for each place. */
function said(file: string, pattern: RegExp): readonly string[] {
  return [...read(file).matchAll(pattern)].map((match) => match[1]!)
}

test('the version is one thing everywhere', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string } // npm's form
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version?: string }> } // npm's form
  assert.equal(lock.packages['']?.version, version)
  for (const name of ['policy', 'server', 'console']) {
    const manifest = JSON.parse(read(`packages/${name}/package.json`)) as Manifest // npm's form
    assert.equal(manifest.version, version, name)
    assert.equal(lock.packages[`packages/${name}`]?.version, version, name)
    for (const [dependency, wanted] of Object.entries(manifest.dependencies))
      if (/^(?:@omen-iam\/|omen-iam$)/.test(dependency))
        assert.equal(wanted, version, `${name}: ${dependency}`)
  }
  assert.deepEqual(said('Dockerfile', /image\.version="([^"]+)"/g), [version])
  assert.deepEqual(said('compose.yaml', /omen-iam:(\S+)/g), [version])
  if (existsSync(join(root, 'action.yml')))
    assert.deepEqual(said('action.yml', /default: (\d+\.\d+\.\d+)/g), [version])
  if (existsSync(join(root, '.pre-commit-hooks.yaml'))) {
    const hooks = said('.pre-commit-hooks.yaml', /omen-iam@(\S+)/g)
    assert.deepEqual([...new Set(hooks)], [version])
  }
  const [newest] = said('CHANGELOG.md', /^## \[([^\]]+)\]/gm)
  const [coming] = said('CHANGELOG.md', /^This will be (\S+)\.$/gm)
  assert.equal(newest === 'Unreleased' ? coming : newest, version)
})

test('what is published asks for one version of Node', () => {
  const asked = ['policy', 'server'].map((name) => {
    const manifest = JSON.parse(read(`packages/${name}/package.json`)) as Manifest // npm's form
    return manifest.engines?.node
  })
  assert.deepEqual(asked, ['>=22.18', '>=22.18'])
})

interface Manifest {
  readonly version: string
  readonly engines?: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
}
