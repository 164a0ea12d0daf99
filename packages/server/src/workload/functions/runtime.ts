import { readFileSync, writeSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { pathToFileURL } from 'node:url'
import { format, types } from 'node:util'
import type { Order } from './child.ts'

/**
 * The layer between Lambda and a handler for Node, in the function's own process: it reads the invocation from
 * standard input, loads the handler, calls it, and answers on the fourth stream. No part of the server is in this
 * process.
 */
const answerStream = 3

const order = JSON.parse(readFileSync(0, 'utf8')) as Order // the server writes nothing else there
becomeNobody()
process.chdir(order.task)
for (const name of Object.keys(process.env)) delete process.env[name]
Object.assign(process.env, order.environment)
const deadline = Date.now() + order.timeoutSeconds * 1_000
let answered = false

process.kill = () => {
  throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
}
speakLikeLambda()
writeWhole(1, `START RequestId: ${order.requestId} Version: ${order.version}\n`)
process.on('uncaughtException', (error) => fail(error, 'Uncaught Exception '))
process.on('unhandledRejection', (reason) =>
  fail(named('Runtime.UnhandledPromiseRejection', reason), 'Unhandled Promise Rejection '),
)
process.on('beforeExit', () => succeed(null)) // the handler's promise can never settle

try {
  await openWay()
  const handler = await load(order.handler)
  await call(handler, JSON.parse(order.event))
} catch (error) {
  fail(error, 'Invoke Error ')
}

/** Root becomes another user permanently and loses all capabilities. */
function becomeNobody(): void {
  const { setgroups, setgid, setuid, getuid } = process
  if (order.uid === undefined || getuid?.() !== 0) return
  setgroups?.([])
  setgid?.(order.uid)
  setuid?.(order.uid)
  if (getuid?.() !== order.uid) throw new Error('The function cannot become another user.')
}

/** Opens the server's port on the function's own loopback. The port does not keep the process alive. */
function openWay(): Promise<void> | undefined {
  const { way } = order
  if (way === undefined) return undefined
  const server = createServer((from) => {
    const to = connect({ path: way.path })
    for (const socket of [from, to])
      socket.unref().on('error', () => [from, to].map((each) => each.destroy()))
    from.pipe(to).pipe(from)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.unref().listen(way.port, '127.0.0.1', () => resolve())
  })
}

type Callback = (error?: unknown, result?: unknown) => void
type Handler = (event: unknown, context: object, callback: Callback) => unknown

/** Returns the handler `folder/file.export` of a file that ends in .js, .mjs or .cjs. */
async function load(text: string): Promise<Handler> {
  const slash = text.lastIndexOf('/') + 1
  const dot = text.indexOf('.', slash)
  if (dot < 0) throw named('Runtime.MalformedHandlerName', new Error('Bad handler'))
  const file = text.slice(0, dot)
  let found: unknown = await importFile(file)
  for (const name of text.slice(dot + 1).split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined
  }
  if (found === undefined)
    throw named('Runtime.HandlerNotFound', new Error(`${text} is undefined or not exported`))
  if (typeof found !== 'function')
    throw named('Runtime.HandlerNotFound', new Error(`${text} is not a function`))
  return found as Handler // what it takes is the function author's to know
}

async function importFile(file: string): Promise<unknown> {
  const root = pathToFileURL(`${process.cwd()}/`)
  for (const ending of ['.js', '.mjs', '.cjs']) {
    const url = new URL(`./${encodeURI(file)}${ending}`, root)
    if (!exists(url)) continue
    try {
      const module: Readonly<Record<string, unknown>> = await import(url.href)
      return { ...asObject(module.default), ...module }
    } catch (error) {
      if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', error)
      if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' || codeOf(error) === 'MODULE_NOT_FOUND')
        throw named('Runtime.ImportModuleError', error)
      throw error
    }
  }
  throw named('Runtime.ImportModuleError', new Error(`Error: Cannot find module '${file}'`))
}

/** A file outside the permitted folders counts as absent. */
function exists(url: URL): boolean {
  try {
    readFileSync(url)
    return true
  } catch {
    return false
  }
}

async function call(handler: Handler, event: unknown): Promise<void> {
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: order.name,
    functionVersion: order.version,
    invokedFunctionArn: order.arn,
    memoryLimitInMB: String(order.memoryMegabytes),
    awsRequestId: order.requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    ...(order.clientContext === undefined ? {} : { clientContext: JSON.parse(order.clientContext) }),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
  const callback: Callback = (error, result) => {
    const end = () => (error === undefined || error === null ? succeed(result) : fail(error, 'Invoke Error '))
    if (context.callbackWaitsForEmptyEventLoop) process.prependOnceListener('beforeExit', end)
    else end()
  }
  const returned = handler(event, context, callback)
  if (isThenable(returned)) succeed(await returned)
}

function succeed(result: unknown): void {
  let text: string | undefined
  try {
    text = JSON.stringify(result === undefined ? null : result)
  } catch {
    fail(new Error('Unable to stringify response body'), 'Invoke Error ')
    return
  }
  answer('R', text ?? 'null')
}

/** Formats an error as Lambda's runtime for Node does (behaviour LAM-31). */
function fail(error: unknown, what: string): void {
  const report =
    types.isNativeError(error) || error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: traceOf(error) }
      : { errorType: typeof error, errorMessage: String(error), trace: [] }
  console.error(`${what}\t${JSON.stringify(report)}`)
  answer('E', JSON.stringify(report))
}

/** Returns the stack as Lambda shows it: the code is in /var/task, and the handler's callers are left out. */
function traceOf({ stack = '' }: Error): readonly string[] {
  const lines = stack.split('\n').filter((line) => !line.includes(import.meta.url))
  return lines.map((line) => line.replaceAll(process.cwd(), '/var/task'))
}

/** Answers once and ends, whatever is still pending: Lambda freezes the process at this point. */
function answer(letter: 'R' | 'E', text: string): void {
  if (answered) return
  answered = true
  writeWhole(answerStream, letter + text)
  process.exit(0)
}

/** console.log and its relatives write time, request and level before each line, on one stream. */
function speakLikeLambda(): void {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' }
  for (const [name, level] of Object.entries(levels)) {
    Reflect.set(console, name, (...values: readonly unknown[]) => {
      const text = format(...values).replaceAll('\n', '\r')
      const line = `${new Date(Date.now()).toISOString()}\t${order.requestId}\t${level}\t${text}\n`
      writeWhole(1, line)
    })
  }
}

/** Writes everything before it returns, however slow the reader is, so nothing is lost when the process ends. */
function writeWhole(stream: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(stream, bytes, written)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
    }
  }
}

function named(name: string, error: unknown): Error {
  const report = error instanceof Error ? error : new Error(String(error))
  report.stack = `${name}: ${report.message}\n${(report.stack ?? '').split('\n').slice(1).join('\n')}`
  report.name = name
  return report
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
}
