import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { type AccountId, ShiftedClock, seededRandom } from '../../packages/server/src/base/index.ts'
import { Omen, type OmenParts } from '../../packages/server/src/gate/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import type { Store } from '../../packages/server/src/store/index.ts'
import { type ClientCredentials, InProcess } from '../../packages/server/src/testing/index.ts'
import { type NodeOptions, nodeStore, SharedStore } from './node-store.ts'

export const account = '123456789012' as AccountId
const masterKey = seededRandom('twins').bytes(32)

/** One server of several on one store. */
export interface Node {
  readonly omen: Omen
  iam(as?: ClientCredentials): IAM
  sts(as?: ClientCredentials): STS
  /** A client of any AWS SDK class, as admin or with other credentials. */
  client<C extends { destroy(): void }>(
    Client: new (options: ReturnType<typeof clientOptions>) => C,
    as?: ClientCredentials,
  ): C
}

function clientOptions(inProcess: InProcess, credentials: ClientCredentials) {
  return {
    endpoint: 'http://localhost',
    region: 'us-east-1',
    credentials,
    requestHandler: inProcess.handler,
    maxAttempts: 1,
  }
}

export interface Nodes {
  readonly nodes: readonly Node[]
  close(): Promise<void>
}

/** Further parts of all servers, or of the server with a number. */
type More = Partial<OmenParts> | ((index: number) => Partial<OmenParts>)

/** Houses on one store in one process, each behind a line of its own. */
export async function openNodes(lines: readonly NodeOptions[], more: More = {}): Promise<Nodes> {
  const shared = await SharedStore.open()
  const { nodes, close } = await openServers(
    lines.map((line) => nodeStore(shared, line)),
    more,
  )
  return { nodes, close: () => close().then(() => shared.store.close()) }
}

/** A server on each of several stores, which are nodes of one. */
export async function openServers(stores: readonly Store[], more: More = {}): Promise<Nodes> {
  const nodes: Node[] = []
  const clients: { destroy(): void }[] = []
  const omens: Omen[] = []
  const random = seededRandom('first keys')
  for (const store of stores) {
    const omen: Omen = await Omen.open({
      store,
      apis: servedApis,
      masterKey,
      account,
      mode: 'enforce',
      version: 'test',
      ...(typeof more === 'function' ? more(omens.length) : more),
      ...(omens[0] === undefined ? { random } : { firstKeys: omens[0].firstKeys }),
    })
    omens.push(omen)
    const inProcess = new InProcess(omen.answer, new ShiftedClock(), 'us-east-1')
    const { accessKeyId, secretAccessKey } = omen.firstKeys.admin
    const client: Node['client'] = (Client, as = { accessKeyId, secretAccessKey }) => {
      const made = new Client(clientOptions(inProcess, as))
      clients.push(made)
      return made
    }
    nodes.push({ omen, client, iam: (as) => client(IAM, as), sts: (as) => client(STS, as) })
  }
  const close = async () => {
    for (const client of clients) client.destroy()
    for (const omen of omens) await omen.close()
  }
  return { nodes, close }
}
