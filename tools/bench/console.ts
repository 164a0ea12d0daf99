import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import type { Page } from 'playwright-core'
import { openBrowser } from '../../test/support/index.ts'
import { eventFigures } from './console-events.ts'
import { longestTask } from './console-tasks.ts'

const roles = 5_000
const folder = join(import.meta.dirname, '../../packages/console/dist')

/** The console: what its first load weighs, how soon it can be used, and how it holds with many roles. */
export async function bench(): Promise<void> {
  const { first, lazy } = weights()
  say('JavaScript of the first load, gzipped', `${Math.round(first / 1_000)} KB of 420 KB`)
  say('JavaScript loaded when needed, gzipped', `${Math.round(lazy / 1_000)} KB`)
  await using omen = await createOmen({ quotas: { RolesPerAccount: roles + 1 } })
  const iam = omen.client(IAM, 'admin')
  await iam.createRole(roleNumber(0))
  const browser = await openBrowser()
  try {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(omen.endpoint + (await omen.omen.consoleLink()))
    await page.waitForSelector('.house-masks')
    const times: number[] = []
    for (let run = 0; run < 5; run++) {
      const begun = performance.now()
      await page.goto(`${omen.endpoint}/_omen/`)
      await page.waitForSelector('.house-masks')
      times.push(performance.now() - begun)
    }
    say('from the address to the picture, warm', `${middle(times)} ms of 1500 ms`)
    const base = await scriptBetweenPages(page, omen.endpoint)
    say('script from one page to another, few roles', `${base} ms of 100 ms`)
    for (let index = 1; index < roles; index += 50)
      await Promise.all(Array.from({ length: 50 }, (_, each) => iam.createRole(roleNumber(index + each))))
    const many = await scriptBetweenPages(page, omen.endpoint)
    say(`the same with ${roles} roles`, `${many} ms, ${(many / Math.max(1, base)).toFixed(1)} times`)
    const { fetch, filter, scroll } = await longestTasks(page)
    say(`longest task while ${roles} roles are fetched`, `${fetch} ms of 50 ms`)
    say(`longest task while ${roles} roles are filtered`, `${filter} ms of 50 ms`)
    say(`longest task while ${roles} roles are scrolled`, `${scroll} ms of 50 ms`)
    const { searches, live, stream } = await eventFigures(omen, browser)
    for (const [filter, time] of Object.entries(searches))
      say(`search of 100,000 events, ${filter}`, `${time} ms of 300 ms`)
    say('longest task of Events at 1,000 calls a second', `${live.task} ms of 50 ms`)
    say('rows in the page, and what its memory grew by', `${live.rows}, ${live.megabytes} MB`)
    say('longest task of the policy stream at 1,000 calls a second', `${stream.task} ms of 50 ms`)
    say('calls in the page, and what its memory grew by', `${stream.calls}, ${stream.megabytes} MB`)
  } finally {
    await browser.close()
  }
}

/** Roles of several paths, tags and kinds of trust. */
function roleNumber(number: number) {
  const principals = [{ AWS: '123456789012' }, { AWS: '210987654321' }, { Service: 'lambda.amazonaws.com' }]
  return {
    RoleName: `role-${number}`,
    Path: `/team-${number % 10}/`,
    Description: `What role ${number} is for`,
    Tags: [{ Key: 'team', Value: String(number % 100) }],
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: principals[number % principals.length], Action: 'sts:AssumeRole' },
      ],
    }),
  }
}

/** Bytes of the scripts that the page names, and of the others. */
function weights(): { readonly first: number; readonly lazy: number } {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  let first = 0
  let lazy = 0
  for (const name of readdirSync(join(folder, 'assets'))) {
    if (!name.endsWith('.js')) continue
    const size = gzipSync(readFileSync(join(folder, 'assets', name))).length
    if (html.includes(name)) first += size
    else lazy += size
  }
  return { first, lazy }
}

/**
 * Milliseconds of script that moving from Home to Roles takes, until the page has all that it asked for and is at rest;
 * the middle of several.
 */
async function scriptBetweenPages(page: Page, endpoint: string): Promise<number> {
  await page.goto(`${endpoint}/_omen/`)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' }) // time of the processor: others may use the machine
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1_000
  }
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    await page.waitForTimeout(500)
    const before = await spent()
    await page.getByRole('link', { name: 'Roles', exact: true }).click()
    await page.getByRole('link', { name: 'role-0', exact: true }).waitFor()
    await page.waitForTimeout(1_000)
    times.push((await spent()) - before)
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  }
  await session.detach()
  return middle(times)
}

/**
 * The longest task of the page in milliseconds of the processor, scripts, layout and painting alike, while the list is
 * fetched, filtered, and scrolled: a frame takes no longer.
 */
async function longestTasks(page: Page): Promise<Readonly<Record<'fetch' | 'filter' | 'scroll', number>>> {
  await page.waitForTimeout(6_000) // what Home has fetched is stale: the list is fetched anew
  const fetch = await longestTask(page, async () => {
    await page.getByRole('link', { name: 'Roles', exact: true }).click()
    await page.getByRole('link', { name: 'role-0', exact: true }).waitFor()
    await page.waitForTimeout(1_000)
  })
  const find = page.locator('main input[type="search"]').first()
  const filter = await longestTask(page, async () => {
    for (const text of ['role-49', 'team=7']) {
      await find.pressSequentially(text, { delay: 60 })
      await find.press('Control+A')
      await find.press('Delete')
    }
  })
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  await page.mouse.move(width / 2, height / 2)
  const scroll = await longestTask(page, async () => {
    for (let wheel = 0; wheel < 150; wheel++) {
      await page.mouse.wheel(0, 1_500)
      await page.waitForTimeout(16)
    }
  })
  return { fetch, filter, scroll }
}

function middle(times: readonly number[]): number {
  return Math.round([...times].sort((a, b) => a - b)[times.length >> 1] ?? 0)
}

function say(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value}\n`)
}
