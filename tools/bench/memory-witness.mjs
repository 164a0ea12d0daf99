// Runs in a house whose memory a bench measures: at SIGUSR2 it collects garbage and writes what is left to a file.
import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

process.on('SIGUSR2', () => {
  const before = process.memoryUsage()
  collect()
  collect()
  writeFileSync(process.env.BENCH_MEMORY_FILE, JSON.stringify({ before, after: process.memoryUsage() }))
})
