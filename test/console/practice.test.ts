import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import type { AxeResults } from 'axe-core'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { ShiftedClock } from '../../packages/server/src/base/index.ts'
import { practiceIn } from '../learn/practice-parts.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const statement = {
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: 'arn:aws:iam::123456789012:role/web',
  Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
}
const passing = (changed: object) =>
  JSON.stringify(['AmazonEC2FullAccess', { Version: '2012-10-17', Statement: { ...statement, ...changed } }])

describe('Practice, by the keyboard alone', { ...needs('chromium'), timeout: 240_000 }, () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page
  let errors: string[]
  const clock = new ShiftedClock()
  const { practice } = practiceIn(clock)

  before(async () => {
    omen = await createOmen()
    omen.omen.practice.ask = (question) => practice.answer(question)
    browser = await openBrowser()
    const visited = await visit(browser, omen)
    page = visited.page
    errors = visited.errors
    page.setDefaultTimeout(20_000)
    await page.evaluate(`${axe};undefined`)
  })
  after(async () => {
    await browser?.close()
    await practice.close()
    await omen?.close()
  })

  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** Presses Tab until something of this name has the focus. */
  const tabTo = async (name: RegExp) => {
    for (let step = 0; step < 120; step++) {
      await press('Tab')
      const label = await page.evaluate(() => {
        const at = document.activeElement
        return `${at?.getAttribute('aria-label') ?? ''} ${at?.textContent ?? ''}`.trim()
      })
      if (name.test(label)) return
    }
    assert.fail(`${name} is not reached`)
  }
  const heading = (name: string | RegExp, level = 1) => page.getByRole('heading', { level, name }).waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  /** What axe finds on the page as it is, in light and in dark, and what is wider than a narrow screen. */
  const flaws = async () => {
    const found: string[] = []
    const violations = async (only?: string) => {
      const results = await page.evaluate(
        (rule) =>
          (
            window as unknown as { axe: { run(context: string, options: object): Promise<AxeResults> } }
          ).axe.run('main', {
            resultTypes: ['violations'],
            preload: false,
            ...(rule === undefined ? {} : { runOnly: [rule] }),
          }),
        only,
      )
      for (const { id, nodes } of results.violations)
        found.push(`${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
    }
    await violations()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('button', { name: /Use dark mode|ダークモード/ }).click()
    await violations('color-contrast')
    await page.getByRole('button', { name: /Use light mode|ライトモード/ }).click()
    await page.setViewportSize({ width: 320, height: 800 })
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond > 0) found.push(`${beyond} pixels beyond 320`)
    await page.setViewportSize({ width: 1_280, height: 900 })
    return found
  }
  const write = async (text: string) => {
    await press('Control+a')
    await page.keyboard.insertText(text)
    await press('Escape')
  }

  test('a first lesson is two keys from home: predicted, contradicted, mended, solved', async () => {
    await tabTo(/^Practice: a first lesson/)
    await press('Enter')
    await heading('Practice')
    await tabTo(/^Full access cannot hand over a mask/)
    await press('Enter')
    await heading(/Full access cannot hand over a mask/)
    await page.getByText('Who may wear it').first().waitFor()
    assert.deepEqual(await flaws(), [])
    await press('1')
    await tabTo(/I am sure|^$/)
    await page.getByRole('checkbox', { name: 'I am sure' }).focus()
    await press('Space')
    await tabTo(/^Answer$/)
    await press('Enter')
    await page.getByText('It is otherwise').waitFor()
    assert.equal(await focused(), 'What the engine says')
    await page
      .getByText(/because no identity-based policy allows the iam:PassRole action/)
      .first()
      .waitFor()
    assert.deepEqual(await flaws(), [])
    await page.locator('.cm-content').focus()
    await write(passing({ Resource: '*', Condition: {} }))
    await press('Control+s')
    await page.getByText(/^It launches/).waitFor()
    await page.locator('.lesson-verdict b', { hasText: /^\d of 6 hold$/ }).waitFor()
    await page.getByText(/^Check 1, 2.* now holds\. \d of 6 hold$/).waitFor({ state: 'attached' })
    assert.deepEqual(await flaws(), [])
    await page.locator('.cm-content').focus()
    await write('[')
    await press('Control+s')
    await page.getByText('AWS refuses it').waitFor()
    await page.locator('.cm-content').focus()
    await write(passing({}))
    await press('Control+s')
    await heading('Solved', 2)
    assert.equal(await focused(), 'Solved')
    await page.getByText('both (and were sure)').last().waitFor()
    assert.deepEqual(await flaws(), [])
    await tabTo(/^All lessons/)
    await press('Enter')
    await heading('Practice')
    await page.locator('.lesson-list li', { hasText: 'Full access' }).getByText('Solved').waitFor()
  })

  test('hints by a key, the solution after three, and calls that are judged as they are made', async () => {
    await goTo(page, '/learn/the-mask-in-the-hand')
    await press('2', 'Enter')
    await heading('The task', 2)
    await page.getByRole('button', { name: 'Solution' }).click()
    await page.getByText('The solution comes after three hints').waitFor()
    for (const number of [1, 2, 3]) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
      await press('h')
      await page.getByText(`Hint ${number} of 3`).waitFor()
    }
    await page.getByRole('button', { name: 'Solution' }).click()
    await page.getByText('The shortest solution').waitFor()
    await page.getByRole('button', { name: /^user.dev calls sts:AssumeRole/ }).press('Enter')
    await page.getByText('It works.').waitFor()
    await page.getByRole('button', { name: 'Show the newest events' }).press('Enter')
    await page.getByRole('button', { name: /^AssumeRole/ }).waitFor()
    await page.getByRole('button', { name: /^the avatar calls iam:ListUsers/ }).press('Enter')
    await heading('Solved', 2)
    assert.deepEqual(await flaws(), [])
    await goTo(page, '/learn/a-ceiling-gives-nothing')
    await press('1', 'Enter')
    await page.getByRole('button', { name: 'The gates of this answer' }).first().press('Enter')
    await page.locator('.gates').first().waitFor()
    assert.deepEqual(await flaws(), [])
  })

  test('the next day it comes back in other clothes, in Japanese too; a chapter is skipped by its task', async () => {
    clock.advance(86_400_000)
    await page.getByRole('button', { name: '日本語' }).click()
    await goTo(page, '/learn')
    await heading('稽古')
    await page.getByText('おさらいするレッスンが 2 件あります').waitFor()
    assert.deepEqual(await flaws(), [])
    await page.getByRole('button', { name: 'おさらい' }).press('Enter')
    await heading('おさらい')
    await page.getByText('見る前に、言ってみる').waitFor()
    await press('1', 'Enter')
    await page.getByText('覚えること').waitFor()
    assert.deepEqual(await flaws(), [])
    await goTo(page, '/learn')
    await page.getByRole('button', { name: /この章を飛ばす: 渡す/ }).press('Enter')
    await heading('課題', 2)
    assert.equal(await page.getByText('見る前に、言ってみる').count(), 0)
    const download = page.waitForEvent('download')
    await goTo(page, '/learn')
    await page.getByRole('button', { name: '進み具合を書き出す' }).press('Enter')
    assert.equal((await download).suggestedFilename(), 'omen-learn.json')
    assert.deepEqual(errors, [])
  })
})
