import type { RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import type { StoredEvent } from '../../packages/server/src/store/index.ts'
import { makeEvent } from '../../packages/server/src/trail/index.ts'
import { longestTask } from './console-tasks.ts'

const kept = 100_000
const perSecond = 1_000
const seconds = 10
const account = parseAccountId('123456789012')!

export interface EventFigures {
  /** Milliseconds of the processor that each search takes. */
  readonly searches: Readonly<Record<string, number>>
  /** The longest task while calls came, in milliseconds, and what the page kept of them. */
  readonly live: { readonly task: number; readonly rows: number; readonly megabytes: number }
  readonly stream: { readonly task: number; readonly calls: number; readonly megabytes: number }
}

/** How long 100,000 events are searched, and how the pages that follow events hold at 1,000 calls a second. */
export async function eventFigures(omen: RunningOmen, browser: Browser): Promise<EventFigures> {
  const { recorder } = omen.omen.deps
  for (let n = 0; n < kept; n += 500) {
    recorder.add(Array.from({ length: 500 }, (_, index) => event(n + index)))
    await recorder.flush()
  }
  const searches: Record<string, number> = {}
  for (const filter of [
    'text=role-77',
    'who=user-7&errors=1',
    'text=never-said',
    'name=CreateRole&resource=role-78',
  ])
    searches[filter] = await timeOfSearch(omen, filter)
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(omen.endpoint + (await omen.omen.consoleLink()))
  await page.waitForURL((url) => url.pathname === '/_omen/')
  const live = await underLoad(omen, page, '/events?reads=1', 'tr[data-event]')
  const stream = await underLoad(omen, page, '/stream', '.stream-calls li')
  await context.close()
  const figures = ({ task, count, megabytes }: Load) => ({ task, megabytes, count })
  return {
    searches,
    live: { ...figures(live), rows: live.count },
    stream: { ...figures(stream), calls: stream.count },
  }
}

/** Processor time of a search, the request and the answer included; the least of five. */
async function timeOfSearch(omen: RunningOmen, filter: string): Promise<number> {
  const admin = omen.as('admin')
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const before = process.cpuUsage()
    const answer = await admin.fetch(`${omen.endpoint}/_omen/api/events?${filter}`, { service: 'omen' })
    await answer.text()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1_000)
  }
  return Math.round(Math.min(...times))
}

interface Load {
  readonly task: number
  readonly count: number
  readonly megabytes: number
}

async function underLoad(omen: RunningOmen, page: Page, path: string, rows: string): Promise<Load> {
  await page.goto(`${omen.endpoint}/_omen${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForTimeout(1_000)
  const before = await heap(page)
  const task = await longestTask(page, async () => {
    let n = kept
    const timer = setInterval(() => {
      omen.omen.deps.recorder.add(Array.from({ length: perSecond / 20 }, () => event(n++)))
    }, 50)
    await page.waitForTimeout(seconds * 1_000)
    clearInterval(timer)
  })
  await page.waitForTimeout(1_000)
  const grown = (await heap(page)) - before
  return { task, count: await page.locator(rows).count(), megabytes: Math.round(grown / 100_000) / 10 }
}

/** Bytes of the page's JavaScript that are in use. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

const names = ['GetCallerIdentity', 'AssumeRole', 'GetRole', 'CreateRole', 'ListUsers', 'PutRolePolicy']

function event(n: number): StoredEvent {
  const name = names[n % names.length]!
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const made = makeEvent({
    account,
    id,
    time: Date.now(),
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
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/bench`, roleSessionName: 'bench' },
    responseElements: null,
    requestId: id,
    readOnly: !/^(?:Create|Put)/.test(name),
    resources: [
      { accountId: account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${account}:role/role-${n % 500}` },
    ],
    type: 'AwsApiCall',
    ...(n % 40 === 0 ? { errorCode: 'AccessDenied', errorMessage: 'User is not authorized' } : {}),
  })
  return {
    ...made,
    asked: [{ action: `iam:${name}`, resource: `arn:aws:iam::${account}:role/role-${n % 500}` }],
  }
}
