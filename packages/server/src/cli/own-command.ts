import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Home } from './home.ts'
import { quotedFor, safe } from './output.ts'

/** How this process was started, for hints. */
export interface Started {
  /** The file that runs: `process.argv[1]`. */
  readonly file: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const thisProcess = (): Started => ({ file: process.argv[1] ?? 'omen', environment: process.env })

/**
 * A command line that a user can type as it is: `omen env`, or with the path of a checkout's `bin/omen`, or `npx omen
 * env`. It names the home unless it is the default one.
 */
export function typed(verb: string, home?: Home, started: Started = thisProcess()): string {
  const usual = home === undefined || home.folder === usualHome()
  return `${ownCommand(started)} ${verb}${usual ? '' : ` --home ${quoted(home.folder)}`}`
}

/** The default home; undefined for a user without a home directory, as in many containers. */
function usualHome(): string | undefined {
  try {
    return join(homedir(), '.omen')
  } catch {
    return undefined
  }
}

function ownCommand({ file, environment }: Started): string {
  const bin = real(file) ?? file
  const wrapper = bin.endsWith('/packages/server/bin/omen.mjs')
    ? join(dirname(bin), '..', '..', '..', 'bin', 'omen')
    : undefined
  const underNpm = environment.npm_execpath !== undefined
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    // npm adds these for its scripts alone: another terminal does not have them
    if (folder === '' || (underNpm && folder.includes('node_modules'))) continue
    const command = real(join(folder, 'omen'))
    if (command !== undefined && (command === bin || command === wrapper)) return 'omen'
  }
  if (wrapper !== undefined) return quoted(wrapper)
  if (bin.includes('/_npx/')) return 'npx omen-iam'
  return bin.includes('/node_modules/') ? 'npx omen' : quoted(bin)
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** A word quoted for a shell; one with control characters, which cannot be typed, is only shown. */
function quoted(word: string): string {
  if (/^[\w./:@%+,-]+$/.test(word)) return word
  return safe(word) === word ? quotedFor('sh', word) : safe(word)
}
