// Begins first: it builds, packs and installs, for more than a minute.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { imageTests } from './image.ts'
import { type Installed, install, lowestNode, run } from './installed.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = join('node_modules', 'omen-iam', 'bin', 'omen.mjs')

describe('the packed packages, installed outside the checkout', { concurrency: 2 }, () => {
  let project: Installed
  let folder: string
  before(async () => {
    ;[project] = await Promise.all([install(), lowestNode()])
    folder = project.folder
  })
  after(() => project?.remove())

  test('hold what runs and nothing else', () => {
    const server =
      /^(?:package\.json|README\.md|LICENSE|NOTICE|bin\/omen\.mjs|dist\/(?:[\w-]+\.js(?:\.map)?|types\/[\w/-]+\.d\.ts)|(?:models|data|lessons|schemas|console|dashboards)\/.+)$/
    const policy =
      /^(?:package\.json|README\.md|LICENSE|NOTICE|dist\/(?:index\.js(?:\.map)?|types\/[\w/-]+\.d\.ts))$/
    for (const [name, allowed] of [
      ['omen-iam', server],
      ['@omen-iam/policy', policy],
    ] as const) {
      const files = project.packed.get(name) ?? []
      assert.deepEqual(
        files.filter((file) => !allowed.test(file)),
        [],
      )
      for (const file of ['README.md', 'LICENSE', 'NOTICE', 'dist/index.js'])
        assert.ok(files.includes(file), `${name}: ${file}`)
      assert.ok(files.some((file) => file.endsWith('.js.map')))
    }
    for (const file of ['console/index.html', 'console/LICENSES.md'])
      assert.ok(project.packed.get('omen-iam')?.includes(file), file)
    const licences = readFileSync(join(folder, 'node_modules/omen-iam/console/LICENSES.md'), 'utf8')
    for (const library of ['react', '@cloudscape-design/components', '@codemirror/view'])
      assert.ok(licences.includes(`## ${library} - `), library)
  })

  test('take less than 40 MB with what they need', () => {
    assert.ok(project.bytes < 40_000_000, `${project.bytes} bytes`)
  })

  test('run with their own dependencies alone', () => {
    const { status, stdout, stderr } = project.help
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /^Usage: omen pass /)
  })

  for (const resolution of ['nodenext', 'bundler'] as const) {
    test(`a strict program compiles with ${resolution} resolution and without skipLibCheck`, async () => {
      const module = resolution === 'bundler' ? 'esnext' : resolution
      const options = ['--strict', '--noEmit', '--target', 'es2024', '--skipLibCheck', 'false']
      const strict = ['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--types', 'node']
      const resolved = ['--module', module, '--moduleResolution', resolution]
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const args = [tsc, ...options, ...strict, ...resolved, 'strict.ts']
      const { status, stdout } = await run(folder, process.execPath, args)
      assert.equal(stdout, '')
      assert.equal(status, 0)
    })
  }

  for (const [which, find] of [
    ['this Node', async () => process.execPath],
    ['the lowest Node', lowestNode],
  ] as const) {
    describe(`on ${which}`, { concurrency: 2 }, () => {
      const omen = async (...args: string[]) => run(folder, await find(), [bin, ...args])

      test('the version is the one of the package', async () => {
        const { status, stdout, stderr } = await omen('--version')
        const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'))
        assert.deepEqual([status, stdout, stderr], [0, `${version}\n`, ''])
      })

      test('policies are linted, and cases asked, where they are', async () => {
        const lint = await omen('policy', 'lint', join('policies', 'read.json'))
        assert.equal(lint.status, 0, lint.stdout + lint.stderr)
        const cases = await omen('test', 'cases')
        assert.deepEqual([cases.status, cases.stdout, cases.stderr], [0, '1 passed, 0 failed\n', ''])
      })

      test('a program is run against a server of its own', async () => {
        const { status, stdout, stderr } = await omen('start', '--exec', '--', 'node', 'client.mjs', 'a b')
        assert.deepEqual([status, stdout], [7, 'enforce AKIA a b\n'], stderr)
      })

      test('SIGUSR1 opens no inspector in the server (LAM-74)', async () => {
        const program = `process.kill(process.ppid, 'SIGUSR1'); setTimeout(() => process.exit(3), 500)`
        const { status, stderr } = await omen('start', '--exec', '--', 'node', '-e', program)
        assert.deepEqual([status, stderr], [3, ''])
      })

      test('the packed server serves the console, and all that its first page loads', async () => {
        const { status, stdout, stderr } = await omen('start', '--exec', '--', 'node', 'console.mjs')
        assert.equal(status, 0, stdout + stderr)
        assert.match(stdout, /^text\/html.*: 200\n(?:text\/(?:javascript|css).*: 200\n){3,}$/)
      })

      test('CommonJS requires the package', async () => {
        const { status, stdout, stderr } = await run(folder, await find(), ['require.cjs'])
        assert.equal(status, 0, stderr)
        assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/)
      })

      test('a TypeScript program runs', async () => {
        const { status, stderr } = await run(folder, await find(), ['strict.ts'])
        assert.equal(status, 0, stderr)
      })

      test('the kit works with node:test', async () => {
        const { status, stdout } = await run(folder, await find(), ['--test', 'kit.test.mjs'])
        assert.equal(status, 0, stdout)
        assert.match(stdout, /pass 1\b/)
      })

      test('the kit works with vitest', async () => {
        const vitest = join('node_modules', 'vitest', 'vitest.mjs')
        const args = [vitest, 'run', '--dir', '.', '--config', 'vitest.config.mjs']
        const { status, stdout, stderr } = await run(folder, await find(), args)
        assert.equal(status, 0, stdout + stderr)
        assert.match(stdout, /1 passed/)
      })
    })
  }

  imageTests(() => project)

  test('a Node that is too old gets one line', async () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})"
    const { status, stdout, stderr } = await run(folder, process.execPath, ['--import', old, bin, 'start'])
    assert.equal(status, 253)
    assert.equal(stdout, '')
    assert.match(stderr, /^omen: Node 22\.18 or newer is needed, and this is 20\.19\.0: [^\n]+\n$/)
    const program = `import { createOmen } from 'omen-iam'; await createOmen().catch((error) => console.log(error.message))`
    const library = await run(folder, process.execPath, [
      '--import',
      old,
      '--input-type=module',
      '--eval',
      program,
    ])
    assert.match(library.stdout, /^Omen needs Node 22\.18 or newer, and this is 20\.19\.0: [^\n]+\n$/)
  })
})

test('what is said of the lowest Node is one thing', () => {
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  assert.equal(JSON.parse(read('packages/server/package.json')).engines.node, '>=22.18')
  assert.match(read('packages/server/bin/omen.mjs'), /\[22, 18\]/)
  assert.match(read('packages/server/src/base/node.ts'), /\[22, 18\]/)
  assert.match(read('packages/server/README.md'), /Node 22\.18 or newer/)
  assert.match(read('test/package/installed.ts'), /version: '22\.18\.0'/)
})
