import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toolPath } from './needs.ts'

/** A cluster of PostgreSQL of a test's own: in a temporary folder, on a Unix socket, gone when the test is. */
export interface Postgres {
  /** The address of a database, as `--store` takes it. */
  url(database?: string): string
  /** The folder of the socket. */
  readonly socket: string
  /** The number in the socket's name. */
  readonly port: string
  /** The folder of the data. */
  readonly data: string
  /** Creates an empty database. */
  create(database: string): void
  /** Executes SQL as the superuser and returns the output. */
  sql(text: string, database?: string): string
  /** Starts the server. It runs already when `startPostgres` returns. */
  start(): Promise<void>
  /** Stops the server: orderly, or as if its process had been killed. */
  stop(how?: 'fast' | 'kill'): Promise<void>
  /** Sends a signal to the server's processes. */
  signal(signal: NodeJS.Signals): void
  [Symbol.asyncDispose](): Promise<void>
}

/** PostgreSQL refuses to run as root: the suite's user is then `nobody`. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** Settings for tests: nothing waits for the disk of the machine that runs them. */
const settings = {
  listen_addresses: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
  max_wal_size: '256MB',
  autovacuum_naptime: '1h',
} as const

/** Creates a cluster and starts it. `more` are further settings; with `listen_addresses` and `port`, it listens there, too. */
export async function startPostgres(more: Readonly<Record<string, string>> = {}): Promise<Postgres> {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  empty ??= emptyCluster()
  const { status, stderr } = spawnSync('cp', ['-Rp', empty, data], { ...user, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the empty cluster cannot be copied: ${stderr}`)
  const cluster = clusterIn(folder, data, more)
  await cluster.start()
  return cluster
}

/** The folder of a cluster that never ran: to copy it takes a seventh of the time of making one. */
let empty: string | undefined

function emptyCluster(): string {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  const settled = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '-N']
  run('initdb', ['-D', data, ...settled], folder)
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return data
}

/** Copies a running cluster as a standby of it, and starts that. `more` are further settings. */
export async function startStandby(
  primary: Postgres,
  more: Readonly<Record<string, string>> = {},
): Promise<Postgres> {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  run('pg_basebackup', ['-h', primary.socket, '-U', 'postgres', '-D', data, '-R', '-c', 'fast', '-N'], folder)
  const cluster = clusterIn(folder, data, more)
  await cluster.start()
  return cluster
}

/** Makes a standby the primary. */
export function promote({ data }: Postgres): void {
  run('pg_ctl', ['promote', '-D', data, '-w'], data)
}

function clusterIn(folder: string, data: string, more: Readonly<Record<string, string>>): Postgres {
  let server: ChildProcess | undefined
  const { port = '5432' } = more
  const psql = (text: string, database: string) =>
    run('psql', ['-h', folder, '-p', port, '-U', 'postgres', '-d', database, '-AtXqc', text], folder)
  const onExit = () => server?.kill('SIGQUIT')
  const cluster: Postgres = {
    socket: folder,
    port,
    data,
    url: (database = 'postgres') => `postgres://postgres@/${database}?host=${folder}&port=${port}`,
    create: (database) => void psql(`CREATE DATABASE ${database}`, 'postgres'),
    sql: (text, database = 'postgres') => psql(text, database),
    async start() {
      const options = Object.entries({ ...settings, unix_socket_directories: folder, ...more })
      server = spawn(
        program('postgres'),
        ['-D', data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        {
          ...user,
          stdio: ['ignore', 'ignore', process.env.OMEN_TEST_POSTGRES_LOG ? 'inherit' : 'ignore'],
        },
      )
      process.on('exit', onExit)
      for (let tries = 0; tries < 600; tries++) {
        if (spawnSync(program('pg_isready'), ['-h', folder, '-p', port], user).status === 0) return
        if (server.exitCode !== null) break
        await sleep(20)
      }
      throw new Error('PostgreSQL does not start')
    },
    async stop(how = 'fast') {
      process.off('exit', onExit)
      const stopping = server
      server = undefined
      if (stopping === undefined || stopping.exitCode !== null || stopping.signalCode !== null) return
      const ended = once(stopping, 'exit')
      stopping.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
      await ended
    },
    signal(signal) {
      server?.kill(signal)
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop('kill')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return cluster
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'omen-pg-')))
  chmodSync(folder, 0o755)
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

/** The programs beside the server's own. */
function program(name: string): string {
  return join(dirname(realpathSync(toolPath('postgres'))), name)
}

function run(name: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program(name), args, { ...user, cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} fails: ${stderr}`)
  return stdout.trim()
}
