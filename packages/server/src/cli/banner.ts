import type { FunctionConfinement } from '../authorization/index.ts'
import type { Mode, Partition } from '../base/index.ts'
import { spokenDuration } from './duration.ts'
import { Home } from './home.ts'
import { typed } from './own-command.ts'
import { version } from './version.ts'

/** The report of a server when it starts. */
export interface Announced {
  /** By which other commands find it. */
  readonly url: string
  readonly account: string
  readonly partition: Partition
  readonly store: string
  readonly mode: Mode
  readonly home: string
  readonly upstream: string | undefined
  /** The console's one-time link, or `page` where the output is no terminal; undefined without a console. */
  readonly console: { readonly link: string } | 'page' | undefined
  readonly runFunctions: FunctionConfinement
  /** Whether lessons are played here. */
  readonly learns: boolean
  /** How many processes listen, if they are several. */
  readonly workers?: number
  /** How far a test clock is ahead, in milliseconds. */
  readonly clockAhead?: number
}

/** The lines that a server prints when it starts. */
export function banner({
  url,
  account,
  partition,
  store,
  mode,
  home,
  upstream,
  console,
  runFunctions,
  learns,
  workers,
  clockAhead,
}: Announced): string {
  const doubt = {
    enforce: 'every call needs a valid signature and permission',
    audit: 'signatures are checked; denials are recorded and let through',
    off: 'NOTHING IS ENFORCED: unknown keys count as root, permissions are not asked',
  }[mode]
  return [
    `  omen ${version()}   ${url}`,
    `  account ${account}${partition === 'aws' ? '' : ` · partition ${partition}`} · store ${store} · home ${home}`,
    ...(workers === undefined ? [] : [`  ${workers} workers, each a node of its own`]),
    ...(upstream === undefined
      ? []
      : [`  in front of ${upstream}: what is allowed and not served here goes there`]),
    `  MODE ${mode}: ${doubt}`,
    ...(clockAhead === undefined
      ? []
      : [
          `  TEST CLOCK: its owner moves it by omen clock; now it is ${spokenDuration(clockAhead / 1_000)} ahead`,
        ]),
    ...consoleLines(console, home),
    ...(runFunctions === 'unconfined'
      ? ['  FUNCTIONS UNCONFINED: anyone who may create a Lambda function can do what this process can do']
      : []),
    `  next: eval "$(${typed('env', new Home(home))})"   in another terminal, then use aws`,
    `  ${typed('tour')} shows how roles work`,
    ...(learns
      ? [
          `  ${typed('learn', new Home(home))} asks you first: a lesson takes five minutes${console === undefined ? '' : ' (in the console: Practice)'}`,
        ]
      : []),
    '',
  ].join('\n')
}

/** The link signs its holder in: only a terminal gets it, never a log or the file that a pipe leads to. */
function consoleLines(console: Announced['console'], home: string): readonly string[] {
  if (console === undefined) return []
  if (console === 'page')
    return [`  console: ${typed('console', new Home(home))} prints a link that signs you in`]
  return [`  console (link valid once, for ten minutes): ${console.link}`]
}

/** The console as the banner shows it: a link that signs in for a terminal, and no link for a file or another program. */
export async function consoleFor(
  output: { readonly isTTY?: boolean },
  omen: { readonly hasConsole: boolean; consoleLink(): Promise<string | undefined> },
  url: string,
): Promise<Announced['console']> {
  if (!omen.hasConsole) return undefined
  const link = output.isTTY === true ? await omen.consoleLink() : undefined
  return link === undefined ? 'page' : { link: url + link }
}
