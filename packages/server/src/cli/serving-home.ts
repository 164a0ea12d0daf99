import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore, type Store, StoreDamaged } from '../store/index.ts'
import { badConfiguration } from './failure.ts'
import { Home, type RunningServer } from './home.ts'
import { hasEnded } from './process-space.ts'

/** Milliseconds after which an answer is late. A server that is alive may take longer: under load, or while it opens. */
const patience = 1_000

/** Failures of a connection that show that nothing listens at an address. Source: man 2 connect, getaddrinfo(3) */
const nobody = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENOTFOUND'])

/** The server that a home's note names: an Omen that answers, one that may be and does not answer in time, or none. */
export type Presence = 'serves' | 'late' | 'none'

/**
 * The home of a server that stores nothing. It contains only the note by which other commands find the server. If no
 * home is named, and the default one cannot be written or belongs to a running server, it is a temporary folder.
 * @throws CommandFailure if the named home cannot be used
 */
export async function homeOfMemory(named: string | undefined): Promise<{ home: Home; leave(): void }> {
  const home = Home.at(named)
  const why = await unusable(home)
  if (why === undefined) return { home, leave: () => home.removeServer() }
  if (named !== undefined) throw badConfiguration(why)
  const folder = mkdtempSync(join(tmpdir(), 'omen-home-')) // mode 0700
  return { home: new Home(folder), leave: () => rmSync(folder, { recursive: true, force: true }) }
}

async function unusable(home: Home): Promise<string | undefined> {
  try {
    home.prepare()
    const note = home.readServer()
    const presence = note === undefined ? 'none' : await presenceOf(note)
    if (note === undefined || presence === 'none') return undefined
    const by = servedBy(note, home)
    return presence === 'serves'
      ? by
      : `${by}, which does not answer in time; if it has ended, remove ${home.serverFile}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Returns whether an Omen serves at the address of a note: a process number does not prove that. What does not answer
 * in time counts as late, never as absent, unless its process is known to have ended.
 */
export async function presenceOf(
  note: Pick<RunningServer, 'url' | 'pid' | 'processSpace'>,
): Promise<Presence> {
  try {
    const response = await fetch(new URL('/_omen/health', note.url), {
      signal: AbortSignal.timeout(patience),
    })
    void response.body?.cancel().catch(() => {}) // its headers say enough
    return response.headers.has('x-omen-mode') ? 'serves' : 'none'
  } catch (error) {
    const { cause } = error instanceof Error ? error : {}
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return nobody.has(code) || hasEnded(note) ? 'none' : 'late'
  }
}

/** Opens the database: its lock decides which process serves a home, and is gone with the process. */
export async function openStore(home: Home | undefined): Promise<Store> {
  try {
    return await openSqliteStore(home === undefined ? { memory: true } : { file: home.database })
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    const note = error.held ? home?.readServer() : undefined
    throw badConfiguration(note === undefined || home === undefined ? error.message : servedBy(note, home))
  }
}

function servedBy({ pid, url }: RunningServer, home: Home): string {
  return `the home ${home.folder} is served by process ${pid} at ${url}`
}
