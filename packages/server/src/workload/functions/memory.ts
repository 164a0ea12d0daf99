import type { ChildProcess } from 'node:child_process'
import { readFile, stat, statfs } from 'node:fs/promises'
import { inside } from './inside.ts'
import { limits } from './limits.ts'

/** The memory and storage that an invocation may use. */
interface Bounds {
  readonly memoryMegabytes: number
  readonly storageMegabytes: number
}

/**
 * Observes the memory that an invocation's processes really use, because V8's own limit ignores buffers, and the
 * number of its files, which a tmpfs of bubblewrap does not limit. Only Linux reports both.
 */
export function watchMemory(
  child: ChildProcess,
  { memoryMegabytes, storageMegabytes }: Bounds,
  tooMuch: () => void,
) {
  const filesMost = (storageMegabytes * 1_048_576) / limits.bytesPerFile
  let most = 0
  let ended = false
  const look = async () => {
    const { kilobytes, processes, files } = await usedBy(child.pid ?? 0)
    most = Math.max(most, Math.ceil(kilobytes / 1_024))
    const within = most <= memoryMegabytes && processes <= limits.processes && files <= filesMost
    if (!ended && !within) tooMuch()
  }
  const timer = process.platform === 'linux' ? setInterval(look, limits.memoryInterval) : undefined
  return {
    most: () => most,
    end() {
      ended = true
      clearInterval(timer)
    },
  }
}

/** Returns the memory of a process and its descendants; launchers are between the process and the function. */
async function usedBy(root: number): Promise<{ kilobytes: number; processes: number; files: number }> {
  let kilobytes = 0
  let processes = 0
  let files = 0
  const left = [root]
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    const [status, children] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''),
      readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => ''),
    ])
    kilobytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
    processes++
    if (processes > limits.processes) break
    const started = children.split(' ').filter((each) => each !== '')
    // the function's process is the last of the chain of launchers
    if (started.length === 0) files = Math.max(files, await filesIn(`/proc/${pid}/root${inside.scratch}`))
    for (const each of started) left.push(Number(each))
  }
  return { kilobytes, processes, files }
}

/** Returns the files of a function's own /tmp; none if the process still sees the machine's. */
async function filesIn(scratch: string): Promise<number> {
  try {
    const [own, machine] = await Promise.all([stat(scratch), stat(inside.scratch)])
    if (own.dev === machine.dev) return 0
    const { files, ffree } = await statfs(scratch)
    return files - ffree
  } catch {
    return 0 // it is not built yet, or gone
  }
}
