// Begins first: a browser plays all of the story.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { account, allow, policyText, trustPolicy } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

const trust = trustPolicy({ AWS: account })

const words = {
  en: {
    menu: /Account menu/,
    empty: 'No masks yet',
    makeRole: 'Create role',
    next: 'Next',
    addInline: 'Add an inline policy',
    findPolicies: 'Find policies',
    noBoundary: /No permissions boundary|Permissions boundary/,
    service: /AWS service/,
    chooseService: 'Service',
    roleName: 'Role name',
    createInline: 'Create inline policy',
    policyName: 'Policy name',
    why: 'Why?',
    denied: 'Why: Denied',
    preview: 'Preview',
    launch: 'Launch instance',
    profile: /Instance profile/,
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
    makeRole: 'ロールを作成',
    next: '次へ',
    addInline: 'インラインポリシーを追加',
    findPolicies: 'ポリシーを検索',
    noBoundary: /アクセス許可の境界/,
    service: /AWS のサービス/,
    chooseService: 'サービス',
    roleName: 'ロール名',
    createInline: 'インラインポリシーを作成',
    policyName: 'ポリシー名',
    why: '理由を見る',
    denied: '理由: 拒否',
    preview: 'プレビュー',
    launch: 'インスタンスを起動',
    profile: /インスタンスプロファイル/,
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

describe('the story of the masks, clicked through', { ...needs('chromium'), timeout: 300_000 }, () => {
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

  type Words = (typeof words)['en' | 'ja']

  /** A role with its three policies: this account may wear it, an inline policy, a boundary. */
  const makeDeployer = async (page: Page, t: Words) => {
    const next = () => page.getByRole('button', { name: t.next, exact: true }).click()
    await page.getByRole('main').getByRole('button', { name: t.makeRole }).first().click()
    await next()
    await page.getByRole('button', { name: t.addInline }).click()
    await page.locator('.cm-content').fill(policyText(allow('iam:ListRoles'), allow('sts:AssumeRole')))
    await next()
    await page.getByRole('button', { name: t.noBoundary }).click()
    await page.getByPlaceholder(t.findPolicies).last().fill('AdministratorAccess')
    await page
      .getByRole('option', { name: /^AdministratorAccess/ })
      .first()
      .click()
    await next()
    await page.getByLabel(t.roleName).fill('deployer')
    await page.getByRole('button', { name: t.makeRole }).click()
    await page.getByRole('heading', { level: 1, name: 'deployer' }).waitFor()
  }

  /** A role for EC2, with its instance profile. */
  const makeWeb = async (page: Page, t: Words) => {
    await goTo(page, '/roles/new')
    await page.getByRole('radio', { name: t.service }).click()
    await page.getByRole('button', { name: t.chooseService }).last().click()
    await page.getByPlaceholder(t.chooseService).fill('ec2.amazonaws')
    await page.getByRole('option', { name: 'ec2.amazonaws.com' }).click()
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: t.next, exact: true }).click()
    await page.getByLabel(t.roleName).fill('web')
    await page.getByRole('button', { name: t.makeRole }).click()
    await page.getByRole('heading', { level: 1, name: 'web' }).waitFor()
  }

  /** Gives alice what her refusal says that she lacks. */
  const mend = async (page: Page, t: Words) => {
    await goTo(page, '/users/alice')
    await page.getByRole('button', { name: t.createInline }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(t.policyName).fill('mended')
    await dialog.locator('.cm-content').fill(policyText(allow(['iam:ListUsers', 'iam:PassRole'])))
    await dialog.getByRole('button', { name: t.createInline }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  const handToInstance = async (page: Page, t: Words) => {
    await goTo(page, '/workloads')
    await page.getByRole('button', { name: t.launch }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t.profile }).click()
    await page.getByRole('option', { name: /^web/ }).click()
    await dialog.getByRole('button', { name: t.launch }).click()
    return dialog
  }

  for (const language of ['en', 'ja'] as const)
    test(`in ${language}: an empty house, a mask, why and mended, handed over, worn, chained, and back`, async () => {
      const t = words[language]
      await omen?.close()
      omen = await createOmen()
      const iam = omen.client(IAM, 'admin')
      const admin = await visit(browser, omen, { language })
      admin.page.setDefaultTimeout(20_000)
      await admin.page.getByText(t.empty).waitFor()
      await makeDeployer(admin.page, t)
      await makeWeb(admin.page, t)
      const { Role } = await iam.getRole({ RoleName: 'deployer' })
      assert.match(Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? '', /AdministratorAccess$/)
      await iam.createRole({ RoleName: 'auditor', AssumeRolePolicyDocument: trust })
      await iam.createUser({ UserName: 'alice' })
      await iam.createLoginProfile({ UserName: 'alice', Password: 'Correct-Horse-7' })
      await iam.putUserPolicy({
        UserName: 'alice',
        PolicyName: 'p',
        PolicyDocument: policyText(
          allow(['iam:ListRoles', 'iam:ListInstanceProfiles', 'cloudtrail:LookupEvents', 'ec2:*']),
          allow('sts:DecodeAuthorizationMessage'),
          allow('sts:AssumeRole', `arn:aws:iam::${account}:role/deployer`),
        ),
      })

      const { page, errors } = await visit(browser, omen, { as: 'alice', language })
      page.setDefaultTimeout(20_000)
      const bar = page.getByRole('banner')
      // denied, why, and mended
      await goTo(page, '/users')
      await page
        .getByText(/user\/alice is not authorized to perform: iam:ListUsers/)
        .first()
        .waitFor()
      await page.getByRole('link', { name: t.why }).first().click()
      await page.getByRole('heading', { level: 1, name: t.denied }).waitFor()
      await page.getByRole('button', { name: t.preview }).first().click()
      await page.locator('.line-new', { hasText: 'iam:ListUsers' }).waitFor()
      // neither may she hand the role over
      const refused = await handToInstance(page, t)
      await refused
        .getByText(/not authorized to perform|You are not authorized/)
        .first()
        .waitFor()
      await page.keyboard.press('Escape')
      await mend(admin.page, t)
      await goTo(admin.page, '/')
      await goTo(page, '/users')
      await page.getByRole('rowheader', { name: 'alice' }).waitFor()
      const handed = await handToInstance(page, t)
      await handed.waitFor({ state: 'detached' })
      // what happens in the house is seen to happen
      await admin.page.locator('.house-machines a', { hasText: /^i-/ }).waitFor()

      await choose(page, t.menu, t.switchRole)
      await page.getByRole('combobox', { name: t.role, exact: true }).fill('deployer')
      await page.getByText(t.allowed).waitFor()
      await page.getByLabel(t.displayName).fill('Deploy')
      await page.getByLabel(t.hatch).check()
      await page.getByRole('main').getByRole('button', { name: t.switchRole }).first().click()
      await bar.getByText('Deploy alice').waitFor()
      await page.getByText(t.once).waitFor()
      await admin.page.getByText(t.putOn).waitFor()
      await page.reload()
      await bar.getByText('Deploy alice').waitFor()
      assert.equal(await bar.locator('.top-bar-line.is-hatched').count(), 1)
      assert.match(
        (await page.locator('link[rel=icon]').getAttribute('href')) ?? '',
        /^data:image\/svg\+xml,/,
      )
      // what alice may do, the mask may not
      await goTo(page, '/users')
      await page
        .getByText(/assumed-role\/deployer\/alice is not authorized to perform: iam:ListUsers/)
        .first()
        .waitFor()

      await choose(page, t.menu, t.chain)
      await page.getByText(t.hour).first().waitFor()
      await page.getByRole('combobox', { name: t.role, exact: true }).fill('auditor')
      await page.keyboard.press('Escape')
      await page.getByRole('main').getByRole('button', { name: t.chainRole }).click()
      await bar.getByText('auditor Deploy alice').waitFor()
      await choose(page, t.menu, t.unchain)
      await bar.getByText('Deploy alice', { exact: true }).waitFor()
      await choose(page, t.menu, t.switchBack)
      await bar.getByRole('button', { name: t.menu }).getByText('alice', { exact: true }).waitFor()
      await goTo(page, '/events')
      for (const name of ['SwitchRole', 'ExitRole', 'AssumeRole', 'RunInstances', 'CreateRole'])
        await page.locator('tr[data-event]', { hasText: name }).first().waitFor()
      assert.deepEqual([...errors, ...admin.errors], [])
      await admin.context.close()
      await page.context().close()
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
    page.setDefaultTimeout(20_000)
    await page.getByLabel('Display name').fill('typed, not sent')
    await page.route('**/_omen/**', (route) => route.abort())
    await comeBack(page)
    await page.getByText('The server does not answer. Retrying.').waitFor()
    await page.unroute('**/_omen/**')
    await page.getByText('The server answers again.').waitFor()
    omen.clock.advance(13 * 3_600_000)
    await comeBack(page)
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

/** As someone who comes back to the tab: the page then looks anew. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
}
