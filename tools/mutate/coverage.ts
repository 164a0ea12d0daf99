import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runTest } from './run.ts'

/** Where measured things are kept between runs. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'mutate')

/** What a test file runs, how long it takes by itself, and its processor time, both in milliseconds. */
export interface Covered {
  readonly took: number
  readonly used: number
  readonly passed: boolean
  /** The hash of each source file of the folder as it was then. */
  readonly sources: Readonly<Record<string, string>>
  /** By source file: the offsets that ran, as pairs of beginning and end. */
  readonly ran: Readonly<Record<string, readonly (readonly [number, number])[]>>
}

interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number
      readonly endOffset: number
      readonly count: number
    }[]
  }[]
}

/**
 * What a test file runs of the files in a folder, by V8's own coverage: types are stripped to spaces, so its offsets are those
 * of the source. Kept until the test or one of the files in question changes.
 */
export async function coveredBy(
  test: string,
  folder: string,
  files: readonly string[],
  inQuestion: readonly string[],
): Promise<Covered> {
  const kept = join(cacheFolder, `timed-${hashOf([test])}-${folder.replaceAll('/', '-')}.json`)
  try {
    const before: Covered = JSON.parse(readFileSync(kept, 'utf8'))
    if (inQuestion.every((file) => before.sources[file] === hashOf([file]))) return before
  } catch {
    // Not measured yet.
  }
  const sources = Object.fromEntries(files.map((file) => [file, hashOf([file])]))
  const reports = mkdtempSync(join(tmpdir(), 'omen-covered-'))
  try {
    const usedFile = join(reports, 'used')
    const timer = pathToFileURL(join(import.meta.dirname, 'used.ts'))
    timer.searchParams.set('to', usedFile)
    const { ended, took } = await runTest(test, 300_000, {
      env: { NODE_V8_COVERAGE: reports },
      options: [`--import=${timer.href}`],
    })
    // A test that was stopped has written nothing.
    const used = existsSync(usedFile) ? Number(readFileSync(usedFile, 'utf8')) : took
    const ran: Record<string, (readonly [number, number])[]> = {}
    const prefix = `${pathToFileURL(join(root, folder)).href}/`
    for (const report of readdirSync(reports).filter((name) => name.endsWith('.json'))) {
      const { result }: { readonly result: readonly ScriptCoverage[] } = JSON.parse(
        readFileSync(join(reports, report), 'utf8'),
      )
      for (const script of result) {
        if (!script.url.startsWith(prefix)) continue
        const file = `${folder}/${script.url.slice(prefix.length)}`
        ran[file] = [...(ran[file] ?? []), ...partsThatRan(script)]
      }
    }
    const covered: Covered = { took, used, passed: ended === 'passed', sources, ran }
    mkdirSync(cacheFolder, { recursive: true })
    writeFileSync(kept, JSON.stringify(covered))
    return covered
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

/** Of ranges that lie in each other, the innermost decides: the parts whose innermost range was counted. */
function partsThatRan(script: ScriptCoverage): readonly (readonly [number, number])[] {
  const ranges = script.functions
    .flatMap((each) => each.ranges)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  const parts: (readonly [number, number])[] = []
  const open: { end: number; ran: boolean }[] = []
  let at = 0
  const advance = (to: number) => {
    if (to > at && open.at(-1)?.ran === true) parts.push([at, to])
    at = Math.max(at, to)
  }
  const closeUntil = (start: number) => {
    for (let top = open.at(-1); top !== undefined && top.end <= start; top = open.at(-1)) {
      advance(top.end)
      open.pop()
    }
  }
  for (const { startOffset, endOffset, count } of ranges) {
    closeUntil(startOffset)
    advance(startOffset)
    open.push({ end: endOffset, ran: count > 0 })
  }
  closeUntil(Number.POSITIVE_INFINITY)
  return parts
}

/** A hash of the files' paths and texts. */
export function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex').slice(0, 24)
}
