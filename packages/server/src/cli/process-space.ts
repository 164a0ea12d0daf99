import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Where this process's number means this process. A container numbers its own: whoever shares a home with it, its
 * host or another machine, has the same number for somebody else.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return process.platform // only Linux has such spaces
  }
}

/** Whether the process is known to have ended. Of one in another space this cannot be known. */
export function hasEnded({ pid, processSpace: space }: { pid: number; processSpace?: string }): boolean {
  if (space !== undefined && space !== processSpace()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
