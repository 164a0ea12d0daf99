import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrailClient, GetEventSelectorsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { needs, openBrowser, visit } from '../support/index.ts'

describe('organization, machines and trails in the console', needs('chromium'), () => {
  let browser: Browser
  let omen: RunningOmen
  let page: Page
  let errors: readonly string[]
  before(async () => {
    omen = await createOmen()
    browser = await openBrowser()
    const iam = omen.client(IAM, 'admin')
    await iam.createRole({
      RoleName: 'web',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    })
    await iam.createRole({
      RoleName: 'worker',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    })
    await iam.createInstanceProfile({ InstanceProfileName: 'web' })
    await iam.addRoleToInstanceProfile({ InstanceProfileName: 'web', RoleName: 'web' })
    const visited = await visit(browser, omen)
    page = visited.page
    errors = visited.errors
  })
  after(async () => {
    await browser.close()
    await omen.close()
  })

  const goTo = async (link: string) => {
    await page.getByRole('navigation').getByRole('link', { name: link, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: link }).waitFor()
  }
  const dialog = () => page.getByRole('dialog')

  test('an organization is made; a unit and an account; an SCP, where it is attached and what it leaves', async () => {
    await goTo('Organization')
    await page.getByRole('button', { name: 'Create organization' }).click()
    await page.getByRole('button', { name: /Root/ }).first().waitFor()
    await page.getByRole('button', { name: 'Create unit' }).click()
    await dialog().getByLabel('Unit name').fill('Workloads')
    await dialog().getByRole('button', { name: 'Create unit' }).click()
    await page.getByRole('button', { name: /Workloads/ }).click()
    const enable = page.getByRole('button', { name: 'Enable' }).first()
    const create = page.getByRole('button', { name: 'Create policy' }).first()
    await enable.or(create).first().waitFor()
    if ((await create.count()) === 0) await enable.click()
    await create.click()
    await dialog().getByLabel('Policy name').fill('no-keys')
    await dialog().getByRole('textbox', { name: 'Document' }).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}',
    )
    await dialog().getByRole('button', { name: 'Create policy' }).click()
    await page.getByText('The policy is created and attached.').waitFor()
    await page.getByText('Inherited from Root').first().waitFor()
    await page.getByText(/\d+ of \d+ granted actions are left/).waitFor()
    const others = page.getByRole('listitem').filter({ hasText: 'every other service' })
    await others.getByText('every action').waitFor()
    await page.getByRole('button', { name: 'Create account' }).click()
    await dialog().getByLabel('Account name').fill('pay')
    await dialog().getByLabel('Email').fill('pay@example.com')
    await dialog().getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: /^pay/ }).click()
    await page.getByRole('button', { name: 'Move account' }).click()
    await dialog()
      .getByRole('button', { name: /Move to/ })
      .click()
    await page.getByRole('option', { name: /Workloads/ }).click()
    await dialog().getByRole('button', { name: 'Move account' }).click()
    await page.getByText('Inherited from Workloads').first().waitFor()
  })

  test('an instance is launched with a role, and shown wearing it', async () => {
    await goTo('Instances and functions')
    await page.getByRole('button', { name: 'Launch instance' }).first().click()
    await dialog()
      .getByRole('button', { name: /Instance profile/ })
      .click()
    await page.getByRole('option', { name: /^web/ }).click()
    await dialog().getByRole('button', { name: 'Launch instance' }).click()
    await page.getByRole('link', { name: 'web', exact: true }).waitFor()
    const change = page.getByRole('button', { name: /^Change role i-/ })
    await change.click()
    await dialog()
      .getByRole('button', { name: /Instance profile/ })
      .click()
    await page.getByRole('option', { name: 'No instance profile' }).click()
    await dialog().getByRole('button', { name: 'Change role' }).click()
    await page.getByText('No role').waitFor()
    const ec2 = omen.client(EC2, 'admin')
    const { IamInstanceProfileAssociations } = await ec2.describeIamInstanceProfileAssociations()
    assert.deepEqual(
      IamInstanceProfileAssociations?.filter(({ State }) => State === 'associated'),
      [],
    )
  })

  test('a function is created with a role that trusts Lambda, and deleted', async () => {
    await page.getByRole('button', { name: 'Create function' }).click()
    await dialog().getByLabel('Function name').fill('thumbnails')
    await dialog().getByRole('button', { name: /^Role/ }).click()
    await page.getByRole('option', { name: 'worker' }).click()
    await dialog().getByRole('button', { name: 'Create function' }).click()
    await page.getByRole('link', { name: 'worker', exact: true }).waitFor()
    const lambda = omen.client(Lambda, 'admin')
    const { Configuration } = await lambda.getFunction({ FunctionName: 'thumbnails' })
    assert.equal(Configuration?.Role, 'arn:aws:iam::123456789012:role/worker')
    await page.getByRole('button', { name: 'Delete thumbnails' }).click()
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await page.getByText('The function is deleted.').waitFor()
    assert.equal((await lambda.listFunctions({})).Functions?.length, 0)
  })

  test('a trail is made, logs, and is stopped', async () => {
    await goTo('Trails')
    await page.getByRole('button', { name: 'Create trail' }).first().click()
    await dialog().getByLabel('Trail name').fill('audit')
    await dialog().getByLabel('S3 bucket').fill('audit-logs')
    await dialog().getByRole('button', { name: 'Create trail' }).click()
    await page.getByRole('button', { name: 'Stop logging' }).click()
    await page.getByRole('button', { name: 'Start logging' }).waitFor()
    const cloudTrail = omen.client(CloudTrailClient, 'admin')
    const { IsLogging } = await cloudTrail.send(new GetTrailStatusCommand({ Name: 'audit' }))
    assert.equal(IsLogging, false)
  })

  test('a trail has a page, where its event selectors are chosen', async () => {
    await page.getByRole('link', { name: 'audit' }).click()
    await page.getByRole('heading', { level: 1, name: 'audit' }).waitFor()
    await page.getByText('Read and write events').waitFor()
    await page.getByRole('button', { name: 'Edit event selectors' }).click()
    await dialog()
      .getByRole('button', { name: /Management events/ })
      .click()
    await page.getByRole('option', { name: 'Write events only' }).click()
    await dialog().getByRole('button', { name: /^S3/ }).click()
    await page.getByRole('option', { name: 'Only these resources' }).click()
    await dialog().getByRole('textbox', { name: 'ARNs of S3' }).fill('arn:aws:s3:::pay/')
    await dialog().getByRole('button', { name: 'Save event selectors' }).click()
    await page.getByText('Write events only').waitFor()
    await page.getByText('arn:aws:s3:::pay/').waitFor()
    const cloudTrail = omen.client(CloudTrailClient, 'admin')
    const { EventSelectors } = await cloudTrail.send(new GetEventSelectorsCommand({ TrailName: 'audit' }))
    assert.deepEqual(EventSelectors, [
      {
        ReadWriteType: 'WriteOnly',
        IncludeManagementEvents: true,
        DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::pay/'] }],
        ExcludeManagementEventSources: [],
      },
    ])
    assert.deepEqual(errors, [])
  })
})
