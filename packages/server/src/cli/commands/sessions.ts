import { type Command, Option } from 'commander'
import { type Reached, reachedBy } from '../asking.ts'
import { callServer } from '../client.ts'
import { spokenDuration } from '../duration.ts'
import { pagesOfEvents } from '../event-pages.ts'
import { type HandedOut, handedOut } from '../handed-out.ts'
import { print, printError, safe } from '../output.ts'
import { shortName } from '../short-name.ts'
import { writeTable } from '../table.ts'
import { cut, lineWidth } from '../width.ts'

/** No session is longer: 36 hours, in milliseconds. */
const longest = 129_600_000

interface SessionsOptions {
  readonly home?: string
  readonly who?: string
  readonly role?: string
  readonly logins?: boolean
  readonly end?: string
  readonly output: 'human' | 'json'
}

/** `omen sessions`: temporary credentials that were handed out and whose time is not over. */
export function addSessions(program: Command): void {
  program
    .command('sessions')
    .description('list temporary credentials in the trail that have not expired (revoked ones included)')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('--who <name>', 'only those that this user, session, ARN, access key or service requested')
    .option('--role <name-or-arn>', 'only those of this role')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .option('--logins', 'only logins of programs, which renew their credentials (aws login, aws sso login)')
    .option('--end <id>', 'end a login of a program: its next renewal is refused')
    .action(async (options: SessionsOptions) => {
      const reached = await reachedBy(options.home, process.env)
      if (options.end !== undefined) return end(reached, options.end)
      const now = await timeOf(reached)
      if (options.logins === true) return writeLogins(await loginsOf(reached), options, now)
      const sessions = await living(reached, options, now)
      if (options.output === 'json') return print(`${JSON.stringify(sessions, null, 2)}\n`)
      write(sessions, now)
      const isWhole = options.who === undefined && options.role === undefined
      const logins = isWhole ? await loginsOf(reached) : []
      if (logins.length > 0) writeLogins(logins, options, now)
    })
}

/** The time of the server, whose clock may be one for tests. In milliseconds. */
async function timeOf({ server, keys }: Reached): Promise<number> {
  const { time } = (await callServer(server, 'GET', '/_omen/api/server', keys)) as { readonly time: string } // the route's own answer
  return Date.parse(time)
}

async function living(
  reached: Reached,
  { who, role }: SessionsOptions,
  now: number,
): Promise<readonly HandedOut[]> {
  const byKey = new Map<string, HandedOut>() // a session across accounts is in the events of both
  const query = {
    action: 'sts:*',
    since: new Date(now - longest).toISOString(),
    ...(who === undefined ? {} : { who }),
    ...(role === undefined ? {} : { role }),
  }
  for await (const { events } of pagesOfEvents(reached, query)) {
    for (const { record } of events) {
      const session = handedOut(record)
      if (session !== undefined && Date.parse(session.expiresAt) > now)
        byKey.set(session.accessKeyId, session)
    }
  }
  return [...byKey.values()]
}

/** The widths of a name in the second column, and of everything behind the first one. */
const asker = 12
const besides = asker + 20 + 8 + 11 + 4 * 2

/** Whose session it is: whole if no terminal limits the line, without account and kind if one does (behaviour SHL-26). */
function sessionNamed(arn: string, width: number | undefined): string {
  const whole = arn.replace(/^arn:aws[a-z-]*:(?:sts|iam)::/, '')
  if (width === undefined || whole.length + besides <= width) return whole
  return cut(whole.replace(/^\d+:(?:assumed-role\/)?/, ''), Math.max(8, width - besides))
}

function write(sessions: readonly HandedOut[], now: number): void {
  if (sessions.length === 0) {
    printError('no temporary credentials that have not expired\n')
    return
  }
  const width = lineWidth(process.stdout)
  const rows = sessions.map(({ arn, by, accessKeyId, issuedAt, expiresAt }) => [
    [sessionNamed(safe(arn), width)],
    [cut(safe(shortName(by)), width === undefined ? Number.POSITIVE_INFINITY : asker)],
    [accessKeyId],
    [new Date(issuedAt).toTimeString().slice(0, 8)],
    [spokenDuration((Date.parse(expiresAt) - now) / 1000)],
  ])
  writeTable(['Session', 'Asked for by', 'Key', 'Since', 'Ends in'], rows, process.stdout)
}

/** A login of a program, as the server answers it. */
interface Login {
  readonly id: string
  readonly who: string
  readonly program: string
  readonly beganAt: string
  readonly endsAt: string
  readonly renewals: number
}

async function loginsOf({ server, keys }: Reached): Promise<readonly Login[]> {
  const answer = await callServer(server, 'GET', '/_omen/api/sessions', keys)
  return (answer as { readonly logins: readonly Login[] }).logins // the route's own answer
}

async function end({ server, keys }: Reached, id: string): Promise<void> {
  await callServer(server, 'POST', '/_omen/api/logins/end', keys, { id })
  print('the login has ended; credentials that it gave end by themselves\n')
}

function writeLogins(logins: readonly Login[], { output }: SessionsOptions, now: number): void {
  if (output === 'json') {
    print(`${JSON.stringify(logins, null, 2)}\n`)
    return
  }
  if (logins.length === 0) {
    printError('no logins of programs\n')
    return
  }
  const rows = logins.map(({ id, who, program, beganAt, endsAt }) => [
    [shortName(safe(who))],
    [safe(program)],
    [id],
    [new Date(beganAt).toTimeString().slice(0, 8)],
    [spokenDuration((Date.parse(endsAt) - now) / 1000)],
  ])
  writeTable(['Login of', 'Program', 'Id', 'Since', 'Ends in'], rows, process.stdout)
}
