import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlainKey } from '../../packages/server/src/gate/index.ts'
import { ask, signedRequest } from './house.ts'
import { load } from './load.ts'
import { trustAccount } from './wire.ts'

const patience = 20_000
/** After this a server that nobody asks has given back what its start took, in milliseconds. */
export const untilRest = 30_000
/** After this it has given back what a burst took. */
const untilRestAfterBurst = 60_000
const roles = 10_000
const clients = 16

/** A server of the package or of the sources that has answered once. */
export interface Serving {
  /** From the start of its process to its first answer. */
  readonly milliseconds: number
  readonly pid: number
  readonly port: number
  readonly key: PlainKey
  stop(): Promise<void>
}

/** Starts a server, and says how long its first answer took. */
export async function serve(
  omen: readonly string[],
  home: string,
  ...more: readonly string[]
): Promise<Serving> {
  const note = join(home, 'server.json')
  const from = performance.now()
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-sigusr1', ...omen, 'start', '--home', home, '--port', '0', ...more],
    { stdio: 'ignore' },
  )
  while (!existsSync(note)) {
    if (child.exitCode !== null || performance.now() - from > patience)
      throw new Error('the server does not start')
    await sleep(1)
  }
  const { url, keys } = JSON.parse(readFileSync(note, 'utf8')) as ServerNote // what omen start writes
  await (await fetch(`${url}/_omen/health`)).text()
  return {
    milliseconds: performance.now() - from,
    pid: child.pid ?? 0,
    port: Number(new URL(url).port),
    key: keys.admin,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('close', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

interface ServerNote {
  readonly url: string
  readonly keys: { readonly admin: PlainKey }
}

/** How long a server takes for the first call that is signed, in milliseconds. */
export async function firstSignedCall({ port, key }: Serving): Promise<number> {
  const parameters = { Action: 'GetCallerIdentity', Version: '2011-06-15' }
  const request = signedRequest(port, key, 'sts', parameters)
  const from = performance.now()
  await ask(port, request)
  return performance.now() - from
}

/**
 * The memory of a server at the end of a burst of writes and a minute later, of a start of the same home that is asked, and of
 * that start once its watch of paths has read the account for a change; in megabytes.
 */
export async function burst(omen: readonly string[], home: string) {
  mkdirSync(home)
  const quotas = join(home, 'quotas.json')
  writeFileSync(quotas, JSON.stringify({ RolesPerAccount: roles + 1 }))
  const server = await serve(omen, home, '--quotas', quotas)
  const requests = Array.from({ length: roles }, (_, place) => createRole(server, place))
  const { failures } = await load(server.port, requests, clients, 10 * untilRestAfterBurst, roles)
  if (failures > 0) throw new Error(`${failures} calls failed`)
  const end = megabytesOf(server.pid)
  await sleep(untilRestAfterBurst)
  const later = megabytesOf(server.pid)
  await server.stop()
  const restarted = await serve(omen, home, '--quotas', quotas)
  await ask(restarted.port, iamRequest(restarted, 'GetRole', { RoleName: 'role-7' })) // it reads the account
  await sleep(untilRest)
  const again = megabytesOf(restarted.pid)
  await ask(restarted.port, createRole(restarted, roles))
  await sleep(untilRestAfterBurst)
  const watched = megabytesOf(restarted.pid)
  await restarted.stop()
  return { end, later, again, watched }
}

function createRole(server: Serving, place: number): Buffer {
  const parameters = { RoleName: `role-${place}`, AssumeRolePolicyDocument: trustAccount }
  return iamRequest(server, 'CreateRole', parameters)
}

function iamRequest(server: Serving, action: string, parameters: Readonly<Record<string, string>>): Buffer {
  return signedRequest(server.port, server.key, 'iam', {
    Action: action,
    Version: '2010-05-08',
    ...parameters,
  })
}

/** Resident memory; NaN where the machine has no /proc. */
export function megabytesOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return Number.NaN
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) / 1024)
}

/** What the threads of a process have taken, in milliseconds; NaN where the machine has no /proc. */
export function processorMilliseconds(pid: number): number {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return Number.NaN
  const taken = readdirSync(tasks).map((task) =>
    Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]),
  )
  return taken.reduce((all, each) => all + each, 0) / 1e6
}
