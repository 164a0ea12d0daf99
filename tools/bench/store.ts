/**
 * Figures of the store on this machine, for reading, not for asserting:
 * `node --conditions=@omen/source tools/bench/store.ts [EVENTS]`. With EVENTS, look-ups are timed among so many.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import {
  type EventQuery,
  openSqliteStore,
  type Store,
  type StoredEvent,
} from '../../packages/server/src/store/index.ts'

const account = '123456789012' as AccountId // twelve digits
const start = Date.UTC(2026, 0, 1)
const names = ['GetCallerIdentity', 'AssumeRole', 'GetRole', 'CreateRole', 'ListUsers', 'RunInstances']

function event(n: number): StoredEvent {
  const name = names[n % names.length]!
  return {
    account,
    region: n % 10 === 0 ? 'eu-west-1' : 'us-east-1',
    id: crypto.randomUUID(),
    time: start + n,
    name,
    source: n % 3 === 0 ? 'iam.amazonaws.com' : 'sts.amazonaws.com',
    username: `user-${n % 50}`,
    accessKeyId: `AKIAIOSFODNN7EXAMP${String(n % 97).padStart(2, '0')}`,
    readOnly: !name.startsWith('Create'),
    errorCode: n % 20 === 0 ? 'AccessDenied' : undefined,
    resources:
      n % 2 === 0 ? [{ type: 'AWS::IAM::Role', name: `arn:aws:iam::${account}:role/role-${n % 500}` }] : [],
    json: JSON.stringify({ eventVersion: '1.11', n, padding: 'x'.repeat(900) }),
  }
}

async function timed(label: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1000
  console.log(`${label.padEnd(44)} ${Math.round(count / seconds).toLocaleString('en')}/s`)
}

/** `writers` callers, each waiting for its own answer before the next. */
async function together(
  writers: number,
  each: number,
  work: (writer: number, n: number) => Promise<unknown>,
) {
  const one = async (writer: number) => {
    for (let n = 0; n < each; n++) await work(writer, n)
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)))
}

async function commits(store: Store): Promise<void> {
  let n = 0
  for (const writers of [1, 16, 128]) {
    const each = Math.ceil(8000 / writers)
    await timed(`commits with an event, ${writers} writers`, writers * each, () =>
      together(writers, each, async (writer, i) => {
        const own = String(100_000_000_000 + writers * 1000 + writer) as AccountId // twelve digits
        const changes = [{ kind: 'role', id: `role-${i % 100}`, value: JSON.stringify({ path: '/', i }) }]
        await store.commit({ accounts: [{ account: own, revision: i, changes }], events: [event(n++)] })
      }),
    )
    await timed(`events recorded singly, ${writers} writers`, writers * each, () =>
      together(writers, each, () => store.record([event(n++)])),
    )
  }
}

async function fill(store: Store, events: number): Promise<void> {
  await timed(`events recorded, 200 at a time, to ${events}`, events, async () => {
    for (let n = 0; n < events; n += 200) {
      await store.record(Array.from({ length: Math.min(200, events - n) }, (_, i) => event(n + i)))
    }
  })
}

async function lookUps(store: Store): Promise<void> {
  const first = (await store.lookUpEvents({ account, limit: 1 })).events[0]!
  const asked: Record<string, Partial<EventQuery>> = {
    'by time': { from: start + 1000, to: start + 200_000 },
    EventId: { attribute: { key: 'EventId', value: first.id } },
    EventName: { attribute: { key: 'EventName', value: 'CreateRole' } },
    'EventName of an early hour': { attribute: { key: 'EventName', value: 'CreateRole' }, to: start + 3000 },
    'EventName, none': { attribute: { key: 'EventName', value: 'DeleteRole' } },
    EventSource: { attribute: { key: 'EventSource', value: 'iam.amazonaws.com' }, region: 'eu-west-1' },
    Username: { attribute: { key: 'Username', value: 'user-7' } },
    AccessKeyId: { attribute: { key: 'AccessKeyId', value: 'AKIAIOSFODNN7EXAMP07' } },
    ReadOnly: { attribute: { key: 'ReadOnly', value: 'false' } },
    ResourceType: { attribute: { key: 'ResourceType', value: 'AWS::IAM::Role' } },
    ResourceName: { attribute: { key: 'ResourceName', value: `arn:aws:iam::${account}:role/role-8` } },
  }
  for (const [label, query] of Object.entries(asked)) {
    let after: string | undefined
    let slowest = 0
    let found = 0
    for (let page = 0; page < 20; page++) {
      const began = performance.now()
      const answer = await store.lookUpEvents({ account, limit: 50, ...query, ...(after && { after }) })
      slowest = Math.max(slowest, performance.now() - began)
      found += answer.events.length
      after = answer.next
      if (!after) break
    }
    console.log(`${`look-up ${label}, ${found} found`.padEnd(44)} slowest page ${slowest.toFixed(1)} ms`)
  }
}

const directory = mkdtempSync(join(tmpdir(), 'omen-bench-'))
try {
  const began = performance.now()
  const store = await openSqliteStore({ file: join(directory, 'omen.sqlite') })
  console.log(`${'opened, empty'.padEnd(44)} ${(performance.now() - began).toFixed(0)} ms`)
  await commits(store)
  const memory = await openSqliteStore({ memory: true })
  console.log('in memory:')
  await commits(memory)
  await memory.close()
  const events = Number(process.argv[2] ?? 0)
  if (events > 0) {
    await fill(store, events)
    await lookUps(store)
    const again = performance.now()
    await store.close()
    console.log(`${'closed'.padEnd(44)} ${(performance.now() - again).toFixed(0)} ms`)
    const reopened = performance.now()
    const second = await openSqliteStore({ file: join(directory, 'omen.sqlite') })
    console.log(`${'opened again'.padEnd(44)} ${(performance.now() - reopened).toFixed(0)} ms`)
    await second.close()
  } else await store.close()
  console.log(`${'memory of the process'.padEnd(44)} ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`)
} finally {
  rmSync(directory, { recursive: true })
}
