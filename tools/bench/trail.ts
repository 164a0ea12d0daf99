import { setTimeout as sleep } from 'node:timers/promises'
import { parseAccountId, Secret } from '../../packages/server/src/base/index.ts'
import type { FirstKeys } from '../../packages/server/src/gate/index.ts'
import { loadModel } from '../../packages/server/src/model/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { makeEvent, shapeForEvent } from '../../packages/server/src/trail/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import {
  ask,
  type BenchedServer,
  firstLine,
  newHome,
  runScript,
  signedRequest,
  startServer,
  stopProcess,
} from './house.ts'
import { load } from './load.ts'
import { subjects, trustAccount } from './wire.ts'

const connections = 16
const roundMilliseconds = 2_500
const rounds = 3
const built = 100_000
/** Events that look-ups are timed among; `BENCH_EVENTS` says another number. */
const events = Number(process.env.BENCH_EVENTS ?? 1_000_000)
const account = parseAccountId('123456789012')!

/** What recording costs a call, and how fast the history is searched. */
export async function bench(): Promise<void> {
  buildEvents()
  await shareOfTheWire()
  await lookUps()
}

/** Building an event, without keeping it. */
function buildEvents(): void {
  const sts = loadModel('sts')
  const input = { RoleArn: `arn:aws:iam::${account}:role/bench`, RoleSessionName: 'bench' }
  const began = performance.now()
  for (let n = 0; n < built; n++) event(n, shapeForEvent(sts, 'AssumeRoleRequest', input))
  const micros = ((performance.now() - began) * 1_000) / built
  process.stdout.write(`building an event      ${micros.toFixed(1)} µs\n`)
}

/** Rates against a server that drops its events. */
async function shareOfTheWire(): Promise<void> {
  const { home, remove } = newHome()
  const server = await startServer(home)
  const silent = runScript('./silent-house.ts', home)
  const other = JSON.parse(await firstLine(silent)) as { port: number; keys: FirstKeys } // what silent-server.ts says
  try {
    for (const { port, keys } of [server, other]) {
      const parameters = {
        Action: 'CreateRole',
        Version: '2010-05-08',
        RoleName: 'bench',
        AssumeRolePolicyDocument: trustAccount,
      }
      await ask(port, signedRequest(port, keys.admin, 'iam', parameters))
    }
    for (const subject of subjects) {
      const ratios: number[] = []
      let rate = 0
      for (let round = 0; round <= rounds; round++) {
        const quiet = await rateOf(subject, other.port, other.keys)
        const full = await rateOf(subject, server.port, server.keys)
        if (round > 0) ratios.push(1 - full / quiet) // the first round warms up
        rate = Math.max(rate, full)
      }
      ratios.sort((a, b) => a - b)
      process.stdout.write(
        `keeping the events of  ${subject.name.padEnd(18)} ${(100 * ratios[1]!).toFixed(0)} % of the throughput (${Math.round(rate)}/s kept)\n`,
      )
    }
  } finally {
    await stopProcess(silent)
    await server.stop()
    remove()
  }
}

async function rateOf(subject: (typeof subjects)[number], port: number, keys: FirstKeys): Promise<number> {
  const requests = Array.from({ length: 100 }, (_, n) =>
    signedRequest(port, keys.admin, subject.service, subject.parameters, n),
  )
  return (await load(port, requests, connections, roundMilliseconds)).rate
}

/** LookupEvents over the wire, page after page, by each attribute. */
async function lookUps(): Promise<void> {
  const { home, remove } = newHome()
  try {
    await (await startServer(home)).stop()
    await fill(`${home}/omen.db`)
    const server = await startServer(home)
    await sleep(2_000)
    for (const [key, value] of attributes) await timePages(server, key, value)
    process.stdout.write(`memory                 ${server.residentMegabytes()} MB\n`)
    await server.stop()
  } finally {
    remove()
  }
}

const attributes = [
  [undefined, ''],
  ['EventName', 'CreateRole'],
  ['EventName', 'NeverCalled'],
  ['Username', 'user-7'],
  ['ReadOnly', 'false'],
  ['AccessKeyId', 'AKIAIOSFODNN7EXAMP07'],
  ['EventSource', 'iam.amazonaws.com'],
  ['ResourceType', 'AWS::IAM::Role'],
  ['ResourceName', `arn:aws:iam::${account}:role/role-78`],
  ['EventId', '00000000-0000-4000-8000-000000000777'],
] as const

async function timePages(server: BenchedServer, key: string | undefined, value: string): Promise<void> {
  const times: number[] = []
  let found = 0
  let next: string | undefined
  for (let page = 0; page < 20; page++) {
    const body = JSON.stringify({
      ...(key === undefined ? {} : { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] }),
      ...(next === undefined ? {} : { NextToken: next }),
    })
    const began = performance.now()
    const answer = await lookUp(server, body)
    times.push(performance.now() - began)
    found += answer.Events.length
    next = answer.NextToken
    if (next === undefined) break
  }
  times.sort((a, b) => a - b)
  const slowest = times.at(-1)!
  process.stdout.write(
    `LookupEvents ${`${key ?? 'by time'} ${found} found`.padEnd(28)} median ${times[Math.floor(times.length / 2)]!.toFixed(1)} ms, slowest page ${slowest.toFixed(1)} ms of ${events} events\n`,
  )
}

async function lookUp(server: BenchedServer, body: string) {
  const { accessKeyId, secretAccessKey } = server.keys.admin
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: {
      host: `127.0.0.1:${server.port}`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
    },
    body: Buffer.from(body),
  }
  const signer = {
    accessKeyId,
    secret: new Secret(secretAccessKey),
    region: 'us-east-1',
    service: 'cloudtrail',
  }
  const { host: _, ...headers } = signedHeaders(request, signer, Date.now())
  const response = await fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { Events: unknown[]; NextToken?: string } // by the model
}

async function fill(file: string): Promise<void> {
  const store = await openSqliteStore({ file })
  const began = performance.now()
  const parameters = { roleArn: `arn:aws:iam::${account}:role/bench`, roleSessionName: 'bench' }
  for (let n = 0; n < events; n += 500) {
    await store.record(Array.from({ length: Math.min(500, events - n) }, (_, i) => event(n + i, parameters)))
  }
  await store.close()
  const seconds = (performance.now() - began) / 1_000
  process.stdout.write(`filled                 ${events} events in ${seconds.toFixed(0)} s\n`)
}

const names = ['GetCallerIdentity', 'AssumeRole', 'GetRole', 'CreateRole', 'ListUsers', 'RunInstances']

function event(n: number, requestParameters: unknown) {
  const name = names[n % names.length]!
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  return makeEvent({
    account,
    id,
    time: Date.now() - (events - n) * 10,
    identity: {
      type: 'IAMUser',
      principalId: 'AIDAIOSFODNN7EXAMPLE1',
      arn: `arn:aws:iam::${account}:user/user-${n % 50}`,
      accountId: account,
      accessKeyId: `AKIAIOSFODNN7EXAMP${String(n % 97).padStart(2, '0')}`,
      userName: `user-${n % 50}`,
    },
    username: `user-${n % 50}`,
    source: n % 3 === 0 ? 'iam.amazonaws.com' : 'sts.amazonaws.com',
    name,
    region: 'us-east-1',
    sourceIp: '192.0.2.1',
    userAgent: 'aws-sdk-js/3.1 ua/2.1 os/linux lang/js md/nodejs#24.0.0 api/sts#3.1',
    requestParameters,
    responseElements: null,
    requestId: id,
    readOnly: !name.startsWith('Create'),
    resources:
      n % 2 === 0
        ? [
            {
              accountId: account,
              type: 'AWS::IAM::Role',
              ARN: `arn:aws:iam::${account}:role/role-${n % 500}`,
            },
          ]
        : [],
    type: 'AwsApiCall',
  })
}
