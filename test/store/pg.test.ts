import { after, before } from 'node:test'
import { openPgStore, type PgStore } from '../../packages/server/src/store/index.ts'
import { needs, type Postgres, startPostgres } from '../support/index.ts'
import { storeContract } from './contract.ts'

let cluster: Postgres

if (needs('postgres').skip === false) {
  before(async () => {
    cluster = await startPostgres()
  })
  after(() => cluster[Symbol.asyncDispose]())
}

storeContract<PgStore>(
  'PostgreSQL',
  {
    syncs: (store) => store.statistics().syncs,
    async open(t) {
      const store = await openPgStore({ url: cluster.url(), eventsInBlock: 500 })
      t.after(() => store.close())
      await store.reset() // quicker than a database for each test
      return store
    },
  },
  needs('postgres'),
)
