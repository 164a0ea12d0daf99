import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RealNode } from './real-node.ts'

/** How often it asks nodes whether they are ready, in milliseconds. */
const every = 100

/** A load balancer as small as one can be: connections go to ready nodes in turn. It does not look into them. */
export class Balancer {
  readonly url: string
  readonly #server: Server
  readonly #nodes: () => readonly RealNode[]
  readonly #sockets = new Set<Socket>()
  #ready: readonly RealNode[] = []
  #next = 0
  #isOpen = true
  readonly #asking: Promise<void>

  private constructor(server: Server, nodes: () => readonly RealNode[]) {
    this.#server = server
    this.#nodes = nodes
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a TCP address
    server.on('connection', (client: Socket) => this.#connect(client))
    this.#asking = this.#ask()
  }

  static async open(nodes: () => readonly RealNode[]): Promise<Balancer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Balancer(server, nodes)
  }

  async #ask(): Promise<void> {
    while (this.#isOpen) {
      const asked = await Promise.all(
        this.#nodes().map(async (node) => ((await node.isReady()) ? [node] : [])),
      )
      this.#ready = asked.flat()
      await sleep(every)
    }
  }

  #connect(client: Socket): void {
    const node = this.#ready[this.#next++ % Math.max(1, this.#ready.length)]
    if (node?.isUp !== true) {
      client.destroy()
      return
    }
    const server = createConnection({ port: Number(new URL(node.url).port), host: '127.0.0.1' })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroySoon()
      })
      socket.pipe(other)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false
    await this.#asking
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
