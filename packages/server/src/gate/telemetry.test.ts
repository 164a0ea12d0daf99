import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import { parseOpenMetrics } from '../../../../test/support/index.ts'
import { Fault, systemClock } from '../base/index.ts'
import { StaleAccount, StoreUnavailable } from '../directory/index.ts'
import { Registry } from '../metrics/index.ts'
import type { CallEnd, CallStart } from '../pipeline/index.ts'
import { openSqliteStore, type Standbys } from '../store/index.ts'
import { Readiness } from './readiness.ts'
import { reported } from './reported.ts'
import { answerProbe, probesOf } from './route/probes.ts'
import { measureServer } from './server-metrics.ts'
import { type CallRecord, Telemetry } from './telemetry.ts'
import { noteUse } from './usage.ts'

const request = {
  method: 'POST',
  rawPath: '/',
  rawQuery: '',
  headers: {},
  body: Buffer.alloc(0),
  remoteAddress: '192.0.2.1',
  secure: false,
}

/** The samples of a registry whose names begin so, as `name{labels} value`. */
function samplesOf(registry: Registry, prefix: string): readonly string[] {
  return parseOpenMetrics(registry.text())
    .flatMap(({ samples }) => samples)
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, labels, value }) =>
      `${name} ${Object.values(labels).join(' ')} ${value}`.replace('  ', ' '),
    )
}

async function opened(t: TestContext, more: object = {}) {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  const calls: CallRecord[] = []
  const telemetry = await Telemetry.open({
    store,
    version: '1.2.3',
    onCall: (call) => calls.push(call),
    ...more,
  })
  return { telemetry, calls }
}

describe('what is counted of a server', () => {
  test('each call is counted once by its outcome, and shown without its content', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
    const { telemetry, calls } = await opened(t)
    const fault = (code: string, status: number): CallEnd => ({
      status,
      caller: undefined,
      decision: undefined,
      fault: new Fault(code, 'no', status),
    })
    const ends: readonly (readonly [CallEnd, string])[] = [
      [{ status: 200, caller: 'arn:a', decision: undefined, fault: undefined }, 'ok'],
      [{ status: 399, caller: undefined, decision: undefined, fault: undefined }, 'ok'],
      [{ status: 400, caller: undefined, decision: undefined, fault: undefined }, 'fault'],
      [{ ...fault('AccessDenied', 403), decision: 'd-1' }, 'denied'],
      [fault('AccessDeniedException', 400), 'denied'],
      [fault('UnauthorizedOperation', 403), 'denied'],
      [fault('AuthorizationError', 403), 'denied'],
      [fault('NotAuthorized', 403), 'denied'],
      [fault('NoSuchEntity', 404), 'fault'],
      [fault('ResourceAccessDenied', 404), 'fault'],
      [fault('AccessDenied', 500), 'error'],
      [fault('ServiceUnavailable', 503), 'error'],
      [{ status: 499, caller: undefined, decision: undefined, fault: undefined }, 'fault'],
    ]
    for (const [end, outcome] of ends) {
      const start = { id: 'request', service: 'iam', operation: 'GetRole', request } as unknown as CallStart
      const watched = telemetry.watch(start)
      assert.equal(await watched.within(async () => 7), 7)
      assert.deepEqual(await watched.onward(async (headers) => headers), {})
      watched.ended(end)
      const { milliseconds, ...call } = calls.at(-1)!
      assert.ok(milliseconds >= 0 && milliseconds < 10_000)
      assert.deepEqual(call, {
        time: 1_000_000,
        requestId: 'request',
        service: 'iam',
        operation: 'GetRole',
        caller: end.caller,
        sourceIp: '192.0.2.1',
        status: end.status,
        outcome,
        error: end.fault?.code,
        decisionId: end.decision,
      })
    }
    telemetry
      .watch({ id: 'x', service: undefined, operation: undefined, request } as unknown as CallStart)
      .ended(ends[0]![0])
    assert.deepEqual(samplesOf(telemetry.metrics, 'omen_calls').toSorted(), [
      'omen_calls_total iam GetRole denied 5',
      'omen_calls_total iam GetRole error 2',
      'omen_calls_total iam GetRole fault 4',
      'omen_calls_total iam GetRole ok 2',
      'omen_calls_total unknown unknown ok 1',
    ])
    const counts = samplesOf(telemetry.metrics, 'omen_call_seconds_count')
    assert.deepEqual(counts, ['omen_call_seconds_count iam 13', 'omen_call_seconds_count unknown 1'])
    const bounds = samplesOf(telemetry.metrics, 'omen_call_seconds_bucket').filter((each) =>
      each.includes('iam'),
    )
    const expected = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    assert.deepEqual(
      bounds.slice(0, -1).map((each) => Number(each.split(' ')[2])),
      expected,
    )
  })

  test('says its version, and its name where it is one of several', async (t) => {
    const node = process.versions.node
    const { telemetry } = await opened(t)
    assert.deepEqual(samplesOf(telemetry.metrics, 'omen_build'), [`omen_build_info 1.2.3 ${node} 1`])
    const named = await opened(t, { node: 'one' })
    assert.deepEqual(samplesOf(named.telemetry.metrics, 'omen_build'), [
      `omen_build_info 1.2.3 ${node} one 1`,
    ])
    assert.equal(telemetry.clock, systemClock)
  })

  test('gives what the house knows as it is now', () => {
    const registry = new Registry()
    let standbys: Standbys | undefined
    const state = {
      recorder: { waiting: 3, lost: 4 },
      directory: { size: 5, store: { standbys: () => standbys } },
      clock: { now: () => 12_000 },
    }
    const history = { undelivered: 6, lagSeconds: undefined as number | undefined }
    const readiness = new Readiness({})
    measureServer(registry, { deps: state, history, readiness } as never)
    const values = () =>
      Object.fromEntries(
        samplesOf(registry, '')
          .map((each) => each.split(' '))
          .filter(([name]) => !/^process_(?:resident|cpu)|busy/.test(name!)),
      )
    const before = {
      omen_ready: '1',
      omen_accounts_bytes: '5',
      omen_events_waiting: '3',
      omen_events_lost_total: '4',
      omen_events_undelivered_total: '6',
      process_start_time_seconds: '12',
    }
    assert.deepEqual(values(), before)
    readiness.drain()
    standbys = { count: 2, areAwaited: false }
    history.lagSeconds = 7
    assert.deepEqual(values(), {
      ...before,
      omen_ready: '0',
      omen_trail_lag_seconds: '7',
      omen_store_sync_standbys: '2',
    })
    const used = Object.fromEntries(samplesOf(registry, '').map((each) => each.split(' ')))
    assert.ok(Number(used.process_resident_memory_bytes) > 10_000_000)
    const cpu = process.cpuUsage()
    assert.ok(Math.abs(Number(used.process_cpu_seconds_total) - (cpu.user + cpu.system) / 1e6) < 10)
    const busy = Number(used.omen_event_loop_busy_seconds_total)
    assert.ok(busy >= 0 && busy < process.uptime() + 1)
  })
})

test('the probes of an orchestrator answer anyone who reads', async () => {
  let standbys: Standbys | undefined
  const state = { recorder: { failing: false }, directory: { refused: false } }
  let unready: string | undefined
  const readiness = new Readiness({ unready: () => unready })
  const probes = probesOf(state as never, { standbys: () => standbys }, readiness)
  const ask = async (rawPath: string, method = 'GET') => {
    const answer = await answerProbe(probes, { ...request, method, rawPath })
    return answer && [answer.status, JSON.parse(Buffer.from(answer.body).toString('utf8'))]
  }
  assert.deepEqual(await ask('/_omen/health'), [200, { status: 'ok' }])
  assert.deepEqual(await ask('/_omen/live', 'HEAD'), [200, { status: 'live' }])
  assert.deepEqual(await ask('/_omen/ready'), [200, { status: 'ready' }])
  standbys = { count: 1, areAwaited: true }
  assert.deepEqual(await ask('/_omen/health'), [200, { status: 'ok', synchronousStandbys: 1 }])
  state.recorder.failing = true
  assert.deepEqual(await ask('/_omen/health'), [
    503,
    { status: 'the trail cannot be kept', synchronousStandbys: 1 },
  ])
  state.directory.refused = true
  assert.deepEqual((await ask('/_omen/health'))?.[1].status, 'changes cannot be kept')
  unready = 'The primary is away.'
  assert.deepEqual(await ask('/_omen/ready'), [503, { code: 'NotReady', error: unready }])
  assert.deepEqual(await ask('/_omen/live'), [200, { status: 'live' }])
  for (const path of ['/_omen/healthy', '/x/_omen/health', '/_omen/live/', '/x/_omen/live', '/x/_omen/ready'])
    assert.equal(await ask(path), undefined, path)
  assert.equal(await ask('/_omen/health', 'POST'), undefined)
})

test('an answer of the own pages that fails says whether the store or Omen did', async () => {
  const complaints: string[] = []
  const ask = async (answer: Promise<never>) => {
    const { status, headers, body } = await reported(
      answer,
      { ...request, rawPath: '/_omen/x' },
      (error, about) => complaints.push(`${about} ${(error as Error).name}`),
    )
    assert.deepEqual(headers, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    return [status, JSON.parse(String(body))]
  }
  assert.deepEqual(await ask(Promise.reject(new TypeError('ours'))), [500, { error: 'InternalFailure' }])
  assert.deepEqual(await ask(Promise.reject(new StoreUnavailable('away'))), [
    503,
    { code: 'ServiceUnavailable', error: 'Nothing could be kept: the store is unavailable.' },
  ])
  assert.deepEqual(await ask(Promise.reject(new StaleAccount(account))), [
    503,
    { code: 'ServiceUnavailable', error: 'The account was changed too often meanwhile. Try again.' },
  ])
  assert.deepEqual(complaints, ['/_omen/x TypeError', '/_omen/x StoreUnavailable', '/_omen/x StaleAccount'])
  const whole = { status: 200, headers: {}, body: '' }
  assert.equal(await reported(Promise.resolve(whole), request, () => assert.fail()), whole)
})

test('a call notes the use of its long-term key or its role (IAM-80, IAM-81)', () => {
  const noted: unknown[][] = []
  const use = (caller: object) => {
    noteUse({
      caller,
      account: { usage: { note: (...given: unknown[]) => noted.push(given) } },
      service: { signingName: 'iam' },
      region: 'us-east-1',
      now: 5,
    } as never)
    return noted.splice(0)
  }
  const rest = ['iam', 'us-east-1', 5]
  assert.deepEqual(use({ kind: 'user', accessKeyId: 'AKIA1' }), [['AKIA1', ...rest]])
  assert.deepEqual(use({ kind: 'root', accessKeyId: 'AKIA1' }), [['AKIA1', ...rest]])
  assert.deepEqual(use({ kind: 'user', accessKeyId: 'AKIA1', session: {} }), [])
  assert.deepEqual(use({ kind: 'root', accessKeyId: 'unverified' }), [])
  assert.deepEqual(use({ kind: 'role', accessKeyId: 'ASIA1', role: { id: 'AROA1' } }), [['AROA1', ...rest]])
  assert.deepEqual(use({ kind: 'anonymous' }), [])
})
