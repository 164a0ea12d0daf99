/** What a user waits for, from the packed packages: ratios against a bare `node -e 0` of the same run. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { installLocked, pack } from '../build/install.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const rounds = 9
const patience = 20_000

/** Packs, installs outside the checkout, and writes the figures to standard output. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  try {
    const packed = await pack(root, folder)
    const installed = join(folder, 'installed')
    await installLocked(
      root,
      installed,
      packed.map(({ filename }) => join(folder, filename)),
    )
    await figures(folder, join(installed, 'node_modules', 'omen-iam', 'bin', 'omen.mjs'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function figures(folder: string, bin: string): Promise<void> {
  const first = await serve(bin, join(folder, 'first')) // fills the compile cache
  await first.stop()
  const serving = await serve(bin, join(folder, 'asked'))
  await sleep(2_000)
  const idle = megabytesOf(serving.pid)
  const commands: Record<string, { args: readonly string[]; wanted?: number }> = {
    'node -e 0': { args: ['-e', '0'] },
    'omen --version': { args: [bin, '--version'], wanted: 120 },
    'omen can': {
      args: [bin, 'can', 'user/admin', 'iam:CreateUser', '--home', join(folder, 'asked')],
      wanted: 250,
    },
  }
  const took = new Map<string, number[]>()
  const add = (name: string, milliseconds: number) =>
    took.set(name, [...(took.get(name) ?? []), milliseconds])
  // in turn, so that whatever else runs weighs on all of them; the first round warms up
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { args }] of Object.entries(commands)) {
      const from = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`${name}: ${stderr}`)
      if (round > 0) add(name, performance.now() - from)
    }
    const started = await serve(bin, join(folder, `home-${round}`))
    if (round > 0) add('omen start, first answer', started.milliseconds)
    await started.stop()
  }
  const bare = median(took.get('node -e 0') ?? [])
  for (const [name, all] of took) {
    const wanted = commands[name]?.wanted ?? (name.startsWith('omen start') ? 200 : undefined)
    line(name, `${median(all).toFixed(0)} ms`, (median(all) / bare).toFixed(1), wanted && `${wanted} ms`)
  }
  line('omen start, idle memory', `${idle} MB`, '', '100 MB')
  await serving.stop()
}

/** Starts the server, and says how long its first answer took. */
async function serve(bin: string, home: string) {
  const from = performance.now()
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-sigusr1', bin, 'start', '--home', home, '--port', '0'],
    { stdio: 'ignore' },
  )
  const note = join(home, 'server.json')
  while (!existsSync(note)) {
    if (child.exitCode !== null || performance.now() - from > patience)
      throw new Error('the server does not start')
    await sleep(1)
  }
  const { url } = JSON.parse(readFileSync(note, 'utf8')) as { url: string } // what omen start writes
  await (await fetch(`${url}/_omen/health`)).text()
  const milliseconds = performance.now() - from
  return {
    milliseconds,
    pid: child.pid,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('close', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/** Resident memory; NaN where the machine has no /proc. */
function megabytesOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return Number.NaN
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) / 1024)
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function line(name: string, figure: string, ratio: string, wanted: string | undefined | 0): void {
  const times = ratio === '' ? '' : `${ratio} times node -e 0`
  const wish = wanted ? `  (wanted: ${wanted})` : ''
  process.stdout.write(`${name.padEnd(28)}${figure.padStart(8)}  ${times}${wish}\n`)
}
