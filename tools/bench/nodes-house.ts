import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '../../test/support/index.ts'
import { type BenchedServer, newHome, startServer } from './house.ts'

/** One database that waits for its disk as a database of an operator does. */
export const settings = {
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '2GB',
  autovacuum_naptime: '60s',
} as const

/** A server of a bench, and what removes it. */
export interface Subject extends BenchedServer {
  end(): Promise<void>
}

/** Starts a cluster of PostgreSQL with the settings of benches. */
export function startDatabase(more: Readonly<Record<string, string>> = {}): Promise<Postgres> {
  return startPostgres({ ...settings, ...more })
}

/** Starts a node on a database, or a server on SQLite if there is none. All have the same master key. */
export async function startSubject(url?: string, ...args: readonly string[]): Promise<Subject> {
  process.env.OMEN_MASTER_KEY ??= randomBytes(32).toString('hex')
  const { home, remove } = newHome()
  const quotas = join(home, 'quotas.json')
  writeFileSync(quotas, JSON.stringify({ RolesPerAccount: 1_000_000, UsersPerAccount: 1_000_000 }))
  const store = url === undefined ? [] : ['--store', url]
  const server = await startServer(home, '--quotas', quotas, ...store, ...args)
  return {
    ...server,
    async end() {
      await server.stop()
      remove()
    },
  }
}

/** The processor time of a process and its threads so far, in seconds. */
export function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100 // in hundredths of a second, after the name in brackets
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function line(what: string, text: string): void {
  process.stdout.write(`${what.padEnd(44)} ${text}\n`)
}
