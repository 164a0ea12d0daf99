import { hostname } from 'node:os'
import { type Command, Option } from 'commander'
import { boundHeap } from '../base/index.ts'
import type { DirectoryLimits } from '../directory/index.ts'
import { badSyntax } from './failure.ts'
import { type LogKind, LogLines, logKinds } from './log-lines.ts'
import { parseSize } from './size.ts'

/** The options of a server as one of several nodes, and of its end. */
export interface NodeFlags {
  readonly nodeName?: string
  readonly nodeHeader?: boolean
  readonly workers?: string
  readonly fresh?: string
  readonly memoryForAccounts?: string
  readonly drainSeconds: string
  readonly finishSeconds: string
  readonly log?: LogKind
  readonly lake?: string
  readonly metricsPort?: string
  readonly metricsHost: string
}

/** The terms of the options. */
export interface NodeTerms {
  readonly name: string
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>
  /** How long the server answers on after SIGTERM while it is not ready, in seconds. */
  readonly drainSeconds: number
  /** How much memory accounts may take, and how old answers may be that change nothing. */
  readonly directory: Partial<DirectoryLimits>
  /** How long calls in flight may take then, in seconds. */
  readonly finishSeconds: number
  /** The lines of JSON, if they are wanted. */
  readonly lines: LogLines | undefined
  /** Where metrics have a port of their own. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
}

/** Adds the options of a server as a node. */
export function addNodeOptions(command: Command): Command {
  return command
    .optionsGroup('Several nodes:')
    .addOption(
      new Option(
        '--workers <number>',
        'with --store: the number of processes that share the port; each is a node, and is started again if it ends',
      ).env('OMEN_WORKERS'),
    )
    .addOption(
      new Option(
        '--fresh <time>',
        'with several nodes: how old the state behind a read may be, such as 500ms or 2s (default: 0)',
      ).env('OMEN_FRESH'),
    )
    .option('--node-header', 'name the node in the header x-omen-node of each answer')
    .optionsGroup('Operation:')
    .addOption(
      new Option(
        '--node-name <name>',
        'the name of this process in logs and metrics (default: the host name)',
      ).env('OMEN_NODE_NAME'),
    )
    .addOption(
      new Option(
        '--memory-for-accounts <size>',
        'the memory for accounts, such as 512MB or 2GiB; the least recently used are read again when needed (default: 256MiB)',
      ).env('OMEN_MEMORY_FOR_ACCOUNTS'),
    )
    .addOption(
      new Option(
        '--drain-seconds <number>',
        'how long the server answers after SIGTERM while it is not ready, so that load balancers notice',
      )
        .env('OMEN_DRAIN_SECONDS')
        .default('0'),
    )
    .addOption(
      new Option('--finish-seconds <number>', 'how long calls in flight may take when the server stops')
        .env('OMEN_FINISH_SECONDS')
        .default('8'),
    )
    .addOption(
      new Option(
        '--log <kind>',
        'write lines of JSON to standard output: json for every call, json-faults for calls that fail',
      )
        .choices(logKinds)
        .env('OMEN_LOG'),
    )
    .addOption(
      new Option(
        '--metrics-port <number>',
        'a port for metrics only, without signatures; with --workers, the first of one for each',
      ).env('OMEN_METRICS_PORT'),
    )
    .addOption(
      new Option('--metrics-host <address>', 'the address of that port')
        .env('OMEN_METRICS_HOST')
        .default('127.0.0.1'),
    )
}

/** @param fd where lines of JSON go @throws CommandFailure if a value is not acceptable */
export function nodeTermsOf(flags: NodeFlags, fd: 1 | 2): NodeTerms {
  const name = flags.nodeName ?? nameOfHost()
  if (!/^[\w.-]{1,64}$/.test(name))
    throw badSyntax('--node-name takes up to 64 letters, digits, dots, hyphens and underscores')
  return {
    name,
    headers: flags.nodeHeader === true ? { 'x-omen-node': name } : {},
    directory: {
      onFull: boundHeap,
      ...(flags.fresh === undefined ? {} : { fresh: { milliseconds: parseFresh(flags.fresh) } }),
      ...(flags.memoryForAccounts === undefined ? {} : { size: parseMemory(flags.memoryForAccounts) }),
    },
    drainSeconds: parseSeconds('--drain-seconds', flags.drainSeconds),
    finishSeconds: parseSeconds('--finish-seconds', flags.finishSeconds),
    lines:
      flags.log === undefined ? undefined : new LogLines(flags.log, name, fd, flags.workers !== undefined),
    metrics:
      flags.metricsPort === undefined
        ? undefined
        : { host: flags.metricsHost, port: parsePort('--metrics-port', flags.metricsPort) },
  }
}

/** A host's name as a node's: other characters are left out. */
function nameOfHost(): string {
  return (
    hostname()
      .replace(/[^\w.-]/g, '')
      .slice(0, 64) || 'omen'
  )
}

/** @throws CommandFailure if it is no port */
export function parsePort(option: string, text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw badSyntax(`${option} takes a number from 0 to 65535, not ${text}`)
  return port
}

/** The longest: what was revoked would be allowed for so long. */
const freshMost = 60_000

function parseFresh(text: string): number {
  const [, number = '', unit] = /^(\d{1,5})(ms|s)$/.exec(text) ?? (text === '0' ? ['', '0', 'ms'] : [])
  const milliseconds = Number(number) * (unit === 's' ? 1_000 : 1)
  if (unit === undefined || milliseconds > freshMost)
    throw badSyntax(`--fresh takes a time of at most a minute, such as 500ms or 2s, not ${text}`)
  return milliseconds
}

/** The least: one large account must fit beside others. */
const memoryLeast = 16e6

function parseMemory(text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < memoryLeast)
    throw badSyntax(`--memory-for-accounts takes a size from 16MB, such as 512MB or 2GiB, not ${text}`)
  return bytes
}

function parseSeconds(option: string, text: string): number {
  const seconds = Number(text)
  if (!/^\d{1,4}$/.test(text) || seconds > 3_600)
    throw badSyntax(`${option} takes a number from 0 to 3600, not ${text}`)
  return seconds
}
