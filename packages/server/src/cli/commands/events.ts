import { type Command, Option } from 'commander'
import { runningServer } from '../client.ts'
import { type EventView, eventJson, eventLine } from '../event-line.ts'
import { pagesOfEvents } from '../event-pages.ts'
import { Home } from '../home.ts'
import { instantOf } from '../instant.ts'
import { print, printError } from '../output.ts'
import { lineWidth } from '../width.ts'

interface EventsOptions {
  readonly home?: string
  readonly follow?: boolean
  readonly who?: string
  readonly action?: string
  readonly role?: string
  readonly errors?: boolean
  readonly since?: string
  readonly output: 'human' | 'json'
}

/** How far back events are shown by default. */
const defaultSince = '1h'

/** `omen events`: past events, and with -f new ones. */
export function addEvents(program: Command): void {
  program
    .command('events')
    .description('show what happened: ✓ allowed, ✗ denied, ! failed, ~ would be denied but for audit mode')
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .option('-f, --follow', 'go on as it happens')
    .option('--who <name>', 'only of this user, session, ARN, access key or service')
    .option('--action <pattern>', 'only these: CreateRole, iam:CreateRole, iam:*')
    .option('--role <name-or-arn>', 'only what sessions of this role did, and who put it on')
    .option('--errors', 'only what was denied or failed, and what would be denied but for audit mode')
    .option('--since <when>', `an instant, or so long ago: 90m, 12h (default: ${defaultSince}; with -f: now)`)
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
    .action((options: EventsOptions) => tell(options))
}

async function tell(options: EventsOptions): Promise<void> {
  const server = runningServer(Home.at(options.home))
  const write = writer(options.output)
  const asked = queryOf(options)
  let count = 0
  for await (const { events } of pagesOfEvents(server, asked, options.follow)) {
    events.forEach(write)
    count += events.length
  }
  if (count === 0 && options.output === 'human') printError(`${nothing(options)}\n`)
}

function nothing({ who, action, role, errors, since = defaultSince }: EventsOptions): string {
  const isAll = [who, action, role, errors].every((each) => each === undefined)
  return `no ${isAll ? 'events' : 'such events'} since ${since}${/^\d+[a-z]+$/.test(since) ? ' ago' : ''}`
}

function queryOf(options: EventsOptions): Record<string, string> & { since?: string } {
  const { who, action, role, errors, follow } = options
  const since = options.since ?? (follow ? '0s' : defaultSince)
  return {
    ...(who === undefined ? {} : { who }),
    ...(action === undefined ? {} : { action }),
    ...(role === undefined ? {} : { role }),
    ...(errors ? { errors: 'true' } : {}),
    since: instantOf(since),
  }
}

function writer(output: 'human' | 'json'): (event: EventView) => void {
  const line =
    output === 'json'
      ? eventJson
      : (event: EventView) => eventLine(event, process.stdout, lineWidth(process.stdout))
  return (event) => print(`${line(event)}\n`)
}
