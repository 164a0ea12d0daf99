import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Covered, cacheFolder, hashOf } from './coverage.ts'
import type { Mutant } from './mutants.ts'
import { runTest } from './run.ts'

/** `killed` by a test that failed or did not end; `survived` all tests that run it; `unrun`: no test runs it. */
export type Verdict = 'killed' | 'survived' | 'unrun'

export interface Judged {
  readonly mutant: Mutant
  readonly verdict: Verdict
}

/** A test file, and what it covers. */
export interface Measured {
  readonly test: string
  readonly covered: Covered
}

interface Kept {
  /** The hash of the mutated file. */
  readonly file: string
  /** The test that killed the mutant; absent if it survived. */
  readonly by?: string
  /** The hash of that test, or of all tests that it survived. */
  readonly tests: string
}

/**
 * Runs the tests that run the mutated text until one fails: the one that killed it before, then the quickest first. What was
 * found is kept: a killed mutant stays so until its file or that test changes, a survivor until any of its tests does.
 */
export async function judge(mutant: Mutant, tests: readonly Measured[]): Promise<Judged> {
  const running = tests
    .filter(({ covered }) => covered.passed && runs(covered, mutant))
    .sort((a, b) => a.covered.took - b.covered.took)
  if (running.length === 0) return { mutant, verdict: 'unrun' }
  const path = join(cacheFolder, `mutant-${mutant.id}.json`)
  const file = hashOf([mutant.file])
  const all = hashOf(running.map(({ test }) => test).sort())
  const kept = keptAt(path)
  if (kept?.file === file) {
    if (kept.by === undefined && kept.tests === all) return { mutant, verdict: 'survived' }
    if (kept.by !== undefined && isSame(kept.by, kept.tests)) return { mutant, verdict: 'killed' }
  }
  const first = running.filter(({ test }) => test === kept?.by)
  for (const { test, covered } of [...first, ...running.filter((one) => !first.includes(one))]) {
    const { ended } = await runTest(test, covered.took * 4 + 10_000, { mutant })
    if (ended === 'passed') continue
    keep(path, { file, by: test, tests: hashOf([test]) })
    return { mutant, verdict: 'killed' }
  }
  keep(path, { file, tests: all })
  return { mutant, verdict: 'survived' }
}

/** For V8 the operator of a logical expression belongs to its right side, which may not run though the operator does. */
const logical = new Set(['&&', '||', '??'])

function runs({ ran }: Covered, { file, start, from: text }: Mutant): boolean {
  const at = logical.has(text) ? start - 1 : start
  return ran[file]?.some(([from, to]) => from <= at && at < to) === true
}

function keptAt(path: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isSame(test: string, hash: string): boolean {
  try {
    return hashOf([test]) === hash
  } catch {
    return false // It was removed.
  }
}

function keep(path: string, kept: Kept): void {
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(path, JSON.stringify(kept))
}
