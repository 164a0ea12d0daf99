import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { until } from '../store/fixture.ts'
import { zipOf } from '../support/index.ts'
import type { RealCluster } from './real-cluster.ts'
import { account } from './twins.ts'
import { policy } from './wire-calls.ts'

/** A function of the nodes that asks this process twice, for each event: `/begun`, and then `/ended`. */
const source = `
exports.handler = async ({ url, id }) => {
  await fetch(url + '/begun/' + id)
  await fetch(url + '/ended/' + id)
}`

/** Events whose node is killed before their function has ended. */
export class LostInvocation implements AsyncDisposable {
  readonly #cluster: RealCluster
  readonly #server: Server
  /** The first run of each event waits for an answer that never comes. */
  readonly #held = new Map<string, ServerResponse>()
  readonly #ended = new Set<string>()

  private constructor(cluster: RealCluster, server: Server) {
    this.#cluster = cluster
    this.#server = server
    server.on('request', ({ url = '' }, response) => {
      const [, what, id = ''] = url.split('/')
      if (what === 'ended') this.#ended.add(id)
      if (what === 'begun' && !this.#held.has(id)) this.#held.set(id, response)
      else response.end()
    })
  }

  /** Makes the function, while nothing fails. */
  static async open(cluster: RealCluster): Promise<LostInvocation> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const node = cluster.any(Math.random)
    const AssumeRolePolicyDocument = policy({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    })
    await node.patientClient(IAM).createRole({ RoleName: 'function', AssumeRolePolicyDocument })
    await node.patientClient(Lambda).createFunction({
      FunctionName: 'asks',
      Role: `arn:aws:iam::${account}:role/function`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { ZipFile: zipOf({ 'index.js': source }) },
    })
    return new LostInvocation(cluster, server)
  }

  /** Invokes the function at the node that is killed next, and waits until it runs. */
  async begin(id: string): Promise<void> {
    const node = this.#cluster.nextVictim()
    const { port } = this.#server.address() as AddressInfo // it listens on a TCP address
    const Payload = Buffer.from(JSON.stringify({ url: `http://127.0.0.1:${port}`, id }))
    const { StatusCode } = await node
      .patientClient(Lambda)
      .invoke({ FunctionName: 'asks', InvocationType: 'Event', Payload })
    if (StatusCode !== 202) throw new Error(`Invoke answers ${StatusCode}`)
    await until(async () => this.#held.has(id), 20_000)
  }

  /** Whether a function has ended for the event: another node has run it. */
  async hasEnded(id: string): Promise<boolean> {
    await until(async () => this.#ended.has(id), 20_000).catch(() => {})
    return this.#ended.has(id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
