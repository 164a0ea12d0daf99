import { type Command, Option } from 'commander'
import { reachedBy } from '../asking.ts'
import { type EventView, eventJson, eventLine } from '../event-line.ts'
import { pagesOfEvents } from '../event-pages.ts'
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
    .description('list calls: ✓ allowed, ✗ denied, ! failed, ~ denied but let through by audit mode')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('-f, --follow', 'keep printing new events')
    .option('--who <name>', 'only calls of this user, session, ARN, access key or service')
    .option('--action <pattern>', 'only calls of these actions, such as CreateRole, iam:CreateRole or iam:*')
    .option('--role <name-or-arn>', 'only calls of sessions of this role, and calls that assumed it')
    .option('--errors', 'only calls that were denied or failed, or were let through by audit mode')
    .option(
      '--since <when>',
      `a time, or how long ago, such as 90m or 12h (default: ${defaultSince}; with -f: now)`,
    )
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action((options: EventsOptions) => tell(options))
}

async function tell(options: EventsOptions): Promise<void> {
  const reached = await reachedBy(options.home, process.env)
  const write = writer(options.output)
  const asked = queryOf(options)
  let count = 0
  for await (const { events } of pagesOfEvents(reached, asked, options.follow)) {
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
