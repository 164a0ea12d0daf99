import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import {
  type EventQuery,
  type Lineage,
  newLineage,
  openSqliteStore,
  type SqliteStore,
  type Store,
  type StoredEvent,
} from '../../packages/server/src/store/index.ts'

/** Look-ups are timed among so many events. */
const eventsKept = 1_000_000

/** The account of all events. */
export const account = '123456789012' as AccountId // twelve digits
const start = Date.UTC(2026, 0, 1)
const names = ['GetCallerIdentity', 'AssumeRole', 'GetRole', 'CreateRole', 'ListUsers', 'RunInstances']

/** An event as long and as random as those of the trail. */
export function event(n: number): StoredEvent {
  const name = names[n % names.length]!
  const found = {
    account,
    region: n % 10 === 0 ? 'eu-west-1' : 'us-east-1',
    id: crypto.randomUUID(),
    time: start + n,
    name,
    source: n % 3 === 0 ? 'iam.amazonaws.com' : 'sts.amazonaws.com',
    username: `user-${n % 50}`,
    accessKeyId: `AKIAIOSFODNN7EXAMP${String(n % 100).padStart(2, '0')}`, // each user has two
    readOnly: !name.startsWith('Create'),
    errorCode: n % 20 === 0 ? 'AccessDenied' : undefined,
    resources:
      n % 2 === 0 ? [{ type: 'AWS::IAM::Role', name: `arn:aws:iam::${account}:role/role-${n % 500}` }] : [],
    json: '',
  }
  return { ...found, json: recordOf(found) }
}

/** A record as long and as random as the trail's are: a third of the calls make credentials. */
function recordOf({ id, name, username, accessKeyId, resources }: StoredEvent): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/${username}`, accessKeyId },
    eventName: name,
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27 os/linux#6.1 md/arch#x86_64 lang/python#3.13.4 md/prompt#off',
    requestParameters: { resources, description: 'a role that a bench has made, as anyone would make one' },
    responseElements: name === 'AssumeRole' ? { sessionToken: randomBytes(600).toString('base64') } : null,
    requestID: crypto.randomUUID(),
    eventID: id,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  })
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
  const states = new Map<AccountId, Lineage>()
  for (const writers of [1, 16, 128]) {
    const each = Math.ceil(8000 / writers)
    await timed(`commits with an event, ${writers} writers`, writers * each, () =>
      together(writers, each, async (writer, i) => {
        const own = String(100_000_000_000 + writers * 1000 + writer) as AccountId // twelve digits
        const changes = [{ kind: 'role', id: `role-${i % 100}`, value: JSON.stringify({ path: '/', i }) }]
        const next = newLineage()
        const base = states.get(own)
        states.set(own, next)
        await store.commit({ accounts: [{ account: own, base, next, changes }], events: [event(n++)] })
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

/** Prints how long pages of look-ups take, by each attribute. */
export async function lookUps(store: Store): Promise<void> {
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

/** What the store's thread does for an event, syncs included: processor time, not waiting. */
async function ownTime(store: SqliteStore): Promise<void> {
  for (const batch of [1, 8, 16, 200, 600]) {
    const events = Math.min(60_000, batch * 1000)
    const before = await store.processorTime()
    for (let n = 0; n < events; n += batch) {
      const made = Array.from({ length: batch }, (_, i) => event(n + i))
      // Few come one by one, as answers wait for them; many come together, from the recorder.
      await Promise.all(batch > 16 ? [store.record(made)] : made.map((one) => store.record([one])))
    }
    const spent = (await store.processorTime()) - before
    console.log(
      `${`the thread's own time, ${batch} at once`.padEnd(44)} ${(spent / events).toFixed(1)} µs an event`,
    )
  }
}

/** Figures of the store: what commits and events cost, and how fast the history is searched. */
export async function bench(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  try {
    const file = join(directory, 'omen.sqlite')
    const store = await clocked('opened, empty', () => openSqliteStore({ file }))
    await commits(store)
    const memory = await openSqliteStore({ memory: true })
    console.log('in memory:')
    await commits(memory)
    await memory.close()
    await ownTime(store)
    await fill(store, eventsKept)
    await lookUps(store)
    await clocked('closed', () => store.close())
    console.log(`${'size of the file'.padEnd(44)} ${Math.round(statSync(file).size / 2 ** 20)} MiB`)
    const second = await clocked('opened again', () => openSqliteStore({ file }))
    await second.close()
    console.log(
      `${'memory of the process'.padEnd(44)} ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function clocked<T>(label: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const done = await work()
  console.log(`${label.padEnd(44)} ${(performance.now() - began).toFixed(0)} ms`)
  return done
}
