import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { EC2 } from '@aws-sdk/client-ec2'
import { Lambda } from '@aws-sdk/client-lambda'
import { Organizations } from '@aws-sdk/client-organizations'
import { openPgStore } from '../../packages/server/src/store/index.ts'
import { until } from '../store/fixture.ts'
import { type CutProxy, needs, openCutProxy, type Postgres, startPostgres } from '../support/index.ts'
import { account, type Node, type Nodes, openServers } from './twins.ts'

describe('what clients of a node see on a bad day', needs('postgres'), () => {
  let cluster: Postgres
  let proxy: CutProxy
  let open: Nodes
  let node: Node
  before(async () => {
    cluster = await startPostgres()
    proxy = await openCutProxy(`${cluster.socket}/.s.PGSQL.${cluster.port}`)
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
    open = await openServers([await openPgStore({ url, patience: { answer: 1_500, lock: 1_000 } })])
    node = open.nodes[0]!
  })
  after(async () => {
    await open?.close()
    await proxy?.close()
    await cluster?.[Symbol.asyncDispose]()
  })

  /** The call fails as AWS says that a service is unavailable, and says when to try again. */
  const isRefused = (call: Promise<unknown>) =>
    assert.rejects(call, (error: Error & { $response?: { statusCode: number; headers: object } }) => {
      assert.match(error.name, /^ServiceUnavailable/)
      assert.match(error.message, /^Nothing could be (?:kept|recorded): the store is unavailable\.$/)
      const { statusCode, headers } = error.$response!
      assert.equal(statusCode, 503)
      assert.equal(new Map(Object.entries(headers)).get('retry-after'), '1')
      return true
    })
  const fetched = async (
    method: string,
    rawPath: string,
    body: object = {},
    more: Readonly<Record<string, string>> = {},
  ) => {
    const answer = await node.omen.answer({
      method,
      rawPath,
      rawQuery: '',
      headers: { host: 'localhost', 'content-type': 'application/json', ...more },
      rawHeaders: [],
      body: Buffer.from(JSON.stringify(body)),
      remoteAddress: '127.0.0.1',
      secure: false,
    } as never)
    return {
      ...answer,
      body: JSON.parse(String(answer.body)) as { code?: string; error?: string; status?: string },
    }
  }
  const recovers = () => until(async () => (await fetched('GET', '/_omen/ready')).status === 200)

  test('a full disk refuses what stores something, answers reads, and loses nothing', async () => {
    const iam = node.iam()
    await iam.createUser({ UserName: 'before' })
    const tables = ['items', 'account_log', 'events']
    cluster.sql(`
      CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file "base/5/16397": No space left on device' USING ERRCODE = '53100';
      END $$;
      ${tables.map((table) => `CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON omen.${table} FOR EACH ROW EXECUTE FUNCTION public.full_disk();`).join('\n')}`)
    await isRefused(iam.createUser({ UserName: 'refused' }))
    await isRefused(node.sts().getSessionToken({}))
    await iam.getUser({ UserName: 'before' })
    const { Users = [] } = await iam.listUsers({})
    assert.deepEqual(Users.map(({ UserName }) => UserName).toSorted(), ['admin', 'before'])
    const health = await fetched('GET', '/_omen/health')
    assert.deepEqual([health.status, health.body.status], [503, 'changes cannot be kept'])
    assert.match(node.omen.metrics.text(), /^omen_store_up 0$/m)
    cluster.sql('DROP FUNCTION public.full_disk CASCADE')
    await iam.createUser({ UserName: 'refused' })
    const trail = node.client(CloudTrail)
    const events = async (AttributeValue: string) =>
      (await trail.lookupEvents({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }] })).Events
    await until(async () => (await events('GetUser'))?.length === 1)
    assert.equal((await events('CreateUser'))?.length, 2)
  })

  test('every protocol says that the database is away, the console and the own API too', async () => {
    await cluster.stop('kill')
    await until(async () => (await fetched('GET', '/_omen/ready')).status === 503)
    await isRefused(node.iam().listUsers({}))
    await isRefused(node.iam().createUser({ UserName: 'x' }))
    await isRefused(node.sts().getCallerIdentity({}))
    await isRefused(node.client(Organizations).listRoots({}))
    await isRefused(node.client(CloudTrail).lookupEvents({}))
    await isRefused(node.client(EC2).describeInstances({}))
    await isRefused(node.client(Lambda).listFunctions({}))
    const scope = `${node.omen.firstKeys.admin.accessKeyId}/20260101/us-east-1/omen/aws4_request`
    const signed = `Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
    const own = await fetched(
      'GET',
      '/_omen/api/events',
      {},
      {
        authorization: `AWS4-HMAC-SHA256 ${signed}`,
        'x-amz-date': '20260101T000000Z',
      },
    )
    const signIn = await fetched('POST', '/signin/login', { account, userName: 'x', password: 'y' })
    for (const { status, headers, body } of [own, signIn]) {
      assert.equal(status, 503, JSON.stringify(body))
      assert.equal(headers['retry-after'], '1')
      assert.equal(body.code, 'ServiceUnavailable')
    }
    assert.equal((await fetched('GET', '/_omen/live')).status, 200)
    await cluster.start()
    await recovers()
    await node.iam().listUsers({})
  })

  test('two houses that claim an empty database at once with different keys: one gets it, whole', async () => {
    cluster.create('claimed')
    const claim = async (byte: number) => {
      const store = await openPgStore({ url: cluster.url('claimed') })
      try {
        return await openServers([store], { masterKey: new Uint8Array(32).fill(byte) })
      } catch (error) {
        await store.close()
        throw error
      }
    }
    const claims = await Promise.allSettled([claim(1), claim(2)])
    const [opened, ...others] = claims.filter((each) => each.status === 'fulfilled')
    const refused = claims.find((each) => each.status === 'rejected')
    assert.ok(opened !== undefined && others.length === 0)
    assert.equal(refused?.reason.name, 'WrongMasterKey')
    await opened.value.nodes[0]!.iam().listUsers({})
    await opened.value.close()
  })

  test('a database that hangs is no reason to wait for ever', async (t) => {
    proxy.passes = 'no answers'
    const [began, before] = [performance.now(), proxy.questions]
    await Promise.all([
      isRefused(node.iam().listUsers({})),
      isRefused(node.iam().createUser({ UserName: 'late' })),
      isRefused(node.sts().getSessionToken({})),
    ])
    const [waited, tries] = [performance.now() - began, proxy.questions - before]
    assert.ok(tries < 30, `${tries} questions`)
    // once that is known, nobody asks and nobody waits: ten refusals take no longer than those that found it out
    const [next, known] = [performance.now(), proxy.questions]
    for (let call = 0; call < 10; call++) await isRefused(node.iam().listUsers({}))
    const took = performance.now() - next
    t.diagnostic(`${tries} questions in ${Math.round(waited)} ms, then ten refusals in ${Math.round(took)}`)
    assert.ok(proxy.questions - known < 5, `${proxy.questions - known} questions`)
    assert.ok(took < waited, `${took} ms, after ${waited}`)
    proxy.passes = 'all'
    proxy.cut()
    await recovers()
    await node.iam().createUser({ UserName: 'later' })
  })

  test('a node that is too old for the schema says so, and stops', async () => {
    cluster.sql('UPDATE omen.schema SET least = 99')
    await until(async () => (await fetched('GET', '/_omen/ready')).status === 503)
    assert.match((await fetched('GET', '/_omen/ready')).body.error ?? '', /changed by a newer Omen/)
    await isRefused(node.iam().createUser({ UserName: 'never' }))
    await isRefused(node.iam().listUsers({}))
    cluster.sql('UPDATE omen.schema SET least = 1')
    await recovers()
  })
})
