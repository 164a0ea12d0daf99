import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { policyText } from '../kit/index.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const patience = 30_000

/** As a terminal has it: what npm adds for its scripts would hide how the user started. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_OPTIONS$|OMEN_)/i.test(name)),
)

describe('every way to start', { concurrency: 3 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-ways-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const [way, command] of [
    ['bin/omen', [join(root, 'bin', 'omen'), 'start']],
    ['the package’s own file', [process.execPath, join(root, 'packages/server/bin/omen.mjs'), 'start']],
    ['npm start', ['npm', '--prefix', root, 'start', '--']],
  ] as const) {
    test(`${way} opens no inspector for SIGUSR1 (LAM-74)`, async (t) => {
      const home = join(folder, way.replaceAll('/', '-'))
      const [program, ...args] = [...command, '--home', home, '--port', '0']
      const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
      const said = textOf(child)
      const { pid, url } = await serving(home, said)
      t.after(() => signal(pid, 'SIGKILL'))
      signal(pid, 'SIGUSR1')
      const answer = await fetch(`${url}/_omen/health`, { signal: AbortSignal.timeout(patience) })
      assert.deepEqual(await answer.json(), { status: 'ok' })
      const ended = new Promise((resolve) => child.once('close', resolve))
      signal(pid, 'SIGTERM')
      await ended
      assert.match(said(), /omen has stopped/)
      assert.doesNotMatch(said(), /Debugger listening/)
    })
  }

  test('npm run omen finds files where the user is', async () => {
    const here = join(folder, 'here')
    mkdirSync(here)
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }
    writeFileSync(join(here, 'mine.json'), policyText(statement))
    const args = ['--prefix', root, 'run', '-s', 'omen', '--', 'policy', 'lint', 'mine.json']
    const ended = await new Promise<string>((resolve) =>
      execFile('npm', args, { cwd: here, env: environment }, (error, stdout, stderr) =>
        resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
      ),
    )
    assert.equal(ended, '0 1 policy: 0 errors, 0 other findings\n')
  })
})

function textOf(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return () => said
}

async function serving(home: string, said: () => string): Promise<{ pid: number; url: string }> {
  for (const until = performance.now() + patience; performance.now() < until; await sleep(20)) {
    try {
      return JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) // what omen start writes
    } catch {
      // not yet
    }
  }
  throw new Error(`it does not serve: ${said()}`)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has ended
  }
}
