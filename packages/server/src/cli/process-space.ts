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
