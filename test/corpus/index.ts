import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'

export { Names } from './names.ts'

// A corpus is a file of cases, each with everything that the code says of it. A line that begins in the first column is a
// case, `#` begins a comment, and the indented lines below a case are what is expected. `REWRITE_CORPUS=1 node … FILE.test.ts` writes a
// corpus anew: read each changed line before it is kept, because it states what is right.

/** Compares what the code says with a corpus, or writes it anew. `linesOf` returns the lines that belong below a case. */
export function checkCorpus(path: string, linesOf: (input: string) => readonly string[]): void {
  const kept = readFileSync(path, 'utf8')
  const now = kept
    .split('\n')
    .filter((line) => !line.startsWith('  '))
    .flatMap((line) =>
      line === '' || line.startsWith('#') ? [line] : [line, ...linesOf(line).map((each) => `  ${each}`)],
    )
    .join('\n')
  if (process.env.REWRITE_CORPUS !== undefined) writeFileSync(path, now)
  if (process.env.REWRITE_CORPUS !== undefined || now === kept) return
  const [lines, expected] = [now.split('\n'), kept.split('\n')]
  const at = lines.findIndex((line, index) => line !== expected[index])
  const around = (all: readonly string[]) => all.slice(Math.max(0, at - 3), at + 8)
  assert.deepEqual(around(lines), around(expected), `${path}:${at + 1}`)
  assert.equal(lines.length, expected.length, path)
}
