import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Loaded before a test (`--import=…/used.ts?to=FILE`): when the test ends, it writes the milliseconds of processor time that
 * the test and the processes that it started took. On a busy machine the time that passes says little of a test.
 */
const to = new URL(import.meta.url).searchParams.get('to')!

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(to, String((user + system) / 1_000 + ofChildren()))
})

/** Milliseconds of the processes that have ended; 0 where the system has no /proc. */
function ofChildren(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // Behind the name in parentheses: the 13th and 14th are the user and system time of children, in hundredths of a second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[13]) + Number(fields[14])) * 10
  } catch {
    return 0
  }
}
