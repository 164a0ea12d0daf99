import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { badConfiguration, badSyntax } from '../failure.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'

/** Milliseconds between looks with -f. */
const look = 200

interface LogsOptions {
  readonly home?: string
  readonly follow?: boolean
  readonly lines: string
}

/** `omen logs`: the logs of the home's servers. `omen events` shows what callers did. */
export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('show the log of the server: starts, stops and internal failures (for calls: omen events)')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('-f, --follow', 'keep printing new lines')
    .option('-n, --lines <number>', 'the number of lines to print from the end', '100')
    .action((options: LogsOptions) => showLogs(options))
}

async function showLogs(options: LogsOptions): Promise<void> {
  if (!/^\d{1,6}$/.test(options.lines)) throw badSyntax(`--lines takes a number, not ${options.lines}`)
  const { log } = Home.at(options.home)
  if (!existsSync(log)) throw badConfiguration(`${log} is not there: no server of this home has written yet`)
  const text = readFileSync(log, 'utf8')
  const lines = text.split('\n').slice(0, -1)
  print(
    lines
      .slice(Math.max(0, lines.length - Number(options.lines)))
      .map((line) => `${line}\n`)
      .join(''),
  )
  if (!options.follow) return
  const decoder = new StringDecoder('utf8')
  for (let at = Buffer.byteLength(text); ; await sleep(look)) {
    const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0
    // the full file was renamed: the new one is shown from its beginning
    at = writeFrom(log, size < at ? 0 : at, decoder)
  }
}

/** Writes the file's content from an offset on; returns the new offset. */
function writeFrom(log: string, from: number, decoder: StringDecoder): number {
  if (!existsSync(log)) return 0
  const file = openSync(log, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from))
    const read = readSync(file, bytes, 0, bytes.length, from)
    if (read > 0) print(decoder.write(bytes.subarray(0, read)))
    return from + read
  } finally {
    closeSync(file)
  }
}
