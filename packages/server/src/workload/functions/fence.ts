import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { bubblewrap } from './bubblewrap.ts'
import { findControlGroups, type MakeControlGroup } from './cgroup.ts'
import { type Fence, inside, launcherEnvironment } from './inside.ts'
import { bounded } from './launch.ts'
import { limits } from './limits.ts'
import { makePlaces } from './places.ts'
import { unshare } from './unshare.ts'
import { openWay } from './way.ts'

/** A fence that was verified on this machine. */
export interface HeldFence {
  readonly fence: Fence
  readonly groups: MakeControlGroup | undefined
}

/** The result of the search on this machine: a fence, or why there is none. */
export type FenceFound = HeldFence | { readonly fence: undefined; readonly because: string }

/** The user of the functions of a slot, if the server runs as root; otherwise the server cannot change the user. */
export function userOf(slot: number): number | undefined {
  return process.getuid?.() === 0 ? limits.firstUser + slot : undefined
}

let found: Promise<FenceFound> | undefined

/** Searches a fence once for the whole process and verifies it, at the first invocation and not at the start. */
export function findFence(): Promise<FenceFound> {
  found ??= look()
  return found
}

async function look(): Promise<FenceFound> {
  if (process.platform !== 'linux')
    return { fence: undefined, because: `${process.platform} has no fence that Omen knows` }
  const groups = findControlGroups()
  const reasons: string[] = []
  for (const fence of candidates()) {
    const because = await triedWith(fence, groups)
    if (because === undefined) return { fence, groups }
    reasons.push(`${fence.name}: ${because}`)
  }
  const because = reasons.length > 0 ? reasons.join('; ') : 'neither bubblewrap nor unshare is installed'
  return { fence: undefined, because }
}

/** Fences in the order in which they are tried. */
export function candidates(): readonly Fence[] {
  const isRoot = process.getuid?.() === 0
  const bwrap = programAt('bwrap')
  const unshareTools = ['unshare', 'setpriv', 'mount'].every((name) => programAt(name) !== undefined)
  return [
    ...(bwrap === undefined ? [] : [bubblewrap(bwrap, isRoot)]),
    ...(unshareTools ? [unshare(isRoot)] : []),
  ]
}

function programAt(name: string): string | undefined {
  const folders = `${process.env.PATH ?? ''}${delimiter}${launcherEnvironment.PATH}`.split(delimiter)
  return folders
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(executable)
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Reports what is visible from inside the fence; "$HOST" is a folder of the machine. */
const lookAround = `
const fs = require('node:fs'), os = require('node:os')
const [host, uid] = process.argv.slice(1)
if (process.getuid() === 0) { process.setgroups([]); process.setgid(+uid); process.setuid(+uid) }
const status = fs.readFileSync('/proc/self/status', 'latin1')
const refused = (act) => { try { act(); return false } catch { return true } }
const nets = os.networkInterfaces()
const wrong = Object.entries({
  'another user': process.getuid() !== 0,
  'no capability': /^CapEff:\\s*0+$/m.test(status) && /^CapPrm:\\s*0+$/m.test(status),
  'no new privileges': /^NoNewPrivs:\\s*1$/m.test(status),
  'processes of its own': fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length < 8,
  'a network of its own': Object.keys(nets).join() === 'lo' && nets.lo.length > 0,
  'files of its own': !fs.existsSync(host),
  'code that it cannot change': refused(() => fs.writeFileSync('/var/task/x', 'x')),
  'a root that it cannot change': refused(() => fs.writeFileSync('/x', 'x')),
  'code that it can read': !refused(() => { fs.readdirSync('/var/task'); fs.accessSync('/var/runtime/house.sock', 2) }),
  'a folder that it can write': !refused(() => fs.writeFileSync('${inside.scratch}/x', 'x')),
}).filter(([, holds]) => !holds).map(([name]) => name)
console.log(wrong.length === 0 ? 'holds' : 'lacks ' + wrong.join(', '))`

/** Returns why the fence does not hold here, or undefined if it does. */
export async function triedWith(
  fence: Fence,
  groups: MakeControlGroup | undefined,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'omen-fence-'))
  const uid = userOf(limits.running) // no function's
  let group: ReturnType<MakeControlGroup> | undefined
  let close: (() => void) | undefined
  try {
    const places = await makePlaces(folder)
    close = await openWay(places.way, (socket) => socket.destroy())
    group = groups?.(basename(folder), {
      memoryBytes: 1 << 30,
      processes: limits.processes,
    })
    const bounds = { storageBytes: 1 << 20, processorSeconds: 10, uid, groups: group?.files ?? [] }
    const args = ['-e', lookAround, folder, String(uid ?? '')]
    const said = await outputOf(bounded(fence.command(args, places, bounds), bounds))
    return said === 'holds' ? undefined : said
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    close?.()
    await group?.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

function outputOf([command = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: launcherEnvironment,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limits.probe,
      killSignal: 'SIGKILL',
    })
    const said: string[] = []
    const listen = (chunk: Buffer) => {
      if (said.length < 100) said.push(chunk.toString('utf8'))
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => resolve(error.message))
    child.once('close', (status, signal) => {
      const lines = said.join('').trim().split('\n')
      resolve(lines.at(-1) || `it ended with ${signal ?? `status ${status}`}`)
    })
  })
}
