import assert from 'node:assert/strict'
import { createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import type { Browser } from 'playwright-core'
import { account } from '../kit/index.ts'
import { needs, openBrowser, visit } from '../support/index.ts'

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"sts:AssumeRole"}]}`
const password = 'Correct-Horse-7'

/** Another server of this machine: the same name, another port. */
async function listening(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('signing in with a browser', needs('chromium'), () => {
  let browser: Browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  test('SGN-5, SGN-48: the cookie that every port of the machine receives signs nobody in', async () => {
    await using omen = await createOmen()
    await omen.client(IAM, 'admin').createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trust })
    const { context, errors } = await visit(browser, omen)
    let received = ''
    await using thief = await listening(({ headers }, answer) => {
      received = headers.cookie ?? received
      answer.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title>')
    })
    const other = await context.newPage()
    await other.goto(`${thief.endpoint}/signin/x`)
    assert.match(received, /omen-signin=/, 'a cookie knows no port')
    const replayed = (path: string, body?: object, more: Record<string, string> = {}) =>
      fetch(omen.endpoint + path, {
        headers: { cookie: received, 'content-type': 'application/json', ...more },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      }).then(({ status }) => status)
    const half = 'A'.repeat(24)
    const ticket = received.slice('omen-signin='.length)
    assert.equal(await replayed('/signin/session'), 401)
    assert.equal(await replayed('/signin/session', undefined, { 'x-omen-half': half }), 401)
    assert.equal(await replayed('/signin/session', undefined, { 'x-omen-signin': ticket }), 401)
    assert.equal(await replayed('/signin/switch', { account, roleName: 'deployer', half: '' }), 401)
    assert.equal(await replayed('/signin/history', { change: 'clear' }), 401)
    assert.equal(await replayed('/signin/logout', {}), 200)
    // the other tab is still signed in, and a new one at once, at the page that its address names
    const tab = await context.newPage()
    await tab.goto(`${omen.endpoint}/_omen/roles`)
    await tab.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    await tab.reload()
    await tab.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })

  test('SGN-48: a link of another tool signs in at its destination, and leaves nothing in the address', async () => {
    await using omen = await createOmen()
    await omen.client(IAM, 'admin').createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trust })
    const { Credentials: worn } = await omen
      .client(STS, 'admin')
      .assumeRole({ RoleArn: `arn:aws:iam::${account}:role/deployer`, RoleSessionName: 'tool' })
    const federation = (fields: Record<string, string>) =>
      `${omen.endpoint}/federation?${new URLSearchParams(fields)}`
    const Session = JSON.stringify({
      sessionId: worn!.AccessKeyId,
      sessionKey: worn!.SecretAccessKey,
      sessionToken: worn!.SessionToken,
    })
    const answer = await fetch(federation({ Action: 'getSigninToken', Session }))
    const { SigninToken } = (await answer.json()) as { SigninToken: string }
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(federation({ Action: 'login', SigninToken, Destination: '/_omen/settings' }))
    await page.getByRole('banner').getByText('deployer').first().waitFor()
    assert.equal(page.url(), `${omen.endpoint}/_omen/settings`)
    await context.close()
  })

  test('SGN-49: without the console, forms sign in, switch roles and sign out', async () => {
    await using omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'alice' })
    await iam.createLoginProfile({ UserName: 'alice', Password: password })
    await iam.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trust })
    const PolicyDocument = '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}'
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument })
    await using house = await listening((asked, answer) => {
      if (asked.url === '/') return void answer.writeHead(302, { location: '/signin' }).end() // as ConsolePages leads
      const { 'sec-fetch-dest': _, ...headers } = asked.headers // which would lead into the console
      const { port } = new URL(omen.endpoint)
      const forwarded = request({ port, host: '127.0.0.1', path: asked.url, method: asked.method, headers })
      asked.pipe(forwarded)
      forwarded.on('response', (given) => {
        answer.writeHead(given.statusCode ?? 500, given.headers)
        given.pipe(answer)
      })
    })
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(house.endpoint)
    const enter = async (secret: string) => {
      await page.getByLabel('Account number or alias').fill(account)
      await page.getByLabel('User name').fill('alice')
      await page.getByLabel('Password', { exact: true }).fill(secret)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await enter('wrong')
    await page.getByRole('alert').waitFor()
    await enter(password)
    await page.getByText('You are signed in.').waitFor()
    assert.equal(page.url(), `${house.endpoint}/signin`)
    await page.goto(`${house.endpoint}/switchrole?account=${account}&roleName=missing`)
    await page.getByRole('button', { name: 'Switch role' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Role name, with its path').fill('deployer')
    await page.getByRole('button', { name: 'Switch role' }).click()
    await page.getByText('You are signed in.').waitFor()
    const { events } = await omen.omen.deps.recorder.lookUp({
      account: omen.omen.deps.firstAccount,
      attribute: { key: 'EventName', value: 'SwitchRole' },
      limit: 2,
    })
    assert.equal(events.length, 1)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed in.').waitFor({ state: 'hidden' })
    await context.close()
  })
})
