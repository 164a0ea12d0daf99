import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RealNode } from './real-node.ts'

/** How often it asks nodes whether they are ready, in milliseconds. */
const every = 100

/**
 * A load balancer as small as one can be: connections go to ready nodes in turn, and to the next one if a node accepts
 * none. It does not look into them.
 */
export class Balancer {
  readonly url: string
  readonly #server: Server
  readonly #nodes: () => readonly RealNode[]
  readonly #sockets = new Set<Socket>()
  #ready: readonly RealNode[] = []
  #next = 0
  #isOpen = true
  #asking: Promise<void> = Promise.resolve()

  private constructor(server: Server, nodes: () => readonly RealNode[]) {
    this.#server = server
    this.#nodes = nodes
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a TCP address
    server.on('connection', (client: Socket) => {
      client.on('error', () => {})
      this.#connect(client, 3)
    })
  }

  /** Opens it when it knows which nodes are ready: before, it would refuse every connection. */
  static async open(nodes: () => readonly RealNode[]): Promise<Balancer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const balancer = new Balancer(server, nodes)
    while (balancer.#ready.length === 0) await balancer.#ask()
    balancer.#asking = balancer.#askOn()
    return balancer
  }

  async #askOn(): Promise<void> {
    while (this.#isOpen) {
      await this.#ask()
      await sleep(every)
    }
  }

  async #ask(): Promise<void> {
    const asked = await Promise.all(this.#nodes().map(async (node) => ((await node.isReady()) ? [node] : [])))
    this.#ready = asked.flat()
  }

  #connect(client: Socket, tries: number): void {
    const up = this.#ready.filter(({ isUp }) => isUp)
    const node = up[this.#next++ % Math.max(1, up.length)]
    if (node === undefined || tries === 0) {
      client.destroy()
      return
    }
    const server = createConnection({ port: Number(new URL(node.url).port), host: '127.0.0.1' })
    const again = () => this.#connect(client, tries - 1)
    server.once('error', again)
    server.once('connect', () => {
      server.off('error', again)
      this.#join(client, server)
    })
  }

  #join(client: Socket, server: Socket): void {
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
