import { openSync, readdirSync, readFileSync } from 'node:fs'

/** O_CLOEXEC in /proc/PID/fdinfo. */
const closesOnExec = 0o2000000

let inherited: readonly number[] | undefined
let nothing: number | undefined

/**
 * The streams of a function's process: four pipes, and nothing in place of each file that the server inherited as
 * open. Node opens its own files so that children do not inherit them, but it marks only the lowest numbers of those
 * that it inherited (behaviour LAM-79).
 */
export function streams(): ('pipe' | 'ignore' | number)[] {
  const all: ('pipe' | 'ignore' | number)[] = ['pipe', 'pipe', 'pipe', 'pipe']
  inherited ??= inheritable()
  for (const descriptor of inherited) {
    while (all.length <= descriptor) all.push('ignore') // leaves it as it is
    if (descriptor < 4) continue
    nothing ??= openSync('/dev/null', 'r+')
    all[descriptor] = nothing
  }
  return all
}

/** Returns the numbers of open files that a child of this process would inherit. Only Linux reports them. */
function inheritable(): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !isClosedOnExec(descriptor))
}

function isClosedOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1]
    return (Number.parseInt(flags ?? '0', 8) & closesOnExec) !== 0
  } catch {
    return true // it was the folder itself, and is closed by now
  }
}
