import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

const roles = 600
/** Rows and cards that may be drawn at once, however long the list is. */
const most = 80

describe('lists of the console', { ...needs('chromium'), timeout: 180_000 }, () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page

  before(async () => {
    omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    for (let index = 0; index < roles; index += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, each) =>
          iam.createRole({
            RoleName: `role-${String(index + each).padStart(3, '0')}`,
            Path: `/team-${(index + each) % 3}/`,
            AssumeRolePolicyDocument:
              '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
          }),
        ),
      )
    browser = await openBrowser()
    page = (await visit(browser, omen)).page
    page.setDefaultTimeout(20_000)
    await goTo(page, '/roles')
    await page.getByRole('link', { name: 'role-000' }).waitFor()
  })
  after(async () => {
    await browser?.close()
    await omen?.close()
  })

  const drawn = () => page.locator('main tbody tr[aria-rowindex]').count()

  test('a table says how many rows it has, and draws those in sight', async () => {
    const table = page.getByRole('table', { name: 'Roles' })
    assert.equal(await table.getAttribute('aria-rowcount'), String(roles + 1))
    assert.ok((await drawn()) < most)
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const last = page.getByRole('row', { name: /role-599/ })
    await last.waitFor()
    assert.equal(await last.getAttribute('aria-rowindex'), String(roles + 1))
    assert.ok((await drawn()) < most)
    await page.evaluate(() => scrollTo(0, 0))
    await page.getByRole('link', { name: 'role-000' }).waitFor()
  })

  test('sorts by a column, and back', async () => {
    const head = page.getByRole('columnheader', { name: 'Role name' })
    assert.equal(await head.getAttribute('aria-sort'), 'ascending')
    await head.getByRole('button').click()
    await page.getByRole('link', { name: 'role-599' }).waitFor()
    assert.equal(await head.getAttribute('aria-sort'), 'descending')
    await head.getByRole('button').click()
    await page.getByRole('link', { name: 'role-000' }).waitFor()
  })

  test('finds rows by any of their texts, and says how many', async () => {
    const find = page.getByRole('searchbox', { name: 'Find roles' })
    await find.fill('ROLE-59')
    await page.getByText('10 matches').first().waitFor()
    await find.fill('/team-1/role-000')
    await page.getByText('No matches').first().waitFor()
    await find.fill('')
    await page.getByRole('link', { name: 'role-000' }).waitFor()
  })

  test('draws the masks in sight alone, and says which of how many each is', async () => {
    await page.getByRole('button', { name: 'Masks', exact: true }).click()
    const cards = page.getByRole('list', { name: 'Roles' }).getByRole('listitem')
    await cards.first().waitFor()
    assert.ok((await cards.count()) < most)
    assert.equal(await cards.first().getAttribute('aria-setsize'), String(roles))
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const last = cards.filter({ hasText: 'role-599' })
    await last.waitFor()
    assert.equal(await last.getAttribute('aria-posinset'), String(roles))
    assert.ok((await cards.count()) < most)
  })

  test('fetches the masks once for all that it draws', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    for (let at = 0; at <= 20_000; at += 4_000) {
      await page.evaluate((to) => scrollTo(0, to), at)
      await page.waitForTimeout(20)
    }
    assert.equal(asked.filter((path) => path === '/_omen/api/masks').length, 0)
  })
})
