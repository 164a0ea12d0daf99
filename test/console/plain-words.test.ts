import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { account, policyText } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo } from './pages.ts'

const trusting = (Principal: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] })
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource }] })

describe('what a newcomer reads in the console', needs('chromium'), () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page

  before(async () => {
    omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'dev' })
    const mine = allow('sts:AssumeRole', `arn:aws:iam::${account}:role/deployer`)
    await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'mine', PolicyDocument: mine })
    await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'look', PolicyDocument: allow('iam:List*') })
    for (const RoleName of ['deployer', 'auditor'])
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trusting({ AWS: account }) })
    await iam.putRolePolicy({
      RoleName: 'deployer',
      PolicyName: 'chain',
      PolicyDocument: allow(['iam:ListRoles', 'sts:AssumeRole']),
    })
    await iam.createRole({
      RoleName: 'web',
      AssumeRolePolicyDocument: trusting({ Service: 'ec2.amazonaws.com' }),
    })
    browser = await openBrowser()
    page = (await visit(browser, omen)).page
  })
  after(async () => {
    await browser?.close()
    await omen?.[Symbol.asyncDispose]()
  })

  test('the time that is left reads as such', async () => {
    const banner = page.getByRole('banner')
    await banner.getByText(/^11 h 59 min left$/).waitFor()
  })

  test('a role for services is handed over, and the word for its mask is explained by keyboard', async () => {
    await goTo(page, '/roles/web')
    const primary = page.locator('main button[class*="variant-primary"]')
    await primary.filter({ hasText: 'Hand a mask over' }).waitFor()
    assert.equal(await primary.filter({ hasText: /^Wear$/ }).count(), 0)
    await page.getByRole('button', { name: /^okame mask/ }).press('Enter')
    await page.getByText(/Okame is the round, smiling woman/).waitFor()
    await page.keyboard.press('Escape')
    await goTo(page, '/roles/deployer')
    await primary.filter({ hasText: 'Wear' }).waitFor()
  })

  test('a question in the words of the command line is asked by Search, and another one on the same page', async () => {
    await goTo(page, '/')
    const ask = async (text: string) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: /can dev iam:CreateUser/ }).fill(text)
      await page.keyboard.press('Enter')
    }
    await ask('can dev iam:CreateUser')
    await page.getByText(/user\/dev is not authorized to perform: iam:CreateUser/).waitFor()
    await ask('can dev iam:ListRoles')
    await page.getByRole('main').getByText('Allowed', { exact: true }).waitFor()
    await ask('paths dev')
    await page.getByText('There is no path from dev to administrator.').waitFor()
  })

  test('nothing is offered to be broken where there is no path', async () => {
    const broken = page.getByRole('button', { name: 'Break these paths' })
    await goTo(page, '/')
    await goTo(page, '/paths?from=user/dev')
    await page.getByText('There is no path from user/dev to administrator.').waitFor()
    assert.equal(await broken.count(), 0)
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await page.getByText('0 paths').waitFor()
    assert.equal(await broken.count(), 0)
    await goTo(page, '/')
    await goTo(page, '/paths?from=user/admin')
    await broken.waitFor()
    // of everybody: only who is an administrator already
    await goTo(page, '/')
    await goTo(page, '/paths')
    await page.getByText('is administrator').first().waitFor()
    assert.equal(await broken.count(), 0)
  })

  test('POL-200 the editor says of a list key without a set qualifier that the condition never holds', async () => {
    await goTo(page, '/roles/deployer')
    const tags = {
      StringEquals: { 'aws:TagKeys': 'a' },
      'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'a' },
    }
    const Statement = [{ Effect: 'Allow', Action: 'iam:TagRole', Resource: '*', Condition: tags }]
    await page.getByRole('button', { name: 'Create inline policy' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.cm-content').fill(policyText(...Statement))
    await dialog.locator('.cm-lint-marker').first().hover()
    await page
      .getByText(/Without one the condition never holds, and the statement allows nothing\./)
      .waitFor()
    await page.getByText(/AWS does not say whether ForAnyValue .* \(assumed: POL-183\)/).waitFor()
    await page.keyboard.press('Escape')
  })

  test('POL-183 the answer to a question names the assumption that it rests on', async () => {
    const iam = omen.client(IAM, 'admin')
    const Condition = { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'a' } }
    const Statement = [{ Effect: 'Allow', Action: 'iam:TagRole', Resource: '*', Condition }]
    const PolicyDocument = policyText(...Statement)
    await iam.putRolePolicy({ RoleName: 'web', PolicyName: 'tags', PolicyDocument })
    await goTo(page, '/')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /can dev iam:CreateUser/ }).fill('can role/web iam:TagRole')
    await page.keyboard.press('Enter')
    await page.getByText('assumed: POL-183 (docs/behaviour): nobody has shown it of AWS.').waitFor()
  })

  test('a role that the worn one may chain to is drawn as one that can be worn', async () => {
    const { page, context } = await visit(browser, omen, { as: 'dev', path: '/switchrole?roleName=deployer' })
    await page.getByRole('main').getByRole('button', { name: 'Switch role' }).click()
    await page.getByRole('link', { name: 'deployer: you may put it on' }).waitFor()
    await page.getByRole('link', { name: 'auditor: deployer may put it on: chain to it' }).waitFor()
    await page.getByRole('link', { name: 'web: you may not put it on' }).waitFor()
    await context.close()
  })

  test('in Japanese the reason of a denial has its words in their order', async () => {
    const { page, context } = await visit(browser, omen, { language: 'ja', path: '/try' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await page
      .getByRole('combobox', { name: /can dev iam:CreateUser/ })
      .fill(`can dev sts:AssumeRole arn:aws:iam::${account}:role/auditor`)
    await page.keyboard.press('Enter')
    await page.getByText('ユーザー dev のインラインポリシー mine のステートメント 1 の Resource に').waitFor()
    await page.getByRole('link', { name: '判定を開く' }).click()
    await page.getByText(`arn:aws:iam::${account}:role/auditor に対する sts:AssumeRole`).waitFor()
    await page.getByText(`呼び出し元: arn:aws:iam::${account}:user/dev`).waitFor()
    await context.close()
  })
})
