import { readFileSync, readlinkSync } from 'node:fs'

/**
 * The namespace in which this process's number is valid. A container has its own numbers: a host or another machine
 * that shares a home with it may use the same number for another process.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return process.platform // only Linux has such spaces
  }
}

/** Returns whether the process is known to have ended. Of one in another space this cannot be known. */
export function hasEnded({ pid, processSpace: space }: { pid: number; processSpace?: string }): boolean {
  if (space !== undefined && space !== processSpace()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
