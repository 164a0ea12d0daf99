import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ShiftedClock } from '../../packages/server/src/base/index.ts'
import { openPgStore } from '../../packages/server/src/store/index.ts'
import { until } from '../store/fixture.ts'
import { needs, openCutProxy, promote, startPostgres, startStandby } from '../support/index.ts'
import { openServers } from './twins.ts'
import { policy } from './wire-calls.ts'

test(
  'a node whose new connections reach a new primary does not answer from the old one',
  needs('postgres'),
  async () => {
    await using old = await startPostgres()
    await using next = await startStandby(old)
    old.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    old.sql('SELECT pg_reload_conf()')
    let primary = old
    // as an address that follows the primary: connections that are open stay where they are
    const proxy = await openCutProxy(() => `${primary.socket}/.s.PGSQL.${primary.port}`)
    await using rest = new AsyncDisposableStack()
    rest.defer(() => proxy.close())
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
    const clock = new ShiftedClock()
    const store = await openPgStore({ url, clock, patience: { answer: 1_000 } })
    const one = await openServers([store])
    rest.defer(() => one.close())
    const iam = one.nodes[0]!.iam()
    await iam.createUser({ UserName: 'dev' })
    await iam.attachUserPolicy({ UserName: 'dev', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'dev' })
    const dev = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const asDev = one.nodes[0]!.iam(dev)
    await asDev.listUsers({})
    // the old primary lives on, without a standby: it answers questions, and acknowledges nothing
    promote(next)
    primary = next
    const two = await openServers([await openPgStore({ url })])
    rest.defer(() => two.close())
    // the last beat that the old primary acknowledged does not count any more
    clock.advance(6_000)
    const deny = policy({ Effect: 'Deny', Action: '*', Resource: '*' })
    await two.nodes[0]!.iam().putUserPolicy({ UserName: 'dev', PolicyName: 'revoked', PolicyDocument: deny })
    const refusals: string[] = []
    for (let call = 0; call < 12; call++) {
      await asDev.listUsers({}).then(
        () => refusals.push('an answer'),
        ({ name }: Error) => refusals.push(name),
      )
      await sleep(200)
    }
    assert.equal(refusals.includes('an answer'), false, refusals.join())
    await until(async () => store.unready() === undefined)
    await assert.rejects(asDev.listUsers({}), { name: /AccessDenied/ })
    await iam.deleteUserPolicy({ UserName: 'dev', PolicyName: 'revoked' })
    await asDev.listUsers({})
  },
)
