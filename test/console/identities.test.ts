import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'

/** The code that an authenticator app shows for a base32 key. */
function codeAt(secret: string, time: number): string {
  let bits = ''
  for (const letter of secret)
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []
  return totpCode(Uint8Array.from(bytes), totpStep(time))
}

describe('groups, users, providers, profiles and settings in the console', needs('chromium'), () => {
  let browser: Browser
  let omen: RunningOmen
  let iam: IAM
  let page: Page
  let errors: readonly string[]
  before(async () => {
    omen = await createOmen()
    iam = omen.client(IAM, 'admin')
    browser = await openBrowser()
    await iam.createUser({ UserName: 'alice' })
    await iam.createRole({
      RoleName: 'web',
      AssumeRolePolicyDocument:
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    })
    const visited = await visit(browser, omen)
    page = visited.page
    errors = visited.errors
  })
  after(async () => {
    await browser.close()
    await omen.close()
  })

  const goTo = async (link: string, heading = link) => {
    await page.getByRole('navigation').getByRole('link', { name: link, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  }
  const dialog = () => page.getByRole('dialog')

  test('a group is made, gets a user and loses it', async () => {
    await goTo('User groups')
    await page.getByRole('button', { name: 'Create group' }).first().click()
    await dialog().getByLabel('Group name').fill('dev')
    await dialog().getByRole('button', { name: 'Create group' }).click()
    await page.getByRole('link', { name: 'dev', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'dev' }).waitFor()
    await page.getByRole('button', { name: 'Add users' }).click()
    await dialog()
      .getByRole('button', { name: /^Users / })
      .click()
    await page.getByRole('option', { name: 'alice' }).click()
    await page.keyboard.press('Escape')
    await dialog().getByRole('button', { name: 'Add users' }).click()
    await page.getByRole('link', { name: 'alice' }).waitFor()
    const { Groups } = await iam.listGroupsForUser({ UserName: 'alice' })
    assert.equal(Groups?.[0]?.GroupName, 'dev')
    await page.getByRole('button', { name: 'Remove alice' }).click()
    await page.getByText('The group has no users.').waitFor()
  })

  test('a user gets an MFA device by its QR code and two codes', async () => {
    await goTo('Users')
    await page.getByRole('link', { name: 'alice' }).click()
    await page.getByRole('tab', { name: 'MFA devices' }).click()
    await page.getByRole('button', { name: 'Add MFA device' }).click()
    await dialog().getByRole('button', { name: 'Show QR code' }).click()
    await dialog().getByRole('img', { name: 'QR code of the device' }).waitFor()
    const width = await dialog()
      .getByRole('img')
      .evaluate((image) => (image as HTMLImageElement).naturalWidth)
    assert.ok(width > 20, 'the QR code is drawn')
    const secret = (await dialog().locator('code').textContent()) ?? ''
    const now = omen.clock.now()
    await dialog()
      .getByLabel('MFA code 1')
      .fill(codeAt(secret, now - 30_000))
    await dialog().getByLabel('MFA code 2').fill(codeAt(secret, now))
    await dialog().getByRole('button', { name: 'Add MFA device' }).click()
    await page.getByText('The MFA device is added.').waitFor()
    const { MFADevices } = await iam.listMFADevices({ UserName: 'alice' })
    assert.equal(MFADevices?.length, 1)
    await goTo('MFA devices')
    await page.getByRole('link', { name: 'alice' }).waitFor()
  })

  test('an instance profile gets a role, and an identity provider an audience', async () => {
    await goTo('Instance profiles')
    await page.getByRole('button', { name: 'Create instance profile' }).first().click()
    await dialog().getByLabel('Profile name').fill('web-profile')
    await dialog().getByRole('button', { name: /^Role/ }).click()
    await page.getByRole('option', { name: 'web' }).click()
    await dialog().getByRole('button', { name: 'Create instance profile' }).click()
    await page.getByRole('link', { name: 'web', exact: true }).waitFor()
    await goTo('Identity providers')
    await page.getByRole('button', { name: 'Add provider' }).first().click()
    await dialog().getByLabel('Provider URL').fill('https://gitlab.com')
    await dialog().getByRole('button', { name: 'Add provider' }).click()
    await page.getByRole('button', { name: 'gitlab.com', exact: true }).click()
    await dialog().getByLabel('Add audience').fill('shop')
    await dialog().getByRole('button', { name: 'Add audience' }).click()
    await dialog().waitFor({ state: 'hidden' })
    const arn = 'arn:aws:iam::123456789012:oidc-provider/gitlab.com'
    const { ClientIDList } = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn })
    assert.deepEqual(ClientIDList, ['sts.amazonaws.com', 'shop'])
  })

  test('alias and password policy are set, and masks become initials', async () => {
    await goTo('Settings')
    await page.getByRole('button', { name: 'Set alias' }).click()
    await dialog().getByLabel('Account alias').fill('pay-dev')
    await dialog().getByRole('button', { name: 'Set alias' }).click()
    await page.getByText('The alias is saved.').waitFor()
    await page.getByLabel('Minimum length').fill('14')
    await page.getByLabel('Require a symbol').check()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The password policy is saved.').waitFor()
    const { PasswordPolicy } = await iam.getAccountPasswordPolicy()
    assert.equal(PasswordPolicy?.MinimumPasswordLength, 14)
    assert.equal(PasswordPolicy?.RequireSymbols, true)
    await page.getByLabel('Show initials in place of masks').check()
    await goTo('Roles')
    await page.locator('.mask-initials').first().waitFor()
    await goTo('Settings')
    await page.getByLabel('Show initials in place of masks').uncheck()
  })

  test('single keys lead to pages and to the filter, until they are turned off', async () => {
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    await page.getByRole('searchbox').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('we')
    assert.equal(await page.getByRole('searchbox').inputValue(), 'we')
    await goTo('Settings')
    await page.getByLabel(/Use keyboard shortcuts/).uncheck()
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    assert.equal(await page.getByRole('heading', { level: 1, name: 'Settings' }).count(), 1)
    assert.deepEqual(errors, [])
  })
})
