/** A server that serves and keeps everything but events: what recording costs shows against it. Says its port, then its keys. */
import { join } from 'node:path'
import { parseAccountId, systemRandom } from '../../packages/server/src/base/index.ts'
import { Omen, openGate } from '../../packages/server/src/gate/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { openSqliteStore, type Store } from '../../packages/server/src/store/index.ts'

const home = process.argv[2] ?? ''
const kept = await openSqliteStore({ file: join(home, 'silent.db') })

/** The store, deaf to events. */
const store = new Proxy<Store>(kept, {
  get(target, name) {
    if (name === 'record') return async () => {}
    if (name === 'commit')
      return (commit: Parameters<Store['commit']>[0]) => target.commit({ ...commit, events: [] })
    const member: unknown = Reflect.get(target, name, target)
    return typeof member === 'function' ? member.bind(target) : member
  },
})

const omen = await Omen.open({
  store,
  apis: servedApis,
  masterKey: systemRandom.bytes(32),
  account: parseAccountId('123456789012')!,
  mode: 'enforce',
  version: 'bench',
  complain: (error) => process.stderr.write(`${error}\n`),
})
const gate = await openGate({ host: '127.0.0.1', port: 0 }, omen.answer, { 'x-omen-mode': 'enforce' })
process.stdout.write(`${JSON.stringify({ port: gate.port, keys: omen.firstKeys })}\n`)
process.once('SIGTERM', async () => {
  await gate.close()
  await omen.close()
})
