import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toolPath } from './needs.ts'
import type { Postgres } from './postgres.ts'

/** PgBouncer refuses to run as root: the suite's user is then `nobody`. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** PgBouncer in transaction mode in front of a cluster, on a Unix socket of its own. */
export async function startPgBouncer({
  socket,
  port,
}: Postgres): Promise<{ url(database?: string): string; [Symbol.asyncDispose](): Promise<void> }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'omen-pgb-')))
  chmodSync(folder, 0o755)
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(join(folder, 'users.txt'), '"postgres" ""\n')
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${socket} port=${port}`,
      '[pgbouncer]',
      'listen_addr =',
      `unix_socket_dir = ${folder}`,
      'listen_port = 6432',
      'auth_type = trust',
      `auth_file = ${join(folder, 'users.txt')}`,
      'pool_mode = transaction',
      'max_prepared_statements = 100',
      '',
    ].join('\n'),
  )
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const server = spawn(toolPath('pgbouncer'), [file], { ...user, stdio: 'ignore' })
  const onExit = () => server.kill('SIGKILL')
  process.on('exit', onExit)
  const path = join(folder, '.s.PGSQL.6432')
  for (let tries = 0; tries < 250 && !(await listens(path)); tries++) await sleep(20)
  return {
    url: (database = 'postgres') => `postgres://postgres@/${database}?host=${folder}&port=6432`,
    async [Symbol.asyncDispose]() {
      process.off('exit', onExit)
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
