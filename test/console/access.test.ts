// Begins first: a browser draws each page many times, for more than a minute.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import type { AxeResults } from 'axe-core'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Browser, Page } from 'playwright-core'
import { systemClock } from '../../packages/server/src/base/index.ts'
import { furnish } from '../../tools/picture/house.ts'
import { allow, policyText } from '../kit/index.ts'
import { practiceIn } from '../learn/practice-parts.ts'
import { needs, openBrowser, visit } from '../support/index.ts'
import { goTo, open, paths } from './pages.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const hostile = `<img src=x onerror="document.title='owned'">'"&lt;/script>`
/** Text that would turn its neighbours around if it were not set apart. */
const rightToLeft = 'אבג.def/1'

interface Axe {
  readonly axe: { run(context: string, options: object): Promise<AxeResults> }
}

const none: readonly string[] = []

describe('every page of the console', { ...needs('chromium'), timeout: 300_000 }, () => {
  let omen: RunningOmen
  let browser: Browser
  let page: Page
  let errors: string[]
  const violations: string[] = []
  const { practice } = practiceIn(systemClock)

  before(async () => {
    omen = await createOmen()
    await furnish(omen)
    omen.omen.practice.ask = (question) => practice.answer(question)
    const iam = omen.client(IAM, 'admin')
    await iam.createGroup({ GroupName: 'developers' })
    const trail = { Name: 'audit', S3BucketName: 'audit-logs' }
    await omen.client(CloudTrail, 'admin').createTrail(trail)
    await iam.updateRole({ RoleName: 'deployer', Description: `${hostile}${'x'.repeat(900)}` })
    for (const [Key, Value] of [
      ['markup', '_b_bold_/b_'],
      ['long', 'y'.repeat(256)],
      ['right-to-left', rightToLeft],
    ] as const)
      await iam.tagRole({ RoleName: 'deployer', Tags: [{ Key, Value }] })
    await iam.putRolePolicy({
      RoleName: 'deployer',
      PolicyName: 'hostile',
      PolicyDocument: policyText(allow('s3:GetObject', `arn:aws:s3:::b/${hostile}${'z'.repeat(4_000)}`)),
    })
    browser = await openBrowser()
    const opened = await visit(browser, omen, { as: 'admin' })
    page = opened.page
    page.setDefaultTimeout(20_000)
    errors = opened.errors
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text())
    })
    await page.evaluate(`${axe};undefined`)
  })
  after(async () => {
    await practice.close()
    await omen.close()
    await browser?.close()
  })

  /** Of the whole page, or of what is within the frame that all pages share. */
  const violationsOf = async (within: 'html' | 'main', only?: string) => {
    const { violations } = await page.evaluate(
      ([context, rule]) =>
        (window as unknown as Axe).axe.run(context, {
          resultTypes: ['violations'],
          preload: false, // no rule that runs reads style sheets
          ...(rule === undefined ? {} : { runOnly: [rule] }),
        }),
      [within, only] as const,
    )
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 300)).join(' | ')}`,
    )
  }

  for (const path of paths)
    test(`${path} has no violation that axe finds, in light and in dark`, async () => {
      await goTo(page, path)
      const within = path === '/' ? 'html' : 'main'
      const light = await violationsOf(within)
      await page.getByRole('button', { name: 'Use dark mode' }).click()
      const dark = await violationsOf(within, 'color-contrast')
      await page.getByRole('button', { name: 'Use light mode' }).click()
      assert.deepEqual({ light, dark }, { light: [], dark: [] })
    })

  test('reads at 390 pixels and at a zoom of 400 % without scrolling sideways, and shows markup as text', async () => {
    const wide: string[] = []
    for (const path of paths) {
      await page.setViewportSize({ width: 390, height: 800 })
      await goTo(page, path)
      const squeezed = await page
        .locator('.event-name')
        .evaluateAll((names) =>
          names.filter(
            ({ clientWidth, parentElement }) => clientWidth < 0.45 * (parentElement?.clientWidth ?? 0),
          ),
        )
      assert.equal(squeezed.length, 0, `${path}: names of events beside long error codes`)
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 800 })
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (beyond > 0) wide.push(`${path} at ${width}: ${beyond}`)
      }
      assert.equal(await page.locator('img[src="x"]').count(), 0, path)
      assert.doesNotMatch(await page.title(), /owned/)
    }
    await page.setViewportSize({ width: 1_280, height: 900 })
    assert.deepEqual(wide, [])
    await goTo(page, '/roles/deployer')
    await page.getByText('<img src=x onerror=', { exact: false }).first().waitFor()
    await page.getByRole('tab', { name: 'Tags' }).click()
    assert.equal(await page.getByText(rightToLeft, { exact: true }).getAttribute('dir'), 'auto')
  })

  for (const { who, may } of [
    { who: 'nobody', may: none },
    { who: 'auditor-of-all', may: ['SecurityAudit', 'ReadOnlyAccess'] },
  ])
    test(`opens as ${who}, and says in AWS's words what is refused`, async () => {
      const iam = omen.client(IAM, 'admin')
      await iam.createUser({ UserName: who })
      for (const name of may)
        await iam.attachUserPolicy({ UserName: who, PolicyArn: `arn:aws:iam::aws:policy/${name}` })
      const visited = await visit(browser, omen, { as: who })
      visited.page.setDefaultTimeout(20_000)
      const sentence = visited.page.getByRole('main').getByText(
        // the second is Organizations' own (behaviour ORG-108)
        new RegExp(
          `user/${who} is not authorized to perform: \\w+:\\w+|You don't have permissions to access this resource`,
        ),
      )
      for (const path of paths) {
        await goTo(visited.page, path)
        // ReadOnlyAccess does not have sts:DecodeAuthorizationMessage, which a decision asks for, nor actions of Omen
        const isRefused = may.length > 0 ? /^\/(?:d\/last|paths|learn.*)$/.test(path) : !open.has(path)
        if (isRefused)
          await sentence
            .first()
            .waitFor()
            .catch(() => assert.fail(`${path} shows no refusal: is it \`open\` (pages.ts)?`))
        else assert.equal(await sentence.count(), 0, path)
      }
      assert.deepEqual(visited.errors, [])
      await visited.context.close()
    })

  test('keeps no secret in the address, in what outlives the tab, or in the markup', async () => {
    const { secret, token, kept, markup, cookies } = await page.evaluate(() => {
      const { credentials } = JSON.parse(sessionStorage.getItem('omen.identity') ?? '{}')
      return {
        secret: credentials.secretAccessKey as string,
        token: credentials.sessionToken as string,
        kept: JSON.stringify({ ...localStorage }),
        markup: document.documentElement.outerHTML,
        cookies: document.cookie,
      }
    })
    assert.ok(secret.length > 20 && token.length > 100)
    for (const place of [page.url(), kept, markup])
      for (const each of [secret, token]) assert.ok(!place.includes(each))
    assert.equal(cookies, '')
    const [cookie] = await page.context().cookies(`${omen.endpoint}/signin`)
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/signin'])
  })

  test('breaks no rule of its content security policy, and throws nothing', () => {
    assert.deepEqual(violations, [])
    assert.deepEqual(errors, [])
  })
})
