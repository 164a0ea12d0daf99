/**
 * What a user waits for, and the memory of a server at rest and after a burst, from the packed packages and from the sources:
 * ratios against a bare `node -e 0` of the same run.
 */

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { installLocked, pack } from '../build/install.ts'
import {
  burst,
  firstSignedCall,
  megabytesOf,
  processorMilliseconds,
  serve,
  untilRest,
} from './package-server.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const rounds = 9

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
    await figures(folder, {
      '': [join(installed, 'node_modules', 'omen-iam', 'bin', 'omen.mjs')],
      ' (sources)': ['--conditions=@omen/source', join(root, 'scripts', 'omen.mjs')],
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is wanted: milliseconds of commands, how many times `node -e 0` a first answer takes, and megabytes at rest. */
const wanted = {
  version: 120,
  can: 250,
  first: { '': 6, ' (sources)': 12 },
  rest: { '': 100, ' (sources)': 130 },
} as const

type Form = keyof typeof wanted.first

async function figures(folder: string, forms: Record<Form, readonly string[]>): Promise<void> {
  const names: readonly Form[] = ['', ' (sources)']
  for (const name of names) {
    const first = await serve(forms[name], join(folder, `first${name}`)) // fills the compile cache
    await first.stop()
  }
  const serving = await Promise.all(
    names.map(async (name) => ({ name, server: await serve(forms[name], join(folder, `asked${name}`)) })),
  )
  const bareMemory = await memoryOfNode()
  await sleep(untilRest)
  const rest = serving.map(({ name, server }) => ({ name, megabytes: megabytesOf(server.pid) }))
  const asked = join(folder, 'asked')
  const omen = forms['']
  const commands: Record<string, { args: readonly string[]; wanted?: number }> = {
    'node -e 0': { args: ['-e', '0'] },
    'omen --version': { args: [...omen, '--version'], wanted: wanted.version },
    'omen can': {
      args: [...omen, 'can', 'user/admin', 'iam:CreateUser', '--home', asked],
      wanted: wanted.can,
    },
  }
  const took = new Map<string, number[]>()
  const add = (name: string, milliseconds: number) =>
    took.set(name, [...(took.get(name) ?? []), milliseconds])
  // in turn, so that whatever else runs weighs on all of them; the first round warms up
  for (let round = 0; round <= rounds; round++) {
    if (round > 0) add(bareProcessor, processorOfNode())
    for (const [name, { args }] of Object.entries(commands)) {
      const from = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`${name}: ${stderr}`)
      if (round > 0) add(name, performance.now() - from)
    }
    for (const name of names) {
      const started = await serve(forms[name], join(folder, `home-${round}${name}`))
      const processor = processorMilliseconds(started.pid)
      const signed = await firstSignedCall(started)
      if (round > 0) {
        add(`omen start, first answer${name}`, started.milliseconds)
        add(`omen start, first signed call${name}`, signed)
        add(`omen start, processor time${name}`, processor)
      }
      await started.stop()
    }
  }
  const bare = median(took.get('node -e 0') ?? [])
  for (const [name, all] of took) {
    if (name.includes(', processor time')) {
      const times = median(all) / median(took.get(bareProcessor) ?? [])
      line(name, `${median(all).toFixed(0)} ms`, times, undefined)
      continue
    }
    const form = names.find((each) => name === `omen start, first answer${each}`)
    const most = commands[name]?.wanted
    const wish = form === undefined ? most && `${most} ms` : `${wanted.first[form]} times`
    line(name, `${median(all).toFixed(0)} ms`, median(all) / bare, wish)
  }
  line('node, memory', `${bareMemory} MB`, 1, undefined)
  for (const { name, megabytes } of rest)
    line(
      `omen start, memory at rest${name}`,
      `${megabytes} MB`,
      megabytes / bareMemory,
      `${wanted.rest[name]} MB`,
    )
  for (const { server } of serving) await server.stop()
  const bursts = await Promise.all(
    names.map(async (name) => ({ name, ...(await burst(forms[name], join(folder, `burst${name}`))) })),
  )
  for (const { name, end, later, again, watched } of bursts) {
    const rows = { 'at the end': end, 'a minute later': later, 'after a restart': again }
    for (const [when, megabytes] of Object.entries(rows)) {
      const times = `${(megabytes / watched).toFixed(2)} times a restart after a change`
      write(`10,000 CreateRole, memory ${when}${name}`, `${megabytes} MB`, times)
    }
    write(`after a restart and a change${name}`, `${watched} MB`, '')
  }
}

const bareProcessor = 'node -e 0, processor time'

/** The processor time of a process that does nothing but tell it, in milliseconds. */
function processorOfNode(): number {
  const script = 'const { user, system } = process.cpuUsage(); process.stdout.write(String(user + system))'
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout) / 1e3
}

/** The resident memory of a process that does nothing. */
async function memoryOfNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' })
  await sleep(1_000)
  const megabytes = megabytesOf(child.pid)
  child.kill()
  return megabytes
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function line(name: string, figure: string, ratio: number, wish: string | undefined | 0): void {
  write(name, figure, `${ratio.toFixed(1)} times node -e 0${wish ? `  (wanted: ${wish})` : ''}`)
}

function write(name: string, figure: string, words: string): void {
  process.stdout.write(`${name.padEnd(48)}${figure.padStart(8)}  ${words}\n`)
}
