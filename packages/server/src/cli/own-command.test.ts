import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Home } from './home.ts'
import { typed } from './own-command.ts'

const checkout = fileURLToPath(new URL('../../../../', import.meta.url))
const bin = join(checkout, 'packages/server/bin/omen.mjs')
const wrapper = join(checkout, 'bin/omen')

function temporaryHome(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'omen-hints-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('what hints suggest to type', () => {
  const home = new Home('/data/omen home')

  test('omen where it is in PATH, else the path of the checkout', (t) => {
    const folder = temporaryHome(t)
    const started = { file: bin, environment: { PATH: folder } }
    assert.equal(typed('env', home, started), `${wrapper} env --home '/data/omen home'`)
    symlinkSync(wrapper, join(folder, 'omen'))
    assert.equal(typed('env', home, started), "omen env --home '/data/omen home'")
  })

  test('npx where a project has it, and where nothing has it', (t) => {
    const folder = temporaryHome(t)
    const installed = (where: string) => {
      const file = join(folder, where, 'node_modules/omen-iam/bin/omen.mjs')
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, '')
      return file
    }
    const project = installed('project')
    const path = join(folder, 'project/node_modules/.bin')
    mkdirSync(path)
    symlinkSync(project, join(path, 'omen'))
    const environment = { PATH: path, npm_execpath: 'npm' }
    assert.equal(typed('tour', undefined, { file: project, environment }), 'npx omen tour')
    assert.equal(typed('tour', undefined, { file: installed('_npx/1'), environment }), 'npx omen-iam tour')
  })
})
