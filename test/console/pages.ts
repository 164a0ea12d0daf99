import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const source = readFileSync(new URL('../../packages/console/src/pages/pages.ts', import.meta.url), 'utf8')

/** The value of each path parameter in the furnished server. */
const samples: Readonly<Record<string, string>> = {
  '/roles/:name': '/roles/deployer',
  '/users/:name': '/users/alice',
  '/groups/:name': '/groups/developers',
  '/policies/:arn': `/policies/${encodeURIComponent('arn:aws:iam::aws:policy/ReadOnlyAccess')}`,
  '/d/:id': '/d/last',
  '/trails/:name': '/trails/audit',
  '/learn/:id': '/learn/full-access-cannot-hand',
}

/** Every page of the console, as its routes say: a new page is tested as soon as it is there. */
export const paths: readonly string[] = [...source.matchAll(/\bpath: '([^']+)'/g)].map(([, path = '']) => {
  if (!path.includes(':')) return path
  const sample = samples[path]
  if (sample === undefined) throw new Error(`name a sample of ${path}`)
  return sample
})

/** Pages that ask for nothing that may be refused, or say in words of their own what is unknown. */
export const open: ReadonlySet<string> = new Set(['/', '/switchrole', '/switchrole/chain', '/try'])

/** Goes to a page of the console without loading the console anew, and waits until it shows what it has. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    // the heading of the page that is left does not count
    if (to !== location.pathname) document.querySelector('h1')?.setAttribute('data-left', '')
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, `/_omen${path}`)
  await page.locator('h1:not([data-left])').first().waitFor()
  // neither a spinner nor the placeholder of an editor that is being loaded
  await page.waitForFunction(
    () =>
      document.querySelector('main [class*="awsui_spinner"], main pre.policy-plain:not(.policy-whole)') ===
      null,
  )
}
