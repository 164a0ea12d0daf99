import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import type { StoredEvent } from '../../packages/server/src/store/index.ts'
import { account } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

/** Far more than a page keeps. */
const many = 6_000

describe('pages that follow what happens', { ...needs('chromium'), timeout: 180_000 }, () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page

  before(async () => {
    omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'alice' })
    browser = await openBrowser()
    page = (await visit(browser, omen)).page
    page.setDefaultTimeout(20_000)
  })
  after(async () => {
    await browser?.close()
    await omen?.close()
  })

  /** Records events as fast as they are kept, many times what one answer holds. */
  const flood = async (from: number) => {
    const { recorder, firstAccount } = omen.omen.deps
    const [made] = (await recorder.lookUp({ account: firstAccount, limit: 1 })).events
    assert.ok(made)
    for (let n = 0; n < many; n += 500) {
      recorder.add(Array.from({ length: 500 }, (_, index) => numbered(made, from + n + index)))
      await recorder.flush()
    }
  }

  test('Events keeps the newest 2,000 of what comes, and draws those in sight', async () => {
    await goTo(page, '/events')
    await page.locator('tr[data-event]').first().waitFor()
    await flood(0)
    await page.locator(`tr[data-event]:has-text("made-${many - 1}")`).waitFor()
    await page.getByText('The newest 2000 of them are kept on this page.').waitFor()
    assert.equal(
      await page.getByRole('table', { name: /^Events/ }).getAttribute('aria-rowcount'),
      String(2_000 + 1),
    )
    assert.ok((await page.locator('tr[data-event]').count()) < 80)
  })

  test('the policy stream keeps 200 calls, and at most 2,000 permissions', async () => {
    await goTo(page, '/stream')
    await page.getByText('Waiting for calls.').waitFor()
    await page.waitForTimeout(300)
    await flood(many)
    await page.locator('.stream-calls li').nth(199).waitFor()
    await page.locator('[data-policy]', { hasText: 'made-' }).waitFor()
    assert.equal(await page.locator('.stream-calls li').count(), 200)
    await page.getByText('2000 permissions').first().waitFor()
  })

  test('what Home asks for itself is no event, and its answers are small whatever happens', async () => {
    await goTo(page, '/')
    const sizes: number[] = []
    page.on('response', (response) => {
      if (response.url().includes('/_omen/api/happenings'))
        void response.body().then(({ length }) => sizes.push(length))
    })
    await flood(2 * many)
    while (sizes.length < 2) await page.waitForTimeout(100)
    assert.ok(Math.max(...sizes) < 4_000, `${sizes}`)
    const { firstAccount, recorder } = omen.omen.deps
    const { events } = await recorder.lookUp({ account: firstAccount, limit: 1_000 })
    assert.ok(events.every(({ id }) => id.startsWith('00000000')))
  })
})

/** An event like another, of a number of its own. */
function numbered(like: StoredEvent, n: number): StoredEvent {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const resource = `arn:aws:iam::${account}:user/made-${n}`
  const record = JSON.parse(like.json) as object
  return {
    ...like,
    id,
    name: 'CreateUser',
    resources: [{ type: 'AWS::IAM::User', name: resource }],
    asked: [{ action: 'iam:CreateUser', resource }],
    json: JSON.stringify({ ...record, eventID: id, requestID: id }),
  }
}
