import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser } from 'playwright-core'
import { policyText } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'

const arn = 'arn:aws:iam::123456789012:policy/base'
const allow = (action: string, resource: string) =>
  policyText({ Effect: 'Allow', Action: action, Resource: resource })

describe('managed policies in the console', needs('chromium'), () => {
  let browser: Browser
  let omen: RunningOmen
  let iam: IAM
  before(async () => {
    omen = await createOmen()
    iam = omen.client(IAM, 'admin')
    browser = await openBrowser()
    await iam.createPolicy({ PolicyName: 'base', PolicyDocument: allow('s3:GetObject', 'arn:aws:s3:::a/*') })
    await iam.createUser({ UserName: 'alice', PermissionsBoundary: arn })
    await iam.createGroup({ GroupName: 'dev' })
    await iam.attachGroupPolicy({ GroupName: 'dev', PolicyArn: arn })
  })
  after(async () => {
    await browser.close()
    await omen.close()
  })

  test('a list by scope, one policy with a new version, what it newly allows, and who has it', async () => {
    const { page, context, errors } = await visit(browser, omen, { path: '/policies' })
    await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor()
    await page.getByRole('button', { name: 'AWS managed' }).click()
    await page.getByRole('searchbox', { name: 'Find policies' }).fill('AdministratorAccess')
    await page.getByRole('link', { name: 'AdministratorAccess', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Customer managed' }).click()
    await page.getByRole('searchbox', { name: 'Find policies' }).fill('')
    await page.getByRole('link', { name: 'base' }).click()
    await page.getByRole('heading', { level: 1, name: /^base/ }).waitFor()
    const editor = page.getByRole('textbox', { name: 'base' })
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(allow('s3:*', 'arn:aws:s3:::a/*'))
    await page.getByText('Newly allowed').waitFor()
    await page.getByText('s3:* on arn:aws:s3:::a/*', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The policy is saved.').waitFor()
    const { Policy } = await iam.getPolicy({ PolicyArn: arn })
    assert.equal(Policy?.DefaultVersionId, 'v2')
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('heading', { name: 'Compare versions' }).waitFor()
    await page.getByText('was allowed in part').waitFor()
    await page.getByRole('tab', { name: 'Attached to' }).click()
    await page.getByRole('link', { name: 'dev', exact: true }).waitFor()
    await page.getByText('User (as permissions boundary)').waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })
})
