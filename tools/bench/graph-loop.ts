import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Secret } from '../../packages/server/src/base/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { fill } from './graph-watch.ts'
import { line } from './policy-rate.ts'

const size = 9_900
const host = '127.0.0.1'

/**
 * How late the main thread of a server is while its watch first looks at 20,000 users and roles, beside one that does nothing. It has
 * answered calls before, and what it read to fill its account is collected, as in a server that was at rest.
 */
export async function benchLoop(): Promise<void> {
  await using server = await createOmen({
    port: false,
    seed: { users: { ops: { policies: ['AdministratorAccess'] } } },
  })
  fill(server, size)
  const { omen } = server
  await omen.deps.directory.commit([])
  // no user: the quota is used up
  const change = async (): Promise<void> => {
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    const input = { Action: 'PutUserPolicy', Version: '2010-05-08', UserName: 'ops', PolicyName: 'first' }
    const body = Buffer.from(`${new URLSearchParams({ ...input, PolicyDocument })}`)
    const headers = { host, 'content-type': 'application/x-www-form-urlencoded' }
    const request = { method: 'POST', rawPath: '/', rawQuery: '', headers, body }
    const { accessKeyId, secretAccessKey } = omen.firstKeys.admin
    const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service: 'iam' }
    const signed = signedHeaders(request, signer, Date.now())
    const answer = await omen.answer({ ...request, headers: signed, remoteAddress: host, secure: false })
    if (answer.status !== 200) throw new Error(`PutUserPolicy: ${answer.body}`)
  }
  for (let calls = 0; calls < 50; calls++) await change()
  const watch = omen.watchPaths({ refuse: false })
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  await sleep(25_000)
  const began = performance.now()
  const first = await delaysOf(async () => {
    await change()
    await watch.settled()
  })
  const idle = await delaysOf(() => sleep(performance.now() - began))
  line(
    `watch: the event loop of ${2 * size}`,
    first,
    'late: half, 99 of 100, the longest; its own processor time at once; wanted: 5 ms',
  )
  line('the same while nothing is done', idle)
}

/**
 * How late the event loop is meanwhile: half of the times, 99 of 100, the longest. And the most processor time that the thread took
 * between two of its turns: where it is late for longer, it waits for a processor.
 */
async function delaysOf(work: () => Promise<unknown>): Promise<string> {
  const resolution = 1
  const delays = monitorEventLoopDelay({ resolution })
  let before = process.threadCpuUsage()
  let most = 0
  const turns = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    most = Math.max(most, user + system)
    before = process.threadCpuUsage()
  }, resolution)
  delays.enable()
  await work()
  delays.disable()
  clearInterval(turns)
  const late = [delays.percentile(50), delays.percentile(99), delays.max].map((each) =>
    Math.max(0, each / 1e6 - resolution).toFixed(1),
  )
  return `${late.join(', ')} ms; ${(most / 1e3).toFixed(1)} ms`
}
