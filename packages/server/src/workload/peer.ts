import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/**
 * Returns the user whose program is at the other end of a loopback connection, or undefined if the system does not
 * report it. Only Linux does.
 */
export async function userOfPeer(
  { localPort, remotePort }: Pick<Socket, 'localPort' | 'remotePort'>,
  table = '/proc/net/tcp',
): Promise<number | undefined> {
  if (localPort === undefined || remotePort === undefined) return undefined
  const text = await readFile(table, 'latin1').catch(() => '')
  // the peer's own end: its local port is our remote one
  const ends = `:${hex(remotePort)} [0-9A-F]{8}:${hex(localPort)}`
  const line = new RegExp(`^ *\\d+: [0-9A-F]{8}${ends} [0-9A-F]{2} \\S+ \\S+ \\S+ +(\\d+) `, 'm').exec(text)
  return line === null ? undefined : Number(line[1])
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

/** Returns whether the address answers this user: the server's own user and root. */
export function isAnswered(user: number | undefined, own = process.getuid?.()): boolean {
  return user === undefined || user === 0 || user === own
}
