import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { account, policyText, trustPolicy } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'

const statement = (action: string | readonly string[], resource: string) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
})

describe('roles in the console', needs('chromium'), () => {
  let browser: Browser
  let omen: RunningOmen
  let iam: IAM
  before(async () => {
    omen = await createOmen()
    iam = omen.client(IAM, 'admin')
    browser = await openBrowser()
    const AssumeRolePolicyDocument = trustPolicy({ AWS: account })
    await iam.createRole({
      RoleName: 'deployer',
      AssumeRolePolicyDocument,
      Tags: [{ Key: 'team', Value: 'pay' }],
    })
    await iam.createRole({
      RoleName: 'web',
      AssumeRolePolicyDocument: trustPolicy({ Service: 'ec2.amazonaws.com' }),
    })
    await iam.putRolePolicy({
      RoleName: 'deployer',
      PolicyName: 'app',
      PolicyDocument: policyText(
        statement('s3:GetObject', 'arn:aws:s3:::pay/*'),
        statement(['iam:ListRoles', 'iam:GetRole'], '*'),
      ),
    })
    const { Policy } = await iam.createPolicy({
      PolicyName: 'limits',
      PolicyDocument: policyText(statement('iam:ListRoles', '*')),
    })
    await iam.putRolePermissionsBoundary({
      RoleName: 'deployer',
      PermissionsBoundary: Policy?.Arn ?? '',
    })
    const sts = omen.client(STS, 'admin')
    const RoleArn = `arn:aws:iam::${account}:role/deployer`
    const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName: 'nightly' })
    const worn = new IAM({
      endpoint: omen.endpoint,
      region: 'us-east-1',
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    })
    await worn.listRoles()
  })
  after(async () => {
    await browser.close()
    await omen.close()
  })

  const choose = async (page: Page, label: string, option: string) => {
    await page.getByRole('button', { name: new RegExp(label) }).click()
    await page.getByRole('option', { name: option }).click()
  }

  test('filtered by who may wear them, by tag and by use, as a table and as masks', async () => {
    const { page, context, errors } = await visit(browser, omen, { path: '/roles' })
    const web = page.getByRole('link', { name: 'web', exact: true })
    const deployer = page.getByRole('link', { name: 'deployer', exact: true })
    await web.waitFor()
    await choose(page, 'Trusted entities', 'AWS service')
    await deployer.waitFor({ state: 'detached' })
    assert.equal(await web.count(), 1)
    await choose(page, 'Trusted entities', 'Any trusted entity')
    await choose(page, '^Tag', 'team=pay')
    await web.waitFor({ state: 'detached' })
    await choose(page, 'Worn or not', 'Worn now')
    await page.getByRole('button', { name: 'Masks' }).click()
    await page.getByRole('article').filter({ hasText: '1 session' }).waitFor()
    assert.equal(await page.getByRole('article').count(), 1)
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('the boundary shades what it cuts away, and the rest is counted', async () => {
    const { page, context, errors } = await visit(browser, omen, { path: '/roles/deployer' })
    await page.locator('.policy-shaded').first().waitFor()
    const shaded = (await page.locator('.policy-shaded').allTextContents()).join('')
    assert.match(shaded, /s3:GetObject/)
    assert.match(shaded, /iam:GetRole/)
    assert.doesNotMatch(shaded, /iam:ListRoles/)
    await page.getByText('1 of 2 granted actions are left').waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('a policy for every service leaves every service, within a boundary only what that names', async () => {
    const AssumeRolePolicyDocument = trustPolicy({ AWS: account })
    const [RoleName, PolicyName] = ['everything', 'everything']
    await iam.createRole({ RoleName, AssumeRolePolicyDocument })
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: policyText(statement('*', '*')) })
    const { page, context, errors } = await visit(browser, omen, { path: '/roles/everything' })
    const row = (text: string) => page.getByRole('listitem').filter({ hasText: text })
    await row('every service').getByText('every action').waitFor()
    const PermissionsBoundary = `arn:aws:iam::${account}:policy/limits`
    await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary })
    await page.reload()
    await row('iam')
      .getByText(/^1 of \d+ granted actions are left$/)
      .waitFor()
    await row('every other service').getByText('no action is left').waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('a server that does not answer is no role without permissions', async () => {
    const { page, context } = await visit(browser, omen, { path: '/roles' })
    const services = '**/_omen/api/catalogue/*'
    await page.route(services, (route) => route.fulfill({ status: 503, json: { error: 'Try again later.' } }))
    await page.getByRole('link', { name: 'deployer', exact: true }).click()
    await page.getByText('Try again later.').first().waitFor()
    assert.equal(await page.getByText('Nothing is allowed.').count(), 0)
    await page.unroute(services)
    await page.getByRole('link', { name: 'Roles', exact: true }).first().click()
    await page.getByRole('link', { name: 'deployer', exact: true }).click()
    await page.getByText('1 of 2 granted actions are left').waitFor()
    await context.close()
  })

  test('a change is run against the calls of the last day before it is saved, and says what it newly allows', async () => {
    const { page, context, errors } = await visit(browser, omen, { path: '/roles/deployer' })
    const editor = page.getByRole('textbox', { name: 'app' })
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(policyText(statement('s3:PutObject', 'arn:aws:s3:::pay/*')))
    await page.getByText('s3:PutObject on arn:aws:s3:::pay/*', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Dry run against the last 24 hours' }).click()
    await page.getByText('1 request: 1 would now be denied, 0 would now be allowed.').waitFor()
    const from = async (address: string) => {
      const Condition = { IpAddress: { 'aws:SourceIp': address } }
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText(policyText({ ...statement('iam:ListRoles', '*'), Condition }))
      await page.getByText(address).first().waitFor()
      await page.getByRole('button', { name: 'Dry run against the last 24 hours' }).click()
    }
    await from('127.0.0.0/8')
    await page.getByText('1 request: 0 would now be denied, 0 would now be allowed.').waitFor()
    await from('10.0.0.0/8')
    await page.getByText('1 request: 1 would now be denied, 0 would now be allowed.').waitFor()
    await page.getByText('aws:SourceIp = 127.0.0.1').waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('wearers, services, sessions, events, tags and code; revoking, and a mask that changes its family', async () => {
    const { page, context, errors } = await visit(browser, omen, { path: '/roles/deployer' })
    const open = (name: string) => page.getByRole('tab', { name }).click()
    await open('Wearers')
    await page.getByRole('tabpanel').getByRole('link', { name: 'admin', exact: true }).waitFor()
    await open('Events')
    await page.getByRole('cell', { name: 'ListRoles' }).or(page.getByText('ListRoles')).first().waitFor()
    await open('Tags')
    await page.getByText('team', { exact: true }).waitFor()
    await open('As code')
    await page.getByRole('button', { name: 'Terraform' }).click()
    await page.getByText('resource "aws_iam_role" "deployer"').waitFor()
    await open('Sessions')
    await page.getByText('nightly').waitFor()
    await page.getByRole('button', { name: 'Revoke active sessions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke active sessions' }).click()
    await page.getByText('The active sessions are revoked.').waitFor()
    const { PolicyNames } = await iam.listRolePolicies({ RoleName: 'deployer' })
    assert.ok(PolicyNames?.includes('AWSRevokeOlderSessions'))
    await open('Policies')
    const editor = page.getByRole('textbox', { name: 'Trust policy' })
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(trustPolicy({ AWS: '210987654321' }))
    await page.getByText('Account 210987654321: those').waitFor()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The mask of deployer is now a tengu mask').waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })
})
