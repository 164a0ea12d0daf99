import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { furnish } from '../../tools/picture/house.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

describe('the key screens, by the keyboard alone', { ...needs('chromium'), timeout: 180_000 }, () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page

  before(async () => {
    omen = await createOmen()
    await furnish(omen)
    browser = await openBrowser()
    page = (await visit(browser, omen)).page
    page.setDefaultTimeout(20_000)
  })
  after(async () => {
    await browser?.close()
    await omen?.close()
  })

  /** Presses Tab until something of this name has the focus. */
  const tabTo = async (name: RegExp, key = 'Tab', on = page) => {
    const seen: string[] = []
    for (let step = 0; step < 120; step++) {
      await on.keyboard.press(key)
      const label = await on.evaluate(() => {
        const at = document.activeElement
        if (!(at instanceof HTMLElement)) return ''
        const { labels } = at as HTMLInputElement
        const words = [
          ...[...(labels ?? [])].map(({ textContent }) => textContent),
          at.getAttribute('aria-label'),
          at.textContent,
        ]
        return words
          .filter((word) => word)
          .join(' ')
          .trim()
      })
      if (name.test(label)) return
      seen.push(label.slice(0, 40))
    }
    assert.fail(`${name} is not reached: ${seen.join(' | ')}`)
  }
  const press = (...keys: readonly string[]) => each(keys, (key) => page.keyboard.press(key))
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

  test('sign-in', async () => {
    const context = await browser.newContext()
    const door = await context.newPage()
    await door.goto(`${omen.endpoint}/_omen/`)
    await door.getByLabel('Account ID or alias').waitFor()
    await tabTo(/^Account ID or alias/, 'Tab', door)
    await door.keyboard.type('123456789012')
    await tabTo(/^User name/, 'Tab', door)
    await door.keyboard.type('alice')
    await tabTo(/^Password/, 'Tab', door)
    await door.keyboard.type('Correct-Horse-7')
    await door.keyboard.press('Enter')
    await door.getByRole('banner').getByRole('button', { name: 'Account menu: alice' }).waitFor()
    await context.close()
  })

  test('home: from the picture to a mask', async () => {
    await goTo(page, '/')
    await page.locator('.house-masks').first().waitFor()
    await tabTo(/^deployer/)
    await press('Enter')
    await heading('deployer')
  })

  test('a role: one of its policies is edited, and saved', async () => {
    await goTo(page, '/roles/deployer')
    await heading('deployer')
    await tabTo(/^deploy \{/)
    await press('Control+a')
    await page.keyboard.insertText(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListRoles","cloudtrail:LookupEvents","sts:AssumeRole"],"Resource":"*"}]}',
    )
    await press('Escape', 'Escape') // closes what completes
    await tabTo(/^Save changes/)
    await press('Enter')
    await page.getByText('The policy is saved.').waitFor()
    const { PolicyDocument } = await omen
      .client(IAM, 'admin')
      .getRolePolicy({ RoleName: 'deployer', PolicyName: 'deploy' })
    assert.match(decodeURIComponent(PolicyDocument ?? ''), /iam:ListRoles/)
  })

  test('events: from row to row, into one, and to its reason', async () => {
    await goTo(page, '/events?errors=1')
    await page.locator('tr[data-event]').first().waitFor()
    await tabTo(/AccessDenied/)
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-event'))
    await press('ArrowDown')
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-event') !== id, first)
    await press('Enter')
    await page.getByText('Who really acted').waitFor()
    await press('Tab')
    await tabTo(/^Why/)
    await press('Enter')
    await heading(/^Why/)
  })

  test('why: from gate to gate, and what a change would allow', async () => {
    await goTo(page, '/d/last')
    await heading(/^Why: Denied/)
    await tabTo(/Stopped here/)
    await press('Enter')
    await tabTo(/^Preview/)
    await press('Enter')
    await page.locator('.preview').first().waitFor()
  })

  test('switch role, and back', async () => {
    const alice = await visit(browser, omen, { as: 'alice', path: '/switchrole' })
    const on = alice.page
    await on.getByRole('combobox', { name: 'Role', exact: true }).waitFor()
    await tabTo(/^Role\b/, 'Tab', on)
    await on.keyboard.type('deployer')
    await on.keyboard.press('Escape')
    await tabTo(/^Switch role/, 'Tab', on)
    await on.keyboard.press('Enter')
    await on.getByRole('banner').getByText('deployer alice').waitFor()
    await on.keyboard.press('Alt+b')
    await on.getByRole('banner').getByRole('button', { name: 'Account menu: alice' }).waitFor()
    assert.deepEqual(alice.errors, [])
    await alice.context.close()
  })
})

async function each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await run(item)
}
