import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FunctionEnd, FunctionRun, FunctionRunner, House } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type ChildEnd, killGroup, runChild } from './child.ts'
import { limits } from './limits.ts'
import { BadPackage, checkPackage, unpack } from './package.ts'
import { Slots } from './slots.ts'

/** Variables by which the loader or Node itself would be changed, and with them the bounds of the process. */
const notHandedOn = /^(?:NODE_|LD_|DYLD_|OPENSSL_|UV_)/

/** Runs functions, each invocation in an environment of its own: a folder, a process, and both gone afterwards. */
export class Functions implements FunctionRunner {
  readonly #clock: House['clock']
  readonly #complain: (error: unknown) => void
  readonly #slots = new Slots()
  readonly #children = new Set<ChildProcess>()
  readonly #running = new Set<Promise<unknown>>()
  #endpoint: string | undefined
  #closed = false

  /** `complain` is told what goes wrong behind a caller's back and is ours to mend. */
  constructor(clock: House['clock'], complain: (error: unknown) => void) {
    this.#clock = clock
    this.#complain = complain
  }

  /** Where the house listens: functions get it as AWS_ENDPOINT_URL. */
  servesAt(endpoint: string): void {
    this.#endpoint = endpoint
  }

  async check(zip: Uint8Array): Promise<string | undefined> {
    try {
      await checkPackage(zip)
      return undefined
    } catch (error) {
      if (error instanceof BadPackage) return error.message
      throw error
    }
  }

  run(run: FunctionRun): Promise<FunctionEnd> {
    if (this.#closed) throw fault('ServiceException', 'The house is closing.', 500)
    const slot = this.#slots.take()
    const running = slot.then(() => this.#run(run)).finally(() => this.#slots.giveBack())
    this.#running.add(running)
    const forget = () => this.#running.delete(running)
    running.then(forget, forget)
    return running
  }

  start(run: FunctionRun): void {
    this.run(run).catch((error: unknown) => {
      if (error instanceof Error) this.#complain(error)
    })
  }

  /** Kills what runs and waits until its folders are gone. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running.size > 0) {
      for (const child of this.#children) killGroup(child)
      await Promise.race([Promise.allSettled(this.#running), new Promise((done) => setTimeout(done, 50))])
    }
  }

  async #run(run: FunctionRun): Promise<FunctionEnd> {
    if (this.#closed) throw fault('ServiceException', 'The house is closing.', 500)
    const folder = await mkdtemp(join(tmpdir(), 'omen-function-'))
    try {
      const folders = { code: join(folder, 'task'), scratch: join(folder, 'tmp') }
      await mkdir(folders.code, { mode: 0o700 })
      await mkdir(folders.scratch, { mode: 0o700 })
      await unpack(run.zip, folders.code)
      const environment = this.#environment(run, folders.code, folders.scratch)
      const began = this.#clock.now()
      const outcome = await runChild(run, folders, environment, this.#children)
      const milliseconds = Math.max(0, this.#clock.now() - began)
      return endOf(run, outcome.end, outcome.log, milliseconds, outcome.megabytes)
    } catch (error) {
      if (error instanceof BadPackage)
        throw fault('InvalidZipFileException', 'Lambda could not unzip the deployment package.', 502)
      throw error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #environment(run: FunctionRun, code: string, scratch: string): Readonly<Record<string, string>> {
    const given = Object.entries(run.environment).filter(([name]) => !notHandedOn.test(name))
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      ...(this.#endpoint === undefined ? {} : { AWS_ENDPOINT_URL: this.#endpoint }),
      ...Object.fromEntries(given),
      LAMBDA_TASK_ROOT: code,
      HOME: scratch,
      TMPDIR: scratch,
    }
  }
}

/** A process's end in Lambda's words (behaviours LAM-31 to LAM-36). */
function endOf(
  run: FunctionRun,
  end: ChildEnd,
  log: { add(text: string): void; bytes(): Uint8Array },
  milliseconds: number,
  megabytes: number,
): FunctionEnd {
  const { requestId } = run
  const said = payloadOf(run, end)
  log.add(`END RequestId: ${requestId}\n`)
  log.add(
    `REPORT RequestId: ${requestId}\tDuration: ${milliseconds.toFixed(2)} ms\tBilled Duration: ${milliseconds} ms\tMemory Size: ${run.memoryMegabytes} MB\tMax Memory Used: ${megabytes} MB\t\n`,
  )
  if (end.kind !== 'answered') log.add(`${said.message}\n`)
  return { payload: said.payload, failed: said.failed, log: log.bytes() }
}

function payloadOf(run: FunctionRun, end: ChildEnd) {
  const wrong = (errorType: string, problem: string) => {
    const message = `RequestId: ${run.requestId} Error: ${problem}`
    return { payload: JSON.stringify({ errorType, errorMessage: message }), failed: true, message }
  }
  switch (end.kind) {
    case 'answered':
      return { payload: end.payload, failed: end.failed, message: '' }
    case 'timedOut':
      return wrong('Sandbox.Timedout', `Task timed out after ${run.timeoutSeconds.toFixed(2)} seconds`)
    case 'answeredTooMuch': {
      const message = `Response payload size exceeded maximum allowed payload size (${limits.payloadBytes} bytes).`
      const payload = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage: message })
      return { payload, failed: true, message }
    }
    case 'killed':
      return wrong('Runtime.ExitError', `Runtime exited with error: signal: ${end.signal}`)
    case 'exited':
      return wrong(
        'Runtime.ExitError',
        end.status === 0
          ? 'Runtime exited without providing a reason'
          : `Runtime exited with error: exit status ${end.status}`,
      )
  }
}
