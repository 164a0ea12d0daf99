import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { needs, openBrowser, visit } from '../support/index.ts'

describe('making a role in the console', needs('chromium'), () => {
  let browser: Browser
  let omen: RunningOmen
  let iam: IAM
  before(async () => {
    omen = await createOmen()
    iam = omen.client(IAM, 'admin')
    browser = await openBrowser()
    await iam.createUser({ UserName: 'alice' })
    const PolicyDocument = '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}'
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument })
    await iam.createUser({ UserName: 'bob' })
  })
  after(async () => {
    await browser.close()
    await omen.close()
  })

  const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click()
  const begin = async () => {
    const visited = await visit(browser, omen, { path: '/roles' })
    await visited.page.getByRole('button', { name: 'Create role' }).click()
    await visited.page.getByRole('heading', { level: 1, name: 'Who may wear it' }).waitFor()
    return visited
  }

  test('in four steps, with its three policies, and a reload in the middle', async () => {
    const { page, context, errors } = await begin()
    await next(page)
    await page.getByRole('button', { name: 'Find policies' }).click()
    await page.getByPlaceholder('Find policies').last().fill('ReadOnlyAccess')
    await page.getByRole('option', { name: /^ReadOnlyAccess/ }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add an inline policy' }).click()
    await next(page)
    // the policy to begin with is not valid: the step stays
    await page.getByRole('heading', { level: 1, name: 'What it may do' }).waitFor()
    await page.reload()
    await page.getByText('ReadOnlyAccess').first().waitFor()
    await page.getByRole('button', { name: 'Remove the inline policy' }).click()
    await next(page)
    await page.getByRole('button', { name: /Permissions boundary/ }).click()
    await page.getByPlaceholder('Find policies').last().fill('PowerUserAccess')
    await page.getByRole('option', { name: /^PowerUserAccess/ }).click()
    await next(page)
    const list = page.getByRole('main')
    await list.getByRole('link', { name: 'alice' }).waitFor()
    assert.equal(await list.getByRole('link', { name: 'bob' }).count(), 0)
    await page.getByLabel('Role name').fill('deployer')
    await page.getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('heading', { level: 1, name: 'deployer' }).waitFor()
    assert.deepEqual(errors, [])
    const { Role } = await iam.getRole({ RoleName: 'deployer' })
    assert.match(Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? '', /PowerUserAccess$/)
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName: 'deployer' })
    assert.deepEqual(
      AttachedPolicies?.map(({ PolicyName }) => PolicyName),
      ['ReadOnlyAccess'],
    )
    await context.close()
  })

  test('for GitHub Actions: the template keeps strangers out, and adds the identity provider', async () => {
    const { page, context, errors } = await begin()
    await page.getByRole('radio', { name: /Web identity/ }).click()
    await page.getByRole('button', { name: 'Add the identity provider' }).click()
    await page.getByText('The identity provider is added.').waitFor()
    await page.getByLabel('GitHub organization or user').fill('acme')
    await page.getByLabel('GitHub repository').fill('shop')
    await page.getByLabel('GitHub branch').fill('main')
    for (let step = 0; step < 3; step++) await next(page)
    await page.getByText('People who sign in at').waitFor()
    await page.getByLabel('Role name').fill('ci')
    await page.getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('heading', { level: 1, name: 'ci' }).waitFor()
    const { Role } = await iam.getRole({ RoleName: 'ci' })
    const [statement] = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement
    assert.deepEqual(statement, {
      Effect: 'Allow',
      Principal: {
        Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:ref:refs/heads/main' },
      },
    })
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('for EC2, with an instance profile of the same name', async () => {
    const { page, context } = await begin()
    await page.getByRole('radio', { name: /AWS service/ }).click()
    await page.getByRole('button', { name: /^Service/ }).click()
    await page.getByPlaceholder('Service').fill('ec2.amazonaws')
    await page.getByRole('option', { name: 'ec2.amazonaws.com' }).click()
    for (let step = 0; step < 3; step++) await next(page)
    await page.getByText('Service ec2.amazonaws.com', { exact: true }).waitFor()
    await page.getByLabel('Role name').fill('web')
    await page.getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('heading', { level: 1, name: 'web' }).waitFor()
    const { InstanceProfiles } = await iam.listInstanceProfilesForRole({ RoleName: 'web' })
    assert.equal(InstanceProfiles?.[0]?.InstanceProfileName, 'web')
    await context.close()
  })
})
