import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { bundle } from '../../tools/build/bundle.ts'

/** Bundles a package that has one module, and depends on `yaml` alone. */
async function bundled(code: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bundle-'))
  try {
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "yaml": "2" } }')
    writeFileSync(join(folder, 'src', 'index.ts'), code)
    await bundle(folder, { entries: { index: 'src/index.ts' }, alone: {} })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the build of a package', () => {
  test('leaves its dependencies outside', async () => {
    await bundled("import 'node:fs'\nimport 'yaml/util'\nawait import('yaml')")
  })

  test('refuses what is not among them', async () => {
    await assert.rejects(bundled("import 'left'"), /^Error: index\.js imports left, which is not among/)
    await assert.rejects(bundled("await import('@left/right/up')"), /imports @left\/right\/up, which is not/)
  })

  test('refuses syntax that the lowest Node has only with a helper', async () => {
    await assert.rejects(bundled('await using one = await other()'), /imports @oxc-project\/runtime/)
  })
})
