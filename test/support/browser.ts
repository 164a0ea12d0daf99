import type { RunningOmen } from 'omen-iam'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { toolPath } from './needs.ts'

/** How Chromium starts where there is no screen: as root it has no sandbox of its own, and it asks no host of the world. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the machine's Chromium. @throws if there is none */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: toolPath('chromium'), args })
}

export interface VisitOptions {
  readonly as?: string
  readonly path?: string
  readonly language?: 'en' | 'ja'
  readonly width?: number
  readonly height?: number
  readonly appearance?: 'light' | 'dark'
}

/** A page of the console, and what went wrong in it. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors that a script threw or wrote to the console. That the server refused a call is none. */
  readonly errors: string[]
}

/** Opens the console in a browser of its own, signed in by a one-time link. */
export async function visit(browser: Browser, omen: RunningOmen, options: VisitOptions = {}): Promise<Visit> {
  const {
    as = 'admin',
    path = '/',
    language = 'en',
    width = 1_280,
    height = 900,
    appearance = 'light',
  } = options
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'ja' ? 'ja-JP' : 'en-US',
    colorScheme: appearance,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text())
  })
  const link = await omen.omen.consoleLink(as)
  if (link === undefined) throw new Error('the console is not built: node scripts/setup.mjs')
  await page.goto(omen.endpoint + link)
  await page.getByRole('banner').getByRole('button').last().waitFor()
  await page.waitForURL((url) => url.pathname === '/_omen/')
  if (path !== '/') await page.goto(`${omen.endpoint}/_omen${path}`)
  return { page, context, errors }
}
