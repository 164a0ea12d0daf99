import type { FunctionConfinement } from '../authorization/index.ts'
import type { Mode, Partition } from '../base/index.ts'
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
  readonly console: string | undefined
  readonly runFunctions: FunctionConfinement
  /** How many processes listen, if they are several. */
  readonly workers?: number
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
  workers,
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
    // only to the terminal, never to the log: the link signs its holder in
    ...(console === undefined ? [] : [`  console (link valid once, for ten minutes): ${console}`]),
    ...(runFunctions === 'unconfined'
      ? ['  FUNCTIONS UNCONFINED: anyone who may create a Lambda function can do what this process can do']
      : []),
    `  next: eval "$(${typed('env', new Home(home))})"   in another terminal, then use aws`,
    `  ${typed('tour')} shows how roles work`,
    '',
  ].join('\n')
}
