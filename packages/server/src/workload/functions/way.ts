import { createServer, type Socket } from 'node:net'
import { limits } from './limits.ts'

/** Accepts a connection that a function has opened: it leads to the server's API and nowhere else. */
export type Adopt = (socket: Socket) => void

/**
 * Opens the socket by which one invocation reaches the server. @returns a function that closes it, with every
 * connection
 */
export async function openWay(path: string, adopt: Adopt): Promise<() => void> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}) // the function ended in the middle
    socket.once('close', () => sockets.delete(socket))
    adopt(socket)
  })
  server.maxConnections = limits.connections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // the function is another user; the folder's permissions exclude everyone else
    server.listen({ path, writableAll: true, exclusive: true }, resolve)
  })
  return () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}
