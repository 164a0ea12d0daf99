import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Pythons, startPythons } from '../../scripts/suites/pythons.mjs'
import { findTool, type ToolName } from '../../scripts/tools.mjs'
import { needs } from '../support/index.ts'

/** Prints what a program has of its caller, and ends with 3. */
const own = `
import os, sys
print(sys.argv, os.getcwd(), os.environ['MARK'], sys.stdin.read(), __name__)
print('wrong', file=sys.stderr)
sys.exit(3)
`

describe('commands of Python that share a process', needs('awsCli', 'boto3'), () => {
  let pythons: Pythons | undefined
  before(async () => {
    pythons = await startPythons(['test/house/pythons.test.ts'])
  })
  after(() => pythons?.end())

  const start = (program: string, args: readonly string[]) =>
    spawn(program, args, {
      cwd: tmpdir(),
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C.UTF-8',
        MARK: 'a=b',
        HOME: join(tmpdir(), 'mark-home'),
        AWS_PAGER: '',
        AWS_MAX_ATTEMPTS: '1',
      },
    })
  async function outcomeOf(program: string, args: readonly string[]) {
    const child = start(program, args)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.stdin.on('error', () => undefined) // a program may end before it has read
    child.stdin.end('the input')
    const [status] = await once(child, 'close')
    return { status, stdout, stderr }
  }
  const hosted = (name: string) => join(pythons?.folder ?? '', name)
  const programs: readonly (readonly [ToolName, string])[] = [
    ['awsCli', 'aws'],
    ['boto3', 'python3'],
  ]

  for (const [name, ...args] of [
    ['aws', '--version'],
    ['aws', 'sts', 'get-caller-identity', '--endpoint-url', 'http://127.0.0.1:9', '--region', 'us-east-1'],
    ['python3', '-c', own, 'a', 'b c'],
    ['python3', '-c', 'import boto3\nprint(1)\nraise ValueError("é")'],
    ['python3', '-W', 'ignore', '-c', 'import sys; sys.exit("why")'],
    ['python3', '-'],
  ] as const)
    test(`${name} ${args.join(' ').trim().split('\n')[0]} ends as the program itself does`, async () => {
      const [tool] = programs.find(([, each]) => each === name)!
      assert.ok(existsSync(hosted(name)))
      assert.deepEqual(await outcomeOf(hosted(name), args), await outcomeOf(findTool(tool)!, args))
    })

  test('a folder in the home is that of the caller', async () => {
    const places =
      'import botocore.utils, botocore.loaders as l; ' +
      'print(botocore.utils.JSONFileCache()._working_dir, botocore.utils.JSONFileCache.CACHE_DIR, l.Loader.CUSTOMER_DATA_PATH)'
    const [mine, real] = await Promise.all(
      [hosted('python3'), findTool('boto3')!].map((program) => outcomeOf(program, ['-c', places])),
    )
    assert.match(mine!.stdout, /mark-home/)
    assert.deepEqual(mine, real)
    assert.ok(!existsSync('/the-home-of-no-caller'))
  })

  test('a command ends when its caller is killed', async () => {
    const child = start(hosted('python3'), [
      '-c',
      'import os, time; print(os.getpid(), flush=True); time.sleep(60)',
    ])
    const [pid] = await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close') // its output is open as long as the command runs
    await sleep(100) // until the host has read its status
    assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' })
  })
})
