import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import type { AxeResults } from 'axe-core'
import { createOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { needs, openBrowser } from '../support/index.ts'
import { centerServer } from '../wire/center-house.ts'
import { allow } from '../wire/iam/house.ts'
import { agentTool, loginTool } from '../wire/oauth-tool.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const password = 'Correct-Horse-7'

/** The axe of the page. */
interface Axe {
  readonly axe: { run(): Promise<AxeResults> }
}

async function accessible(page: Page): Promise<void> {
  // the page's own policy keeps scripts out: axe comes by the debugger
  await page.evaluate(`${axe};undefined`)
  const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run())
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
    [],
    page.url(),
  )
}

/** Types into the focused field, and goes on with the keyboard. */
async function typed(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
}

describe('the pages at which programs ask for a sign-in', needs('chromium'), () => {
  let browser: Browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  test('SSO-1, SSO-13, SSO-14: aws login with the keyboard alone ends at the program', async () => {
    await using omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'alice' })
    await iam.createLoginProfile({ UserName: 'alice', Password: password })
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument: allow('signin:*') })
    const called = Promise.withResolvers<URL>()
    const program = createServer((request, answer) => {
      called.resolve(new URL(request.url ?? '', 'http://127.0.0.1'))
      answer.setHeader('content-type', 'text/html').end('<!doctype html><title>done</title>')
    })
    await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
    const { port } = program.address() as AddressInfo
    const cli = loginTool(omen.endpoint, () => omen.clock.now(), 'same-device', port)
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(cli.address())
    await page.getByRole('heading', { name: 'A program asks to sign in' }).waitFor()
    await accessible(page)
    await page.getByLabel('Account number or alias').focus()
    await typed(page, omen.account, 'alice', 'wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Account number or alias').focus()
    await typed(page, omen.account, 'alice', password)
    await page.keyboard.press('Enter')
    const allowed = page.getByRole('button', { name: 'Allow as alice' })
    await allowed.waitFor()
    await accessible(page)
    await allowed.focus()
    await page.keyboard.press('Enter')
    const { pathname, searchParams } = await called.promise
    assert.deepEqual([pathname, searchParams.get('state')], ['/oauth/callback', 'the-state'])
    const { status } = await cli.exchange(searchParams.get('code') ?? '')
    assert.equal(status, 200)
    // the browser is signed in: the next request asks for no password
    const second = await context.newPage()
    await second.goto(cli.address())
    await second.getByRole('button', { name: 'Allow as alice' }).waitFor()
    await second.getByRole('button', { name: 'Refuse' }).click()
    await second.waitForURL(/error=access_denied/)
    // an agent's page, by the keyboard: nothing is chosen beforehand
    const agent = await agentTool(omen.endpoint)
    const third = await context.newPage()
    const redirect_uri = `http://127.0.0.1:${port}/callback`
    await third.goto(agent.address({ redirect_uri }))
    await third.getByRole('button', { name: 'Allow as alice' }).waitFor()
    await third.getByText('https://aws-mcp.us-east-1.api.aws/mcp').waitFor()
    await accessible(third)
    const focused = () => third.evaluate(() => globalThis.document.activeElement?.textContent)
    const order = []
    for (let each = 0; each < 2; each++) {
      await third.keyboard.press('Tab')
      order.push(await focused())
    }
    assert.deepEqual(order, ['Allow as alice', 'Refuse'])
    await third.keyboard.press('Shift+Tab')
    await third.keyboard.press('Enter')
    await third.waitForURL(/callback\?code=/)
    const given = await agent.exchange(new URL(third.url()).searchParams.get('code') ?? '', { redirect_uri })
    assert.equal(given.status, 200, JSON.stringify(given.json))
    await context.close()
    program.closeAllConnections()
    program.close()
  })

  test('SSO-68, SSO-69: the device page and the portal, in Japanese too', async () => {
    await using omen = await createOmen()
    const house = await centerServer(omen)
    await house.lent('alice', 'Developer', allow('*'))
    const client = await house.register()
    const device = await house.post('/device_authorization', { ...client, startUrl: house.shown.startUrl })
    const context = await browser.newContext({ locale: 'ja-JP' })
    const page = await context.newPage()
    await page.goto(device.verificationUriComplete)
    await accessible(page)
    await page.getByLabel('ユーザー名').focus()
    await typed(page, 'alice', password)
    await page.keyboard.press('Enter')
    await page.getByText(device.userCode).waitFor()
    await accessible(page)
    await page.getByRole('button', { name: 'alice として許可' }).click()
    await page.getByRole('status').waitFor()
    const tokens = await house.token(client, { grantType: house.deviceGrant, deviceCode: device.deviceCode })
    assert.ok(tokens.accessToken)
    await page.goto(`${omen.endpoint}/start`)
    await page.getByLabel('ユーザー名').focus()
    await typed(page, 'alice', password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Developer' }).waitFor()
    await accessible(page)
    const opened = context.waitForEvent('page')
    await page.getByRole('button', { name: 'タブでかける' }).click()
    const tab = await opened
    await tab.waitForURL(/\/_omen\//)
    await tab.getByRole('banner').waitFor()
    await context.close()
  })
})
