import type { Page } from 'playwright-core'

/** The longest task of a page's main thread while something runs, in milliseconds of the processor. */
export async function longestTask(page: Page, run: () => Promise<void>): Promise<number> {
  const browser = page.context().browser()
  await browser?.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  await run()
  await page.waitForTimeout(500)
  const trace = JSON.parse(String(await browser?.stopTracing())) as Trace // what Chromium writes
  const main = trace.traceEvents.find(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  )
  const tasks = trace.traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && pid === main?.pid && tid === main?.tid,
  )
  return Math.round(tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1_000)
}

/** What is read of a trace. */
interface Trace {
  readonly traceEvents: readonly {
    readonly name: string
    readonly pid: number
    readonly tid: number
    /** Microseconds of the processor. */
    readonly tdur?: number
    readonly args?: { readonly name?: string }
  }[]
}
