/**
 * `npm run picture`: draws the mask room of the README, in English and Japanese, from a furnished server. The same seed
 * and clock give the same ids, and so the same masks.
 */
import { writeFileSync } from 'node:fs'
import { createOmen } from 'omen-iam'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../test/support/index.ts'
import { furnish } from './picture/house.ts'

const now = Date.parse('2026-11-02T09:30:00Z')
/** Bytes that a picture may have. */
const most = 200_000

const browser = await openBrowser()
try {
  for (const [language, file] of [
    ['en-US', 'mask-room.png'],
    ['ja-JP', 'mask-room.ja.png'],
  ] as const) {
    const picture = await drawn(browser, language)
    if (picture.length > most) throw new Error(`${file} has ${picture.length} bytes`)
    writeFileSync(new URL(`../docs/${file}`, import.meta.url), picture)
    process.stdout.write(`docs/${file} ${picture.length} bytes\n`)
  }
} finally {
  await browser.close()
}

async function drawn(browser: Browser, locale: string): Promise<Buffer> {
  await using omen = await createOmen({ randomSeed: 'mask room', now })
  await furnish(omen)
  const context = await browser.newContext({
    viewport: { width: 1_240, height: 960 },
    locale,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  })
  await context.clock.setFixedTime(omen.clock.now())
  const page = await context.newPage()
  const link = await omen.omen.consoleLink('alice')
  if (link === undefined) throw new Error('the console is not built: node scripts/setup.mjs')
  await page.goto(omen.endpoint + link)
  await page.waitForSelector('.house-masks')
  await page.goto(`${omen.endpoint}/_omen/switchrole?roleName=deployer&displayName=Deploy&color=99BCE3`)
  await page.locator('main button[type=submit]').click()
  await page.waitForSelector('.house-avatar')
  await page.waitForSelector('.house-figure a')
  await page.getByRole('button', { name: /^(?:Close navigation|ナビゲーションを閉じる)$/ }).click()
  await page.waitForTimeout(1_500)
  return page.screenshot()
}
