// Runs test files in a few processes. Each takes the next file when it is done with one, so that Node, the sources and the
// models are loaded a few times and not once a file. What happens is told file by file, as Node's own test runner tells it.

import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { root } from '../root.mjs'

/** A process that holds more than this, in bytes, after a file takes no further one. */
const mostMemory = 800_000_000

/** What a process has to end in, in milliseconds. */
const patience = 10_000

/** A file with such a line has a process of its own, for the reason that the line gives. */
const alone = /^\/\/ A process of its own: ./m

/**
 * Runs the files, and calls `report` with the events of Node's test runner: those of one file together.
 *
 * @param files their paths in the checkout
 * @param options `execArgv` and `env` for the processes, `width` how many there are at a time, `limit` in ms for one file
 * @returns the counts of all
 */
export async function runFiles(files, options, report) {
  const began = performance.now()
  const queue = files.map((file) => ({ file, alone: standsAlone(file) }))
  const all = new Counts()
  let cpu = 0
  const each = (events) => {
    for (const event of events) {
      if (event.type === 'test:summary') cpu += event.data.cpu ?? 0
      else all.add(event)
      report(event)
    }
  }
  const width = Math.min(options.width, queue.length)
  await Promise.all(Array.from({ length: width }, () => work(queue, options, each)))
  report(all.summary(undefined, began))
  const times = { duration_ms: performance.now() - began, processor_ms: Math.round(cpu) }
  for (const [name, count] of Object.entries({ ...all.values, ...times }))
    report({ type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${count}`, level: 'info' } })
  return all.values
}

/** How many tests passed and did not, as Node's runner counts them. */
class Counts {
  values = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 }

  add({ type, data }) {
    if (type !== 'test:pass' && type !== 'test:fail') return
    const { values } = this
    if (data.details?.type === 'suite') {
      values.suites++
      // the tests of a suite that is skipped as a whole are not known: it counts as one
      if (isSet(data.skip)) values.skipped++
      return
    }
    values.tests++
    if (isSet(data.skip)) values.skipped++
    else if (isSet(data.todo)) values.todo++
    else if (type === 'test:pass') values.pass++
    else if (data.details.error.failureType === 'cancelledByParent') values.cancelled++
    else values.fail++
  }

  /** The event that ends a file, or all of them. */
  summary(file, began) {
    const { pass, fail, cancelled } = this.values
    const data = {
      file,
      success: fail + cancelled === 0,
      counts: { ...this.values, passed: pass },
      duration_ms: performance.now() - began,
    }
    return { type: 'test:summary', data }
  }
}

function isSet(mark) {
  return mark !== undefined && mark !== false
}

function standsAlone(file) {
  return alone.test(readFileSync(join(root, file), 'utf8'))
}

/** Takes files from the queue until it is empty. */
async function work(queue, options, report) {
  let worker
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (worker !== undefined && (next.alone || !worker.lives())) worker = worker.end()
    worker ??= startWorker(options)
    const { events, fresh } = await worker.run(next.file)
    report(events)
    if (!fresh || next.alone) worker = worker.end()
  }
  worker?.end()
}

/** A process that runs one file at a time. */
function startWorker({ execArgv, env, limit }) {
  const child = fork(join(root, 'scripts', 'suites', 'worker.mjs'), [], {
    cwd: root,
    execArgv: [...execArgv, `--test-reporter=${join(root, 'scripts', 'suites', 'events.mjs')}`],
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let heard = outside
  child.on('message', (event) => heard(event))
  child.stdout.on('data', (bytes) => heard({ type: 'test:stdout', data: { message: bytes.toString() } }))
  child.stderr.on('data', (bytes) => heard({ type: 'test:stderr', data: { message: bytes.toString() } }))
  child.on('error', (error) => heard({ type: 'closed', data: { how: error.message } }))
  child.on('close', (code, signal) => heard({ type: 'closed', data: { how: signal ?? `code ${code}` } }))
  return {
    lives: () => child.connected,
    /** Resolves to the events of the file, and whether the process can run another. */
    run(file) {
      return new Promise((resolve) => {
        const events = []
        const began = performance.now()
        let current = ''
        let slow = false
        const clock = setTimeout(() => {
          slow = true
          child.kill('SIGKILL')
        }, limit)
        function finish(fresh, cpu) {
          clearTimeout(clock)
          heard = outside
          const counts = new Counts()
          for (const event of events) counts.add(event)
          const end = counts.summary(join(root, file), began)
          resolve({ events: [...events, { ...end, data: { ...end.data, cpu } }], fresh })
        }
        heard = ({ type, data }) => {
          if (type === 'closed') {
            const why = slow ? `took longer than ${limit / 1_000} s` : `ended its process (${data.how})`
            events.push(fileFailure(file, `${file} ${why}${current === '' ? '' : `, in “${current}”`}`))
            finish(false)
          } else if (type === 'stray') {
            const where = current === '' ? '' : `, in “${current}” or before`
            events.push(fileFailure(file, `an error outside of a test${where}: ${data.text}`))
          } else if (type === 'rested') {
            finish(data.memory < mostMemory, data.cpu)
          } else if (type === 'test:dequeue') {
            if (data.nesting > 0) current = data.name
          } else if (data.nesting === 0 && type !== 'test:diagnostic' && data.name !== file) {
            events.push(fileFailure(file, `“${data.name}” was named when the file had been read`))
          } else {
            const event = eventOf(file, type, data)
            if (event !== undefined) events.push(event)
            if (data.nesting === 0 && type !== 'test:diagnostic') child.send(null)
          }
        }
        child.send(file)
      })
    },
    /** Lets the process end by itself, with what its files do at the exit; without a word, it is killed. */
    end() {
      heard = () => {}
      if (child.connected) child.disconnect()
      const clock = setTimeout(() => child.kill('SIGKILL'), patience)
      child.once('exit', () => clearTimeout(clock))
      return undefined
    },
  }
}

/** What a process says between two files is printed. */
function outside({ data: { message } }) {
  if (message !== undefined) process.stderr.write(message)
}

/** The event as if the file had run by itself: the suite that stands for the file is seen only where it failed by itself. */
function eventOf(name, type, data) {
  const file = join(root, name)
  if (data.nesting === undefined) return { type, data: { ...data, file } }
  const isFile = data.nesting === 0 && type !== 'test:diagnostic'
  if (isFile && (type !== 'test:fail' || data.details.error.failureType === 'subtestsFailed'))
    return undefined
  const details = { ...data.details, ...(isFile && { type: 'test' }) }
  if (type === 'test:fail') details.error = failure(data.details.error)
  return {
    type,
    data: {
      ...data,
      details,
      nesting: Math.max(0, data.nesting - 1),
      file: isFile ? file : (data.file ?? file),
    },
  }
}

function fileFailure(name, text) {
  const file = join(root, name)
  const error = failure({ failureType: 'testCodeFailure', text })
  const details = { duration_ms: 0, type: 'test', error }
  return { type: 'test:fail', data: { name, nesting: 0, testNumber: 1, file, line: 1, column: 1, details } }
}

/** The failure of a test as reporters of Node expect it. */
function failure({ failureType, text }) {
  const cause = { [inspect.custom]: () => text }
  return Object.assign(new Error('the test failed'), { code: 'ERR_TEST_FAILURE', failureType, cause })
}
