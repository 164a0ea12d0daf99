// Begins first: a browser answers questions for twenty seconds.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page, Route } from 'playwright-core'
import { account, policyText } from '../kit/index.ts'
import { needs, openBrowser, type Visit, visit } from '../support/index.ts'

const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const allow = (Action: string | readonly string[]) =>
  policyText({ Sid: 'App', Effect: 'Allow', Action, Resource: '*' })
const trusting = (Principal: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] })

describe('pages that answer questions', needs('chromium'), () => {
  let omen: RunningOmen
  let browser: Browser
  let at: Visit
  let page: Page
  let ofWorkloads: IAM

  before(async () => {
    omen = await createOmen()
    browser = await openBrowser()
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'alice' })
    const can = allow(['sts:AssumeRole', 'iam:PassRole', 'lambda:CreateFunction'])
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'p', PolicyDocument: can })
    await iam.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: trusting({ AWS: account }) })
    const PolicyDocument = allow(['iam:ListRoles', 'sts:AssumeRole'])
    await iam.putRolePolicy({ RoleName: 'deployer', PolicyName: 'app', PolicyDocument })
    await iam.createRole({ RoleName: 'second', AssumeRolePolicyDocument: trusting({ AWS: account }) })
    const lambda = trusting({ Service: 'lambda.amazonaws.com' })
    await iam.createRole({ RoleName: 'lambda-exec', AssumeRolePolicyDocument: lambda })
    const alice = new STS(omen.as('user/alice').options)
    const { Credentials } = await alice.assumeRole({ RoleArn: role('deployer'), RoleSessionName: 'cli' })
    alice.destroy()
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }
    ofWorkloads = new IAM({ ...omen.clientConfig(), credentials })
    const chaining = new STS({ ...omen.clientConfig(), credentials })
    await chaining.assumeRole({ RoleArn: role('second'), RoleSessionName: 'inner' })
    chaining.destroy()
    await ofWorkloads.listRoles({})
    await assert.rejects(ofWorkloads.createUser({ UserName: '<b>mallory' }))
    await assert.rejects(ofWorkloads.createUser({ UserName: 'mallory' }))
    at = await visit(browser, omen)
    page = at.page
  })
  after(async () => {
    ofWorkloads?.destroy()
    await browser?.close()
    await omen?.close()
  })

  const go = async (path: string, heading: string | RegExp) => {
    await page.goto(`${omen.endpoint}/_omen${path}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  }
  const row = (name: string) => page.locator(`tr[data-event]:has-text("${name}")`).first()

  test('Events finds by filters that count together, and shows the record byte for byte', async () => {
    await go('/events?person=alice&errors=1', 'Events')
    await row('CreateUser').click()
    assert.equal(await page.locator('tr[data-event]').count(), 2)
    await page.getByText('Who really acted').waitFor()
    const chain = page.locator('.chain li')
    await chain.nth(2).waitFor()
    assert.match((await chain.nth(0).textContent()) ?? '', /user\/alice/)
    assert.match((await chain.nth(1).textContent()) ?? '', /deployer\/cli/)
    const trail = omen.client(CloudTrail, 'admin')
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'CreateUser' }]
    const { Events } = await trail.lookupEvents({ LookupAttributes })
    assert.equal(await page.locator('[data-record]').textContent(), Events?.[0]?.CloudTrailEvent)
  })

  test('Events follows what happens, and makes a policy of a selection', async () => {
    await go('/events?name=ListRoles', 'Events')
    await row('ListRoles').waitFor()
    const before = await page.locator('tr[data-event]').count()
    await ofWorkloads.listRoles({})
    await page.waitForFunction((count) => document.querySelectorAll('tr[data-event]').length > count, before)
    await row('ListRoles').getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Make a policy' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('"iam:ListRoles"').waitFor()
    await page.keyboard.press('Escape')
  })

  test('Why shows the gate that stopped a call, then and now, and what a change would allow', async () => {
    await go('/events?errors=1', 'Events')
    await row('CreateUser').getByRole('link', { name: 'Why' }).click()
    await page.getByRole('heading', { level: 1, name: 'Why: Denied' }).waitFor()
    await page.getByText('no identity-based policy allows the iam:CreateUser action').waitFor()
    await page.getByRole('button', { name: /Identity policies.*Stopped here/ }).waitFor()
    const way = page.locator('.ways > li').filter({ hasText: 'Add iam:CreateUser' }).first()
    await way.getByRole('button', { name: 'Preview' }).click()
    await way.locator('.line-new', { hasText: 'iam:CreateUser' }).waitFor()
    await way.locator('.also', { hasText: 'iam:CreateUser' }).waitFor()
    const iam = omen.client(IAM, 'admin')
    const granted = { RoleName: 'deployer', PolicyName: 'more' }
    await iam.putRolePolicy({ ...granted, PolicyDocument: allow('iam:CreateUser') })
    await page.reload()
    await page.getByText('The policies have changed since').waitFor()
    await page.getByText('As it is now').click()
    await page.getByRole('button', { name: /Identity policies.*Allows/ }).waitFor()
    await iam.deleteRolePolicy(granted)
  })

  test('a refused action of a page leads to its reason', async () => {
    const hers = await visit(browser, omen, { as: 'alice', path: '/events' })
    await hers.page.getByRole('link', { name: 'Why?' }).first().waitFor()
    await hers.page.getByText('not authorized to perform: cloudtrail:LookupEvents').first().waitFor()
    await hers.context.close()
  })

  test('Try a call counts trust and session policies, and makes a case', async () => {
    await go('/try?who=role/deployer&action=iam:ListRoles', 'Try a call')
    await page.getByRole('button', { name: 'Session policy' }).click()
    await page.locator('textarea').last().fill(allow('s3:GetObject'))
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByRole('button', { name: /Session policy.*Stopped here/ }).waitFor()
    await page.locator('textarea').last().fill('')
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByText('Allowed', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Save as a test case' }).click()
    await page.getByRole('dialog').getByText('"expect": "allowed"').waitFor()
    await page.keyboard.press('Escape')
  })

  test('Hand a mask over shows both halves, and what could be gained', async () => {
    await go('/pass?who=user/alice', 'Hand a mask over')
    await page.getByRole('button', { name: /lambda-exec to lambda.amazonaws.com: Both halves/ }).click()
    await page.getByText('user/alice gains everything that lambda-exec may do').waitFor()
    await page.getByRole('button', { name: /deployer to lambda.amazonaws.com: May be passed/ }).click()
    await page.getByText('One half is missing').waitFor()
  })

  test('Who can become whom says what is not watched, and what is not complete; a start may state its token', async () => {
    omen.omen.watchPaths({ refuse: true, limits: { principals: 2 } })
    const iam = omen.client(IAM, 'admin')
    const issuer = 'token.actions.githubusercontent.com'
    await iam.createOpenIDConnectProvider({ Url: `https://${issuer}`, ClientIDList: ['sts.amazonaws.com'] })
    const Principal = { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` }
    const Condition = { StringEquals: { [`${issuer}:sub`]: 'repo:acme/web' } }
    const statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity', Condition }
    const AssumeRolePolicyDocument = policyText(statement)
    await iam.createRole({ RoleName: 'ship', AssumeRolePolicyDocument })
    const early = async (route: Route) => {
      const response = await route.fetch()
      const body = await response.json()
      const incomplete = { maxSteps: 500_000, principals: 1_812 }
      await route.fulfill({
        response,
        json: { ...body, verdict: 'undecided', paths: [], reached: [], incomplete },
      })
    }
    await page.route(/\/_omen\/graph\/(?:paths|reach)$/, early)
    for (const path of ['/paths?view=table', '/paths?from=user/alice&view=table']) {
      await go(path, 'Who can become whom')
      await page.getByText('the search ended after 500,000 steps, and 1,812 users and roles').waitFor()
      await page.getByText('Undecided: nothing was found before the search ended.').waitFor()
      await page.getByText('New paths to an administrator are not watched').waitFor()
      await page.getByText('Changes that open one are not refused either.').waitFor()
    }
    await page.unroute(/\/_omen\/graph\/(?:paths|reach)$/, early)
    await go('/paths?from=federated:github&to=role/ship&view=table', 'Who can become whom')
    const verdict = (name: string) =>
      page
        .getByRole('row', { name: /role\/ship/ })
        .getByText(name)
        .waitFor()
    await verdict('Conditional')
    await page.getByLabel('What the token says').fill('sub=repo:acme/web\naud=sts.amazonaws.com')
    await page.getByLabel('The token has no other claims').check()
    await verdict('Proven')
    omen.omen.watchPaths({ refuse: false })
    await iam.deleteRole({ RoleName: 'ship' })
  })

  test('Who can become whom: the picture by keys alone, both halves of an arrow, its twin, and the smallest edits', async () => {
    const iam = omen.client(IAM, 'admin')
    await iam.putRolePolicy({ RoleName: 'lambda-exec', PolicyName: 'all', PolicyDocument: allow('*') })
    const invoke = { UserName: 'alice', PolicyName: 'invoke' }
    await iam.putUserPolicy({ ...invoke, PolicyDocument: allow('lambda:InvokeFunction') })
    await go('/paths?from=user/alice', 'Who can become whom')
    await page.getByText(/^Who can become whom: \d+ nodes, \d+ relations?$/).waitFor()
    const node = page.locator('[data-thing][tabindex="0"]')
    await node.focus()
    assert.match((await node.getAttribute('aria-label')) ?? '', /^user\/alice, user, 1 outgoing/)
    await page.keyboard.press('ArrowRight')
    const arrow = page.locator('[data-thing]:focus')
    assert.match(
      (await arrow.getAttribute('aria-label')) ?? '',
      /^user\/alice to role\/lambda-exec: .*, Proven$/,
    )
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'user/alice → role/lambda-exec' }).waitFor()
    const half = page.locator('.path-half', { hasText: 'The role lets it' })
    assert.match((await half.first().textContent()) ?? '', /lambda\.amazonaws\.com/)
    await page.getByText('"iam:PassRole"').first().waitFor()
    await page.getByRole('button', { name: 'Break this' }).click()
    await page.getByText('The smallest edits that end it').waitFor()
    await page.locator('.ways > li').first().waitFor()
    await arrow.or(node).first().focus()
    await page.keyboard.press('t')
    const row = page.getByRole('row', { name: /user\/alice.*role\/lambda-exec/ }).first()
    await row.waitFor()
    assert.match((await row.textContent()) ?? '', /Proven/)
    await go('/paths?view=table', 'Who can become whom')
    await page.getByRole('button', { name: 'Show the paths of user/alice' }).waitFor()
    await go('/roles/lambda-exec', 'lambda-exec')
    await page.getByRole('tab', { name: 'Wearers' }).click()
    await page
      .getByRole('row', { name: /user\/alice/ })
      .getByText('Proven')
      .waitFor()
    await page.getByRole('tab', { name: 'Services' }).click()
    await page.getByText('What could be gained by handing it over').waitFor()
    await page.getByText('role/lambda-exec (an administrator)').waitFor()
    await iam.deleteRolePolicy({ RoleName: 'lambda-exec', PolicyName: 'all' })
    await iam.deleteUserPolicy(invoke)
  })

  test('An arrow that two principals make together says who, with the statement of each call', async () => {
    const iam = omen.client(IAM, 'admin')
    const one = (Action: string, Resource = '*') =>
      JSON.stringify({
        Statement: [
          { Effect: 'Allow', Action, Resource },
          { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' },
        ],
      })
    await iam.createUser({ UserName: 'pair' })
    const trust = trusting({ AWS: `arn:aws:iam::${account}:user/pair` })
    for (const [RoleName, ...actions] of [
      ['maker', 'iam:PassRole', 'lambda:CreateFunction'],
      ['invoker', 'lambda:InvokeFunction'],
    ]) {
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust })
      for (const action of actions)
        await iam.putRolePolicy({
          RoleName,
          PolicyName: action.replace(':', '-'),
          PolicyDocument: one(action),
        })
    }
    await iam.putRolePolicy({ RoleName: 'lambda-exec', PolicyName: 'all', PolicyDocument: allow('*') })
    // nobody is named in From
    await go('/paths', 'Who can become whom')
    const arrow = page.getByRole('button', {
      name: /^role\/maker to role\/lambda-exec: .*with role\/invoker, Proven$/,
    })
    await arrow.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Only together with role/invoker').waitFor()
    await page.getByText('role/maker to role/lambda-exec: Proven').waitFor({ state: 'attached' })
    const call = page.locator('.path-request', { hasText: 'lambda:InvokeFunction' })
    assert.match((await call.textContent()) ?? '', /^role\/invoker: lambda:InvokeFunction on /)
    assert.match((await call.locator('pre').textContent()) ?? '', /"Action": "lambda:InvokeFunction"/)
    // each call has its own statement, also if its policy is on one line
    for (const pre of await page.locator('.path-request pre').allTextContents())
      assert.doesNotMatch(pre, /s3:ListBucket/)
    await page.getByText('Steps of the path before it').waitFor()
    // of the call that is refused, the Deny is shown
    const Deny = { Effect: 'Deny', Action: 'lambda:InvokeFunction', Resource: '*' }
    const PolicyDocument = JSON.stringify({ Statement: [Deny] })
    await iam.putRolePolicy({ RoleName: 'invoker', PolicyName: 'no', PolicyDocument })
    await go('/paths?from=user/pair&to=role/lambda-exec', 'Who can become whom')
    await page.getByText('Also show what is blocked').click()
    await page.getByRole('button', { name: /^role\/maker to role\/lambda-exec: .*, Blocked$/ }).press('Enter')
    await page.getByText(/^role\/invoker: no of invoker:1:\d+ denies lambda:InvokeFunction/).waitFor()
    await page.locator('.path-half pre', { hasText: '"Effect": "Deny"' }).waitFor()
    await go('/paths?from=user/pair&to=role/lambda-exec&view=table', 'Who can become whom')
    await page.getByRole('row', { name: /role\/maker.*PassRole to lambda/ }).waitFor()
    for (const RoleName of ['maker', 'invoker']) {
      const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName })
      for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName })
      await iam.deleteRole({ RoleName })
    }
    await iam.deleteUser({ UserName: 'pair' })
    await iam.deleteRolePolicy({ RoleName: 'lambda-exec', PolicyName: 'all' })
  })

  test('What a step rests on is said in words, in both languages', async () => {
    const iam = omen.client(IAM, 'admin')
    const helper = { UserName: 'alice', PolicyName: 'passwords' }
    await iam.createUser({ UserName: 'other' })
    await iam.putUserPolicy({ ...helper, PolicyDocument: allow('iam:CreateLoginProfile') })
    for (const [language, rests, words] of [
      ['en', 'What it rests on', /^no console password: no password noLoginProfile$/],
      ['ja', '前提となる事実', /^コンソールのパスワードがないこと: パスワードなし noLoginProfile$/],
    ] as const) {
      await page.goto(`${omen.endpoint}/_omen/paths?from=user/alice&to=user/other&lang=${language}`)
      await page.getByRole('button', { name: /^user\/alice .* user\/other: / }).press('Enter')
      await page.getByText(rests).click()
      await page.getByText(words).waitFor()
    }
    await page.goto(`${omen.endpoint}/_omen/paths?lang=en`)
    await iam.deleteUserPolicy(helper)
    await iam.deleteUser({ UserName: 'other' })
  })

  test('Sessions draws chains inside each other, and revokes as AWS does', async () => {
    await go('/sessions', 'Sessions')
    const outer = page.locator('.session:not(.is-nested)').filter({ hasText: 'deployer/cli' })
    await outer.locator('.is-nested', { hasText: 'second/inner' }).waitFor()
    await outer.getByRole('button', { name: 'Revoke sessions' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke sessions' }).click()
    await outer.getByText('Revoked').first().waitFor()
    await assert.rejects(ofWorkloads.listRoles({}), /explicit deny/)
    const iam = omen.client(IAM, 'admin')
    await iam.deleteRolePolicy({ RoleName: 'deployer', PolicyName: 'AWSRevokeOlderSessions' })
  })

  test('Policy stream grows the least policy as calls come', async () => {
    await go('/stream?who=alice', 'Policy stream')
    await page.getByText('Waiting for calls.').waitFor()
    await page.waitForTimeout(500)
    await ofWorkloads.listRoles({})
    await page.locator('[data-policy]', { hasText: 'iam:ListRoles' }).waitFor()
    await page.getByText('needed 1 new permission').waitFor()
  })

  test('the palette finds roles, decisions and pages; single keys can be turned off', async () => {
    await go('/', 'Home')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('second')
    await page
      .getByRole('option', { name: /second/ })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /second/ }).waitFor()
    await page
      .getByRole('banner')
      .getByRole('button', { name: /Search or ask/ })
      .click()
    await page.getByRole('combobox').fill(role('deployer'))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /deployer/ }).waitFor()
    const found = async (text: string, option: RegExp) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill(text)
      await page.getByRole('option', { name: option }).first().waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('combobox').waitFor({ state: 'detached' })
    }
    await found('instance prof', /^Instance profiles/)
    await found('organiz', /^Organization/)
    await found('iam:CreateUser arn', /mallory.*Denial/)
    await found('arn:aws:cloudtrail:us-east-1:123456789012:trail/audit', /trail\/audit.*ARN/)
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Use single keys as shortcuts').click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForTimeout(200)
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
  })

  test('no page threw', () => assert.deepEqual(at.errors, []))
})
