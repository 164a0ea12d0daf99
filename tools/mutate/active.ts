import { readFileSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { threadId } from 'node:worker_threads'

/**
 * Loaded before a test (`--import`): the files that MUTANT names are loaded with other texts. Processes that the
 * test starts inherit it; no file changes on the disk, so runs do not disturb each other.
 */
const asked: Asked = JSON.parse(process.env.MUTANT!)

/** One text of a file is replaced; or all of some files, by those that say in `$hits` what they reach. */
type Asked =
  | { readonly url: string; readonly start: number; readonly end: number; readonly to: string }
  | { readonly texts: string; readonly mutants: number; readonly reached: string }

if ('texts' in asked) measure(asked)
else {
  replaceTexts((url, source) =>
    url === asked.url ? source.slice(0, asked.start) + asked.to + source.slice(asked.end) : undefined,
  )
}

/** Loads instrumented texts, and writes the numbers of the mutants that were reached into a file of its own. */
function measure({
  texts,
  mutants,
  reached,
}: {
  readonly texts: string
  readonly mutants: number
  readonly reached: string
}): void {
  const files: Readonly<Record<string, string>> = JSON.parse(readFileSync(texts, 'utf8'))
  const hits = new Uint8Array(mutants)
  Object.assign(globalThis, { $hits: hits })
  replaceTexts((url) => {
    const file = files[url]
    return file === undefined ? undefined : readFileSync(file, 'utf8')
  })
  let before = 0
  const write = () => {
    const numbers = [...hits.keys()].filter((number) => hits[number] === 1)
    if (numbers.length === before) return
    before = numbers.length
    writeFileSync(`${reached}/${process.pid}-${threadId}`, numbers.join(' '))
  }
  setInterval(write, 100).unref()
  process.on('exit', write)
}

function replaceTexts(textOf: (url: string, source: string) => string | undefined): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith('.ts')) return loaded
      const source = textOf(url, String(loaded.source))
      return source === undefined ? loaded : { ...loaded, source }
    },
  })
}
