import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import type { Page } from 'playwright-core'
import { openBrowser } from '../../test/support/index.ts'

const roles = 5_000
const folder = join(import.meta.dirname, '../../packages/console/dist')

/** The console: what its first load weighs, how soon it can be used, and how it holds with many roles. */
export async function bench(): Promise<void> {
  const { first, lazy } = weights()
  say('JavaScript of the first load, gzipped', `${Math.round(first / 1_000)} KB of 420 KB`)
  say('JavaScript loaded when needed, gzipped', `${Math.round(lazy / 1_000)} KB`)
  await using omen = await createOmen({ quotas: { RolesPerAccount: roles + 1 } })
  const iam = omen.client(IAM, 'admin')
  const document =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}'
  await iam.createRole({ RoleName: 'role-first', AssumeRolePolicyDocument: document })
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
    for (let index = 0; index < roles; index += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, each) =>
          iam.createRole({ RoleName: `role-${index + each}`, AssumeRolePolicyDocument: document }),
        ),
      )
    const many = await scriptBetweenPages(page, omen.endpoint)
    say(`the same with ${roles} roles`, `${many} ms, ${(many / Math.max(1, base)).toFixed(1)} times`)
    say(`longest task while ${roles} roles are filtered and scrolled`, `${await longestTask(page)} ms`)
  } finally {
    await browser.close()
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

/** Milliseconds of script, style and layout that moving between Home and Roles takes, the middle of several. */
async function scriptBetweenPages(page: Page, endpoint: string): Promise<number> {
  await page.goto(`${endpoint}/_omen/`)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1_000
  }
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const before = await spent()
    await page.getByRole('link', { name: 'Roles', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: /^Roles/ }).waitFor()
    times.push((await spent()) - before)
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  }
  await session.detach()
  return middle(times)
}

async function longestTask(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Roles', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: /^Roles/ }).waitFor()
  await page.waitForTimeout(3_000)
  await page.evaluate(() => {
    const seen = window as unknown as { longest: number } // set here
    seen.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration)
    }).observe({ type: 'longtask' })
  })
  await page.locator('main input').first().pressSequentially('role-49', { delay: 60 })
  for (let wheel = 0; wheel < 20; wheel++) await page.mouse.wheel(0, 400)
  await page.waitForTimeout(500)
  // the observer above set it
  return Math.round(await page.evaluate(() => (window as unknown as { longest: number }).longest))
}

function middle(times: readonly number[]): number {
  return Math.round([...times].sort((a, b) => a - b)[times.length >> 1] ?? 0)
}

function say(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value}\n`)
}
