import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret } from '../../packages/server/src/base/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { fill } from './graph-watch.ts'
import { line } from './policy-rate.ts'

const size = 9_900
const host = '127.0.0.1'

/** How late the main thread of a server is while its watch first looks at 20,000 users and roles, beside one that does nothing. */
export async function benchLoop(): Promise<void> {
  await using server = await createOmen({
    port: false,
    seed: { users: { ops: { policies: ['AdministratorAccess'] } } },
  })
  fill(server, size)
  const { omen } = server
  await omen.deps.directory.commit([])
  const watch = omen.watchPaths({ refuse: false })
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
  await sleep(5_000)
  const began = performance.now()
  const first = await delaysOf(async () => {
    await change()
    await watch.settled()
  })
  const idle = await delaysOf(() => sleep(performance.now() - began))
  line(`watch: the event loop of ${2 * size}`, first, 'late: half, 99 of 100, the longest; wanted: 5 ms')
  line('the same while nothing is done', idle)
}

/** How late the event loop is meanwhile: half of the times, 99 of 100, the longest. */
async function delaysOf(work: () => Promise<unknown>): Promise<string> {
  const resolution = 1
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  await work()
  delays.disable()
  const late = [delays.percentile(50), delays.percentile(99), delays.max].map(
    (each) => each / 1e6 - resolution,
  )
  return `${late.map((each) => Math.max(0, each).toFixed(1)).join(', ')} ms`
}
