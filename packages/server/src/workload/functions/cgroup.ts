import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Control groups of one invocation, which limit all of its processes together. */
export interface ControlGroup {
  /** A process joins the groups when its number is written to these files. */
  readonly files: readonly string[]
  remove(): Promise<void>
}

export interface GroupBounds {
  readonly memoryBytes: number
  readonly processes: number
}

/** Creates control groups; none if the server may not create any. */
export type MakeControlGroup = (name: string, bounds: GroupBounds) => ControlGroup

const mountedAt = '/sys/fs/cgroup'

/**
 * How control groups are created on this machine: version 2 if it is delegated to the server, otherwise version 1.
 */
export function findControlGroups(): MakeControlGroup | undefined {
  let own: string
  try {
    own = readFileSync('/proc/self/cgroup', 'latin1')
  } catch {
    return undefined // no Linux
  }
  return secondVersion(own) ?? firstVersion(own)
}

function secondVersion(own: string): MakeControlGroup | undefined {
  const path = /^0::(\/.*)$/m.exec(own)?.[1]
  if (path === undefined || path === '/') return undefined // a group with processes has no children with limits
  const parent = join(mountedAt, dirname(path))
  try {
    const controllers = readFileSync(join(parent, 'cgroup.subtree_control'), 'latin1').trim().split(' ')
    if (!controllers.includes('memory') || !controllers.includes('pids')) return undefined
    accessSync(join(parent, 'cgroup.procs'), constants.W_OK)
    accessSync(parent, constants.W_OK)
  } catch {
    return undefined
  }
  return (name, { memoryBytes, processes }) =>
    made([join(parent, name)], 'cgroup.procs', (folder) => {
      write(folder, 'memory.max', memoryBytes)
      write(folder, 'pids.max', processes)
      writeIfThere(folder, 'memory.swap.max', 0)
      writeIfThere(folder, 'memory.oom.group', 1)
    })
}

function firstVersion(own: string): MakeControlGroup | undefined {
  const parents: string[] = []
  for (const controller of ['memory', 'pids']) {
    const path = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, 'm').exec(own)?.[1]
    if (path === undefined) return undefined
    const parent = join(mountedAt, controller, path)
    try {
      accessSync(parent, constants.W_OK)
    } catch {
      return undefined
    }
    parents.push(parent)
  }
  return (name, { memoryBytes, processes }) =>
    made(
      parents.map((parent) => join(parent, name)),
      'cgroup.procs',
      (folder, i) => {
        if (i === 0) write(folder, 'memory.limit_in_bytes', memoryBytes)
        else write(folder, 'pids.max', processes)
      },
    )
}

function made(
  folders: readonly string[],
  file: string,
  bound: (folder: string, i: number) => void,
): ControlGroup {
  const done: string[] = []
  const remove = async () => {
    // the kernel releases a group a moment after its last process
    for (let tries = 0; tries < 40 && done.length > 0; tries++) {
      if (tries > 0) await sleep(25)
      for (const folder of done.splice(0)) if (!removed(folder)) done.push(folder)
    }
  }
  try {
    for (const [i, folder] of folders.entries()) {
      mkdirSync(folder)
      done.push(folder)
      bound(folder, i)
    }
  } catch (error) {
    remove().catch(() => {})
    throw error
  }
  return { files: folders.map((folder) => join(folder, file)), remove }
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function write(folder: string, file: string, value: number): void {
  writeFileSync(join(folder, file), String(value))
}

function writeIfThere(folder: string, file: string, value: number): void {
  try {
    write(folder, file, value)
  } catch {
    // an older kernel, or one without swap accounting
  }
}
