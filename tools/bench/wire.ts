import { setTimeout as sleep } from 'node:timers/promises'
import type { PlainKey } from '../../packages/server/src/gate/index.ts'
import {
  ask,
  firstLine,
  newHome,
  runScript,
  signedCall,
  signedRequest,
  startServer,
  stopProcess,
} from './house.ts'
import { type LoadResult, load, loadByClients } from './load.ts'

const connections = 32
const roundMilliseconds = 2_000
const rounds = 3
const signedVariants = 200

/** What is asked of the server. */
export interface Subject {
  readonly name: string
  readonly service: string
  readonly parameters: Readonly<Record<string, string>>
}

export const subjects: readonly Subject[] = [
  {
    name: 'GetCallerIdentity',
    service: 'sts',
    parameters: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  },
  {
    name: 'AssumeRole',
    service: 'sts',
    parameters: {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/bench',
      RoleSessionName: 'bench',
    },
  },
  {
    name: 'GetRole',
    service: 'iam',
    parameters: { Action: 'GetRole', Version: '2010-05-08', RoleName: 'bench' },
  },
]

/** The trust policy of the roles that benches ask about: the account. */
export const trustAccount = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
})

/** Signed, verified, authorised and recorded calls against a bare node:http server that answers the same bytes. */
export async function bench(): Promise<void> {
  const { home, remove } = newHome()
  await (await startServer(home)).stop() // what a first start compiles is compiled
  remove()
  const empty = newHome()
  const server = await startServer(empty.home)
  try {
    process.stdout.write(
      `start to first answer  ${server.startMilliseconds.toFixed(0)} ms (empty home, on disk)\n`,
    )
    await sleep(1_000)
    process.stdout.write(`idle memory            ${server.residentMegabytes()} MB\n`)
    const parameters = {
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'bench',
      AssumeRolePolicyDocument: trustAccount,
    }
    await ask(server.port, signedRequest(server.port, server.keys.admin, 'iam', parameters))
    for (const subject of subjects) await compare(subject, server.port, server.keys.admin)
    process.stdout.write(`memory after load      ${server.residentMegabytes()} MB\n`)
  } finally {
    await server.stop()
    empty.remove()
  }
}

/**
 * The server and the bare server in turn, the median ratio of the rounds: once under an ordinary client
 * (node:http), once under prepared bytes on bare sockets. The second is the harder: it keeps the bare server so
 * busy that it never waits for its client, while a server with any work of its own must wake it for each answer.
 */
export async function compare(subject: Subject, port: number, key: PlainKey): Promise<void> {
  const { name, service, parameters } = subject
  const variants = Array.from({ length: signedVariants }, (_, i) => i)
  const calls = variants.map((i) => signedCall(port, key, service, parameters, i))
  const requests = variants.map((i) => signedRequest(port, key, service, parameters, i))
  const bare = runScript('./bare-server.ts', JSON.stringify(answerOf(await ask(port, requests[0]!))))
  const barePort = Number(await firstLine(bare))
  await load(port, requests, connections, 1_000) // warm up
  await against(
    `${name}, node:http client`,
    (at) => loadByClients(at, calls, connections, roundMilliseconds),
    port,
    barePort,
  )
  await against(
    `${name}, bare sockets`,
    (at) => load(at, requests, connections, roundMilliseconds),
    port,
    barePort,
  )
  await stopProcess(bare)
}

async function against(
  label: string,
  drive: (port: number) => Promise<LoadResult>,
  port: number,
  barePort: number,
): Promise<void> {
  const ratios: number[] = []
  const servers: LoadResult[] = []
  const baselines: LoadResult[] = []
  for (let round = 0; round < rounds; round++) {
    const baseline = await drive(barePort)
    const server = await drive(port)
    ratios.push(server.rate / baseline.rate)
    servers.push(server)
    baselines.push(baseline)
  }
  const rate = (results: readonly LoadResult[]) => Math.round(median(results.map((each) => each.rate)))
  const p99 = median(servers.map((each) => each.p99)).toFixed(1)
  const failures = servers.reduce((sum, each) => sum + each.failures, 0)
  process.stdout.write(
    `${label.padEnd(38)} ${median(ratios).toFixed(3)} of bare node:http  (${rate(servers)}/s of ${rate(baselines)}/s, p99 ${p99} ms, ${failures} failures)\n`,
  )
}

/** Headers and body of an answer, without those that a server makes anew each time. */
function answerOf(answer: string): { readonly headers: Record<string, string>; readonly body: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const lines = head.split('\r\n').slice(1)
  const headers = lines
    .map((line): readonly [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 2),
    ])
    .filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name.toLowerCase()))
  return { headers: Object.fromEntries(headers), body }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
