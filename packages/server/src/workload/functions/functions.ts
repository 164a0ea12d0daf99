import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type {
  Dependencies,
  FunctionConfinement,
  FunctionEnd,
  FunctionRun,
  FunctionRunner,
  FunctionsRun,
} from '../../authorization/index.ts'
import { endpointVariables, fault } from '../../base/index.ts'
import { type ChildEnd, killGroup, type Order, runChild } from './child.ts'
import { type FenceFound, findFence, type HeldFence, userOf } from './fence.ts'
import { type Bounds, inside, type Places, runtimeFile } from './inside.ts'
import { bounded } from './launch.ts'
import { limits } from './limits.ts'
import { BadPackage, checkPackage, unpack } from './package.ts'
import { makePlaces } from './places.ts'
import { Slots } from './slots.ts'
import { type Adopt, openWay } from './way.ts'

/** The server's address for functions. */
interface ServerAddress {
  readonly url: string
  readonly adopt: Adopt | undefined
}

/** Runs functions. Each invocation has its own folder and process, both removed afterwards. */
export class Functions implements FunctionRunner {
  readonly #clock: Dependencies['clock']
  readonly #confinement: FunctionConfinement
  readonly #findFence: () => Promise<FenceFound>
  readonly #slots = new Slots()
  readonly #children = new Set<ChildProcess>()
  readonly #running = new Set<Promise<unknown>>()
  #server: ServerAddress | undefined
  #closed = false

  constructor(
    clock: Dependencies['clock'],
    confinement: FunctionConfinement = 'fenced',
    find: () => Promise<FenceFound> = findFence,
  ) {
    this.#clock = clock
    this.#confinement = confinement
    this.#findFence = find
  }

  /**
   * The server's address: functions receive it in their environment. @param adopt accepts a connection that comes from
   * inside the fence
   */
  servesAt(url: string, adopt?: Adopt): void {
    this.#server = { url, adopt }
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

  async how(): Promise<FunctionsRun> {
    if (this.#confinement === 'unconfined') return { how: 'unconfined' }
    const found = await this.#findFence()
    return found.fence === undefined
      ? { how: 'not run', because: found.because }
      : { how: found.fence.name, controlGroups: found.groups !== undefined }
  }

  async assertRuns(): Promise<void> {
    await this.#fence()
  }

  run(run: FunctionRun): Promise<FunctionEnd> {
    if (this.#closed) throw fault('ServiceException', 'The server is closing.', 500)
    const { holder } = run
    const running = this.#slots
      .take(holder)
      .then((slot) => this.#run(run, slot).finally(() => this.#slots.giveBack(slot, holder)))
    this.#running.add(running)
    const forget = () => this.#running.delete(running)
    running.then(forget, forget)
    return running
  }

  /** Kills running functions and waits until their folders are removed. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#running.size > 0) {
      for (const child of this.#children) killGroup(child)
      await Promise.race([Promise.allSettled(this.#running), new Promise((done) => setTimeout(done, 50))])
    }
  }

  /** Returns the fence, or undefined if none is wanted. @throws Fault if one is wanted and there is none */
  async #fence(): Promise<HeldFence | undefined> {
    if (this.#confinement === 'unconfined') return undefined
    const found = await this.#findFence()
    if (found.fence !== undefined) return found
    throw fault(
      'InvalidRuntimeException',
      `Omen keeps this function and does not run it: there is no fence for it on this machine (${found.because}). \`omen start --run-functions unconfined\` runs functions with the rights of the server.`,
      502,
    )
  }

  async #run(run: FunctionRun, slot: number): Promise<FunctionEnd> {
    const held = await this.#fence()
    if (this.#closed) throw fault('ServiceException', 'The server is closing.', 500)
    const folder = await mkdtemp(join(tmpdir(), 'omen-function-'))
    const uid = held === undefined ? undefined : userOf(slot)
    try {
      const places = await makePlaces(folder)
      await unpack(run.zip, places.code)
      return held === undefined
        ? await this.#runUnconfined(run, places)
        : await this.#runFenced(run, places, held, uid)
    } catch (error) {
      if (error instanceof BadPackage)
        throw fault('InvalidZipFileException', 'Lambda could not unzip the deployment package.', 502)
      throw error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async #runFenced(
    run: FunctionRun,
    places: Places,
    { fence, groups }: HeldFence,
    uid: number | undefined,
  ): Promise<FunctionEnd> {
    const group = groups?.(basename(dirname(places.code)), {
      memoryBytes: (run.memoryMegabytes + run.storageMegabytes) * 1_048_576 + limits.groupBytes,
      processes: limits.processes,
    })
    let closeWay: (() => void) | undefined
    try {
      closeWay = await openWay(places.way, this.#server?.adopt ?? ((socket) => socket.destroy()))
      const port = portOf(this.#server?.url)
      const bounds = boundsOf(run, uid, group?.files ?? [])
      const node = [...nodeArguments(run, inside.task, inside.scratch, inside.runtime), inside.runtime]
      const order = {
        ...orderOf(run),
        environment: environmentOf(run, inside.task, inside.scratch, `http://127.0.0.1:${port}`),
        task: inside.task,
        way: { path: inside.way, port },
        ...(uid === undefined ? {} : { uid }),
      }
      return await this.#ended(run, bounded(fence.command(node, places, bounds), bounds), order)
    } finally {
      closeWay?.()
      await group?.remove()
    }
  }

  /** Runs with the rights of the server's own user. Node's permission model alone is not a fence. */
  #runUnconfined(run: FunctionRun, { code, scratch }: Places): Promise<FunctionEnd> {
    const command = [process.execPath, ...nodeArguments(run, code, scratch, runtimeFile), runtimeFile]
    const environment = environmentOf(run, code, scratch, this.#server?.url)
    const order = { ...orderOf(run), environment, task: code }
    const bounds = boundsOf(run, undefined, [])
    return this.#ended(run, process.platform === 'win32' ? command : bounded(command, bounds), order)
  }

  async #ended(run: FunctionRun, command: readonly string[], order: Order): Promise<FunctionEnd> {
    const began = this.#clock.now()
    const outcome = await runChild(run, command, order, this.#children)
    const milliseconds = Math.max(0, this.#clock.now() - began)
    return endOf(run, outcome.end, outcome.log, milliseconds, outcome.megabytes)
  }
}

function boundsOf(run: FunctionRun, uid: number | undefined, groups: readonly string[]): Bounds {
  const storageBytes = run.storageMegabytes * 1_048_576
  return { storageBytes, processorSeconds: 4 * run.timeoutSeconds + 10, uid, groups }
}

/** Node's permission model is a second fence inside the first: no process, no thread, no addon, two folders. */
function nodeArguments(run: FunctionRun, task: string, scratch: string, runtime: string): readonly string[] {
  return [
    '--permission',
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
    `--allow-fs-read=${task}`,
    `--allow-fs-read=${scratch}`,
    `--allow-fs-read=${runtime}`,
    `--allow-fs-write=${scratch}`,
    '--disable-sigusr1',
    `--max-old-space-size=${run.memoryMegabytes}`,
  ]
}

function orderOf({ zip: _, environment: __, ...order }: FunctionRun) {
  return order
}

/** The handler's environment (behaviour LAM-51). Only the handler sees it, so it is complete. */
function environmentOf(run: FunctionRun, code: string, scratch: string, endpoint: string | undefined) {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...(endpoint === undefined ? {} : endpointVariables(endpoint)),
    ...run.environment,
    LAMBDA_TASK_ROOT: code,
    HOME: scratch,
    TMPDIR: scratch,
  }
}

/** The server's own port, so that addresses in code stay valid; another port if that one is reserved for root. */
function portOf(url: string | undefined): number {
  const port = url === undefined ? 0 : Number(new URL(url).port)
  return port >= 1_024 ? port : 6_636
}

/** Describes a process's end in Lambda's words (behaviours LAM-31 to LAM-36). */
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
