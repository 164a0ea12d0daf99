import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore, type Store, StoreDamaged } from '../store/index.ts'
import { badConfiguration } from './failure.ts'
import { Home } from './home.ts'

/** Milliseconds in which a server that is alive answers. */
const patience = 1_000

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
    if (note === undefined || !(await answers(note.url))) return undefined
    return servedBy(home)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Returns whether an Omen answers at the address: a process number does not prove that. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/_omen/health', url), { signal: AbortSignal.timeout(patience) })
    await response.body?.cancel()
    return response.headers.has('x-omen-mode')
  } catch {
    return false
  }
}

/** Opens the database: its lock decides which process serves a home, and is gone with the process. */
export async function openStore(home: Home | undefined): Promise<Store> {
  try {
    return await openSqliteStore(home === undefined ? { memory: true } : { file: home.database })
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    const by = error.held && home !== undefined ? servedBy(home) : undefined
    throw badConfiguration(by ?? error.message)
  }
}

function servedBy(home: Home): string | undefined {
  const note = home.readServer()
  return note && `the home ${home.folder} is served by process ${note.pid} at ${note.url}`
}
