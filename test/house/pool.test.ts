import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { ordered, spread } from '../../scripts/suites/order.mjs'
import { runFiles, type TestEvent } from '../../scripts/suites/pool.mjs'

const root = join(import.meta.dirname, '..', '..')
const head = "import { after, describe, test } from 'node:test'\n"

describe('The processes that share the test files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-pool-'))
  after(() => rmSync(folder, { recursive: true }))

  /** Runs files with these contents, one after the other, and says what failed: file, test and why. */
  async function run(sources: Readonly<Record<string, string>>, limit = 60_000) {
    const files = Object.entries(sources).map(([name, source]) => {
      writeFileSync(join(folder, name), head + source)
      return relative(root, join(folder, name))
    })
    const events: TestEvent[] = []
    const { TEST_MARK: _, ...env } = process.env
    const counts = await runFiles(files, { execArgv: [], env, width: 1, limit }, (event) =>
      events.push(event),
    )
    const failed = events
      .filter(
        ({ type, data }) => type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed',
      )
      .map(
        ({ data }) =>
          `${relative(folder, data.file ?? '')}: ${inspect(data.details?.error?.cause).split('\n')[0]}`,
      )
    const said = events.filter(({ type }) => type === 'test:stdout').map(({ data }) => data.message?.trim())
    return { counts, failed, said: said.join('\n').split('\n') }
  }

  test('a file ends with its own hooks before the next one begins, and leaves no variable and no folder', async () => {
    const { counts, said } = await run({
      'a.mjs':
        "process.env.TEST_MARK = 'a'\nprocess.chdir('/')\nafter(() => console.log('a ends', process.pid))\ntest('of a', () => {})",
      'b.mjs': "test('of b', () => console.log('b has', process.env.TEST_MARK, process.cwd(), process.pid))",
    })
    const pid = /\d+/.exec(said[0] ?? '')?.[0]
    assert.deepEqual(said, [`a ends ${pid}`, `b has undefined ${root} ${pid}`])
    assert.deepEqual([counts.pass, counts.fail], [2, 0])
  })

  test('files of a folder are far from each other', () => {
    const files = ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2', 'c/1']
    assert.deepEqual(spread(files), ['a/4', 'b/2', 'c/1', 'a/3', 'a/2', 'b/1', 'a/1'])
  })

  test('a file that takes long says so, and begins first', () => {
    const files = ['a', 'b', 'c'].map((name) => relative(root, join(folder, name)))
    for (const file of files)
      writeFileSync(join(root, file), file.endsWith('b') ? '// Begins first: it takes a minute.\n' : head)
    assert.deepEqual(
      ordered(files).map((file) => relative(folder, join(root, file))),
      ['b', 'c', 'a'],
    )
  })

  test('a file that says so has a process of its own', async () => {
    const pid = "test('its process', () => console.log(process.pid))"
    const { said } = await run({
      'a.mjs': pid,
      'b.mjs': `// A process of its own: it wants it\n${pid}`,
      'c.mjs': pid,
    })
    assert.equal(new Set(said).size, 3)
  })

  test('a process ends by itself: what a file does at the exit is done', async () => {
    const mark = join(folder, 'left.txt')
    await run({
      'exit.mjs': `process.on('exit', () => process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(mark)}, ''))\ntest('one', () => {})`,
    })
    for (let looks = 0; looks < 200 && !existsSync(mark); looks++) await sleep(25)
    assert.ok(existsSync(mark))
  })

  test('what fails is named by its file, and hides no other file', async () => {
    const { counts, failed } = await run(
      {
        'assertion.mjs':
          "describe('s', () => { test('one', () => { throw new Error('not one') }); test('two', () => {}) })",
        'import.mjs': "await import('./no-such-file.mjs')",
        'exit.mjs':
          "test('leaves', () => setTimeout(() => process.exit(3), 100))\ntest('waits', () => new Promise(() => {}))",
        'hook.mjs': "after(() => { throw new Error('not closed') })\ntest('of hook', () => {})",
        'spin.mjs': "test('spins', async () => { await new Promise(setImmediate); for (;;); })",
        'last.mjs': "test('of last', () => {})",
        'skipped.mjs':
          "describe('t', { skip: 'lacks a tool' }, () => { test('three', () => {}) })\ntest('four', { skip: 'lacks it' }, () => {})",
      },
      3_000,
    )
    const named = relative(root, folder)
    assert.deepEqual(failed, [
      'assertion.mjs: Error: not one',
      `import.mjs: Error [ERR_MODULE_NOT_FOUND]: Cannot find module '${folder}/no-such-file.mjs' imported from ${folder}/import.mjs`,
      `exit.mjs: ${named}/exit.mjs ended its process (code 3), in “waits”`,
      'hook.mjs: Error: not closed',
      `spin.mjs: ${named}/spin.mjs took longer than 3 s, in “spins”`,
    ])
    assert.deepEqual([counts.pass, counts.fail, counts.skipped], [4, 5, 2])
  })

  test('an error outside of a test fails its file, as does a test that is named too late', async () => {
    const { counts, failed } = await run({
      'stray.mjs':
        "test('one', async () => { setTimeout(() => { throw new Error('lost') }, 10); await new Promise((end) => setTimeout(end, 50)) })",
      'rejected.mjs':
        "test('one', async () => { Promise.reject(new Error('lost')); await new Promise((end) => setTimeout(end, 10)) })",
      'late.mjs': "test('one', async () => { await null; test('two', () => {}) })",
      'suite.mjs':
        "describe('s', async () => { await new Promise((end) => setTimeout(end, 20)); test('of suite', () => {}) })",
    })
    const lost = 'an error outside of a test, in “one” or before: Error: lost'
    assert.deepEqual(failed, [
      `stray.mjs: ${lost}`,
      `rejected.mjs: ${lost}`,
      'late.mjs: “two” was named when the file had been read',
    ])
    assert.deepEqual([counts.pass, counts.fail], [4, 3])
  })
})
