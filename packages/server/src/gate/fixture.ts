import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, ShiftedClock, seededRandom } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import { type ServiceId, serviceIds } from '../model/index.ts'
import { servedApis } from '../services/index.ts'
import { rootArn } from '../session/index.ts'
import { openSqliteStore } from '../store/index.ts'
import { Omen } from './omen.ts'

/** A server in memory without a port, for tests of its parts. */
export interface OpenedServer {
  readonly omen: Omen
  readonly deps: Dependencies
  readonly clock: ShiftedClock
  /** The first account as it is now. */
  account(): Promise<Account>
  /** Calls an operation as root of the first account. */
  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** Opens a server whose first account has this number; it closes with the test. */
export async function openServer(
  t: { after(end: () => Promise<void>): void },
  first: AccountId,
  seed = 'house',
): Promise<OpenedServer> {
  const random = seededRandom(seed)
  const clock = new ShiftedClock()
  const store = await openSqliteStore({ memory: true })
  const omen = await Omen.open({
    store,
    clock,
    random,
    apis: servedApis,
    account: first,
    masterKey: random.bytes(32),
    mode: 'enforce',
    version: 'a test',
    complain(error) {
      throw error
    },
  })
  t.after(() => omen.close())
  const { deps } = omen
  const account = async () => (await deps.directory.find(first))! // the start made it
  return {
    omen,
    deps,
    clock,
    account,
    async call(operation, input) {
      const [service, name = ''] = operation.split(':')
      const owner = await account()
      return deps.perform({
        service: serviceIds.find((id): id is ServiceId => id === service)!, // tests name services that are served
        operation: name,
        input,
        account: owner,
        caller: {
          kind: 'root',
          account: first,
          arn: rootArn(owner),
          accessKeyId: omen.firstKeys.root.accessKeyId,
        },
        origin: { sourceIp: '127.0.0.1', userAgent: 'test', host: '', secure: true },
      })
    },
  }
}
