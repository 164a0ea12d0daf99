import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The rule holds for the commits after this one. */
const first = 'ecd5041'

function git(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

describe('new commits', () => {
  it('that change a decision or bytes on the wire (★) have a body that says why', (t) => {
    // Published sources come without a history, and some clones with only a part of it.
    if (!existsSync(join(root, '.git'))) return t.skip('there is no history here')
    const log =
      git('log', '--no-merges', '--format=%h%x00%s%x00%b%x01', `${first}..HEAD`) ??
      git('log', '-1', '--format=%h%x00%s%x00%b%x01')
    assert.ok(log !== undefined, 'git log')
    const commits = log.split('\x01').map((each) => each.trim().split('\0'))
    const without = commits.filter(
      ([, title = '', body = '']) => title.startsWith('★') && !/\S/.test(body.replace(/^[\w-]+: .*$/gm, '')),
    )
    assert.deepEqual(without, [])
  })

  it('have a title of several words', (t) => {
    if (!existsSync(join(root, '.git'))) return t.skip('there is no history here')
    const log =
      git('log', '--no-merges', '--format=%h %s', `${first}..HEAD`) ?? git('log', '-1', '--format=%h %s')
    const titles = (log ?? '').split('\n').filter((title) => title !== '')
    assert.ok(titles.length > 0, 'git log')
    assert.deepEqual(
      titles.filter((title) => !/^\w+ (?:★ )?\p{Lu}\S* \S/u.test(title)),
      [],
    )
  })
})
