import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

const account = '123456789012'
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource })
const trust = policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' })

const words = {
  en: {
    menu: /Account menu/,
    empty: 'No masks yet',
    switchRole: 'Switch role',
    switchBack: /^Switch back/,
    chain: /^Chain a role/,
    unchain: /one step/,
    role: 'Role',
    displayName: 'Display name',
    hatch: /hatch the line/,
    allowed: /may ask for this role/,
    once: /They do not add up/,
    hour: /one hour at most/,
    chainRole: 'Chain role',
    putOn: 'alice put on deployer',
  },
  ja: {
    menu: /アカウントメニュー/,
    empty: 'お面はまだありません',
    switchRole: 'ロールの切り替え',
    switchBack: /^スイッチバック/,
    chain: /^ロールを連鎖する/,
    unchain: /ひとつ前の/,
    role: 'ロール',
    displayName: '表示名',
    hatch: /斜線を入れる/,
    allowed: /このロールを頼めます/,
    once: /足し算にはなりません/,
    hour: /長くても 1 時間/,
    chainRole: 'ロールを連鎖する',
    putOn: 'alice が deployer をかぶりました',
  },
} as const

suite('the story of the masks, clicked through', { ...needs('chromium'), timeout: 120_000 }, () => {
  let browser: Browser
  let omen: RunningOmen
  before(async () => {
    browser = await openBrowser()
  })
  after(async () => {
    await omen?.close()
    await browser?.close()
  })

  const choose = async (page: Page, menu: RegExp, item: string | RegExp) => {
    await page.getByRole('banner').getByRole('button', { name: menu }).click()
    await page.getByRole('menuitem', { name: item }).first().click()
  }

  for (const language of ['en', 'ja'] as const)
    test(`in ${language}: an empty house, a mask, a switch, a chain, and back`, async () => {
      const t = words[language]
      await omen?.close()
      omen = await createOmen()
      const iam = omen.client(IAM, 'admin')
      const admin = await visit(browser, omen, { language })
      admin.page.setDefaultTimeout(10_000)
      await admin.page.getByText(t.empty).waitFor()
      await iam.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trust })
      await iam.createRole({ RoleName: 'auditor', AssumeRolePolicyDocument: trust })
      await iam.putRolePolicy({
        RoleName: 'deployer',
        PolicyName: 'p',
        PolicyDocument: policy(allow('iam:ListRoles'), allow('sts:AssumeRole', '*')),
      })
      await iam.createUser({ UserName: 'alice' })
      await iam.createLoginProfile({ UserName: 'alice', Password: 'Correct-Horse-7' })
      await iam.putUserPolicy({
        UserName: 'alice',
        PolicyName: 'p',
        PolicyDocument: policy(
          allow(['iam:ListRoles', 'iam:ListUsers', 'cloudtrail:LookupEvents']),
          allow('sts:AssumeRole', `arn:aws:iam::${account}:role/deployer`),
        ),
      })
      // what happens in the house is seen to happen
      await admin.page
        .getByRole('link', { name: /^deployer/ })
        .first()
        .waitFor()

      const { page, errors } = await visit(browser, omen, { as: 'alice', language })
      page.setDefaultTimeout(10_000)
      const bar = page.getByRole('banner')
      await choose(page, t.menu, t.switchRole)
      await page.getByRole('combobox', { name: t.role, exact: true }).fill('deployer')
      await page.getByText(t.allowed).waitFor()
      await page.getByLabel(t.displayName).fill('Deploy')
      await page.getByLabel(t.hatch).check()
      await page.getByRole('main').getByRole('button', { name: t.switchRole }).first().click()
      await bar.getByText('Deploy ← alice').waitFor()
      await page.getByText(t.once).waitFor()
      await admin.page.getByText(t.putOn).waitFor()
      await page.reload()
      await bar.getByText('Deploy ← alice').waitFor()
      assert.equal(await bar.locator('.top-bar-line.is-hatched').count(), 1)
      assert.match(
        (await page.locator('link[rel=icon]').getAttribute('href')) ?? '',
        /^data:image\/svg\+xml,/,
      )
      // what alice may do, the mask may not
      await goTo(page, '/users')
      await page
        .getByText(/assumed-role\/deployer\/alice is not authorized to perform: iam:ListUsers/)
        .waitFor()

      await choose(page, t.menu, t.chain)
      await page.getByText(t.hour).first().waitFor()
      await page.getByRole('combobox', { name: t.role, exact: true }).fill('auditor')
      await page.keyboard.press('Escape')
      await page.getByRole('main').getByRole('button', { name: t.chainRole }).click()
      await bar.getByText('auditor ← Deploy ← alice').waitFor()
      await choose(page, t.menu, t.unchain)
      await bar.getByText('Deploy ← alice', { exact: true }).waitFor()
      await choose(page, t.menu, t.switchBack)
      await bar.getByRole('button', { name: t.menu }).getByText('alice', { exact: true }).waitFor()
      await goTo(page, '/events')
      for (const name of ['SwitchRole', 'ExitRole', 'AssumeRole'])
        await page.getByText(name).first().waitFor()
      assert.deepEqual([...errors, ...admin.errors], [])
      await admin.context.close()
      await page.context().close()
    })

  test('a switch by the keyboard alone', async () => {
    const { page, context } = await visit(browser, omen, { as: 'alice', path: '/switchrole' })
    page.setDefaultTimeout(10_000)
    await page.getByRole('combobox', { name: 'Role', exact: true }).waitFor()
    const tabTo = async (name: RegExp) => {
      for (let step = 0; step < 40; step++) {
        await page.keyboard.press('Tab')
        const label = await page.evaluate(() => {
          const at = document.activeElement as HTMLInputElement | null
          const labels = [...(at?.labels ?? [])].map(({ textContent }) => textContent).join(' ')
          return `${labels} ${at?.getAttribute('aria-label') ?? ''} ${at?.textContent ?? ''}`
        })
        if (name.test(label)) return
      }
      assert.fail(`${name} is not reached`)
    }
    await tabTo(/^Role\b/)
    await page.keyboard.type('deployer')
    await page.keyboard.press('Escape')
    await tabTo(/Switch role/)
    await page.keyboard.press('Enter')
    await page.getByRole('banner').getByText('deployer ← alice').waitFor()
    await context.close()
  })

  test('two tabs have two identities', async () => {
    const { page, context } = await visit(browser, omen, { as: 'alice' })
    const other = await context.newPage()
    await other.goto(omen.endpoint + (await omen.omen.consoleLink('admin')))
    await other.getByRole('banner').getByText('admin').first().waitFor()
    await page.reload()
    await page.getByRole('banner').getByText('alice').first().waitFor()
    await context.close()
  })

  test('the server gone and back, and a session that ends while one types', async () => {
    const { page, context } = await visit(browser, omen, { as: 'alice', path: '/switchrole' })
    page.setDefaultTimeout(15_000)
    await page.getByLabel('Display name').fill('typed, not sent')
    await page.route('**/_omen/**', (route) => route.abort())
    await page.getByText('The server does not answer. Retrying.').waitFor()
    await page.unroute('**/_omen/**')
    await page.getByText('The server answers again.').waitFor()
    omen.clock.advance(13 * 3_600_000)
    await page.getByText(/Your session has ended/).waitFor()
    await page.getByRole('button', { name: 'Sign in again' }).click()
    const form = page.getByRole('dialog')
    assert.equal(await form.getByLabel('User name').inputValue(), 'alice')
    await form.getByLabel('Password').fill('Correct-Horse-7')
    await form.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(/Your session has ended/).waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Display name').inputValue(), 'typed, not sent')
    await context.close()
  })
})
