import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { limits } from './limits.ts'

/** Watches the memory that an invocation's processes really have: V8's own limit knows nothing of buffers. Linux tells it. */
export function watchMemory(child: ChildProcess, megabytes: number, tooMuch: () => void) {
  let most = 0
  let ended = false
  const look = async () => {
    const { kilobytes, processes } = await usedBy(child.pid ?? 0)
    most = Math.max(most, Math.ceil(kilobytes / 1_024))
    if (!ended && (most > megabytes || processes > limits.processes)) tooMuch()
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

/** What a process and its descendants use; launchers stand between it and the function. */
async function usedBy(root: number): Promise<{ kilobytes: number; processes: number }> {
  let kilobytes = 0
  let processes = 0
  const left = [root]
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    const [status, children] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''),
      readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => ''),
    ])
    kilobytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
    processes++
    if (processes > limits.processes) break
    for (const each of children.split(' ')) if (each !== '') left.push(Number(each))
  }
  return { kilobytes, processes }
}
