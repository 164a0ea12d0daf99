/** Figures of the test kit on this machine, for reading, not for asserting: ratios against a baseline of the same run. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CreateOmenOptions,
  createOmen,
  type RunningOmen,
  type Seed,
} from '../../packages/server/src/index.ts'

const roles = 1_000
const cases = 10_000
const rounds = 15

/** Writes the figures to standard output. */
export async function bench(): Promise<void> {
  await servers()
  await snapshots()
  commandLine()
}

async function servers(): Promise<void> {
  const first = await made({ port: false })
  const seed: Seed = {
    roles: Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`r${i}`, { trust: 'ec2.amazonaws.com' }]),
    ),
  }
  line('the first house in process', first)
  line('another, without a port', await median(() => made({ port: false })), first)
  line('another, with a port', await median(() => made({})), first)
  line('another, with a seed of 20 roles', await median(() => made({ port: false, seed })), first)
}

/** What it takes to make a server; to close it is not counted. */
async function made(options: CreateOmenOptions): Promise<number> {
  let omen: RunningOmen | undefined
  const took = await timed(async () => {
    omen = await createOmen(options)
  })
  await omen?.close()
  return took
}

async function snapshots(): Promise<void> {
  const seed: Seed = {
    roles: Object.fromEntries(
      Array.from({ length: roles }, (_, i) => [`r${i}`, { trust: 'ec2.amazonaws.com' }]),
    ),
  }
  const options = { port: false as const, quotas: { RolesPerAccount: roles }, seed }
  const whole = await made(options)
  const omen = await createOmen(options)
  const take = await median(() => timed(() => omen.snapshot()))
  const clean = await omen.snapshot()
  const restore = await median(() => timed(() => omen.restore(clean)))
  await omen.close()
  line(`a house with ${roles} roles, made of a seed`, whole)
  line(`a snapshot of ${roles} roles`, take, whole)
  line(`restoring it`, restore, whole)
}

function commandLine(): void {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  try {
    const file = join(folder, 'cases.json')
    const policies = {
      identity: [
        {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::dev-*/*' }],
        },
      ],
    }
    const list = Array.from({ length: cases }, (_, i) => ({
      name: `case ${i}`,
      request: {
        principal: 'arn:aws:iam::123456789012:user/dev',
        action: 's3:GetObject',
        resource: `arn:aws:s3:::dev-${i}/x`,
      },
      policies,
      expect: 'allowed',
    }))
    writeFileSync(file, JSON.stringify(list))
    const bin = fileURLToPath(new URL('../../packages/server/bin/omen.mjs', import.meta.url))
    const run = (...args: readonly string[]) => {
      const told = join(folder, 'time')
      const report = `data:text/javascript,${encodeURIComponent(
        `import { writeFileSync } from 'node:fs'; process.on('exit', () => { const { user, system } = process.cpuUsage(); writeFileSync(${JSON.stringify(told)}, String((user + system) / 1000)) })`,
      )}`
      spawnSync(process.execPath, ['--import', report, '--conditions=@omen/source', bin, ...args])
      return Number(readFileSync(told, 'utf8'))
    }
    run('--version')
    const nothing = run('--version')
    line('omen --version', nothing)
    line(`omen test with ${cases} cases`, run('test', file), nothing)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function line(what: string, milliseconds: number, against?: number): void {
  const ratio = against === undefined ? '' : `  ${(milliseconds / against).toFixed(3)} of the first`
  process.stdout.write(`${what.padEnd(44)} ${milliseconds.toFixed(1).padStart(8)} ms${ratio}\n`)
}

/** Milliseconds of this process's processor time: whatever else the machine does, they are the same. */
async function timed(what: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await what()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await measure())
  return times.sort((a, b) => a - b)[rounds >> 1] ?? 0
}
