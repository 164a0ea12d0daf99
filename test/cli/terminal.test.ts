import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { omen, serve, temporaryHome } from './process.ts'

describe('omen in a terminal', { concurrency: 2 }, () => {
  test('help wraps at the width there is', async () => {
    for (const width of [60, 80, 120]) {
      for (const words of [['help'], ['help', 'can'], ['start', '--help']]) {
        const { status, stdout } = await omen(words, { COLUMNS: String(width) })
        assert.equal(status, 0)
        const lines = stdout.split('\n')
        for (const line of lines) assert.ok(line.length <= width, `${width}: ${line}`)
        // and uses it
        assert.ok(lines.some((line) => line.length > width - 15))
      }
    }
  })

  test('an unknown command, an unknown topic of help and a missing file are one clear line', async () => {
    const ended = async (...words: readonly string[]) => {
      const { status, stdout, stderr } = await omen(words)
      assert.equal(stdout, '')
      return [status, stderr]
    }
    assert.deepEqual(await ended('help', 'nonsense'), [
      252,
      'omen: there is no command nonsense: omen help lists them\n',
    ])
    assert.deepEqual(await ended('help', 'evnts'), [
      252,
      'omen: there is no command evnts; did you mean events?\n',
    ])
    for (const verb of [['policy', 'lint'], ['policy', 'explain'], ['policy', 'fmt'], ['test']])
      assert.deepEqual(await ended(...verb, 'none.json'), [
        252,
        'omen: none.json: there is no such file or folder\n',
      ])
  })

  test('help of a command within a command, and of commands and options by heading', async () => {
    const lint = await omen(['help', 'policy', 'lint'])
    assert.deepEqual([lint.status, lint.stderr], [0, ''])
    assert.match(lint.stdout, /^Usage: omen policy lint /)
    const wrong = await omen(['help', 'policy', 'lnt'])
    assert.deepEqual(
      [wrong.status, wrong.stdout, wrong.stderr],
      [252, '', 'omen: there is no command policy lnt; did you mean lint?\n'],
    )
    const all = await omen(['--help'])
    assert.match(
      all.stdout,
      /\nRun a server:\n {2}start .*\nAsk about permissions:\n {2}can .*\n {2}version .*\n {2}help /s,
    )
    const start = await omen(['help', 'start'])
    assert.match(
      start.stdout,
      /\nAddress:\n {2}--host .*\nState:\n {2}--home .*\nGuard:\n {2}--upstream .*\nOptions:\n {2}--exec/s,
    )
    assert.equal((await omen(['pass'])).stderr, "omen: required option '--as <who>' not specified\n")
  })

  test('start says goodbye, and what becomes of what it kept', async (t) => {
    const home = temporaryHome(t)
    const kept = await serve(home)
    const { status, stdout } = await kept.stop('SIGINT')
    assert.equal(status, 0)
    assert.match(stdout, new RegExp(`\\n {2}omen has stopped; everything is kept in ${home}\\n$`))
    const other = join(home, 'other')
    const memory = await serve(other, ['--memory'])
    assert.match((await memory.stop('SIGTERM')).stdout, /\n {2}omen has stopped; nothing is kept\n$/)
  })
})
