import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import type { Browser } from 'playwright-core'
import { needs, openBrowser, visit } from '../support/index.ts'

describe('the first minute in the console', needs('chromium'), () => {
  let browser: Browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  test('the link signs in, the bar says who one is, and no token stays in the address', async () => {
    await using omen = await createOmen()
    const { page, context, errors } = await visit(browser, omen)
    const banner = page.getByRole('banner')
    await banner.getByText('admin').first().waitFor()
    await banner.getByText('Enforce').first().waitFor()
    assert.match((await banner.textContent()) ?? '', /123456789012/)
    assert.match((await banner.textContent()) ?? '', /Enforce/)
    assert.equal(new URL(page.url()).hash, '')
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('signing in with a password, switching to a role, and switching back', async () => {
    await using omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'alice' })
    await iam.createLoginProfile({ UserName: 'alice', Password: 'Correct-Horse-7' })
    const PolicyDocument =
      '{"Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","iam:ListRoles"],"Resource":"*"}]}'
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument })
    await iam.createRole({
      RoleName: 'deployer',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}',
    })
    const page = await browser.newPage()
    await page.goto(`${omen.endpoint}/_omen/roles`)
    await page.getByLabel('Account ID or alias').fill('123456789012')
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Your authentication information is incorrect. Please try again.').waitFor()
    await page.getByLabel('Password').fill('Correct-Horse-7')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    await page
      .getByRole('banner')
      .getByRole('button', { name: /Account menu/ })
      .click()
    await page.getByRole('menuitem', { name: 'Switch role' }).click()
    await page.getByLabel('Role', { exact: true }).fill('deployer')
    await page.getByRole('main').getByRole('button', { name: 'Switch role' }).click()
    await page.getByRole('banner').getByText('deployer').first().waitFor()
    assert.match((await page.getByRole('banner').textContent()) ?? '', /alice/)
    await page.getByText('They do not add up').waitFor()
    await page
      .getByRole('banner')
      .getByRole('button', { name: /Account menu/ })
      .click()
    await page.getByRole('menuitem', { name: 'Switch back' }).click()
    await page.getByRole('banner').getByRole('button', { name: 'Account menu: alice' }).waitFor()
    await page.close()
  })
})
