import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { managedPolicies } from '../../packages/server/src/authorization/catalogue/index.ts'

const policies = 1000
const size = 2000
const rounds = 3
const cli = fileURLToPath(new URL('../../packages/server/bin/omen.mjs', import.meta.url))

/** What any checker must do at least: start, read each file, parse it. */
const reader =
  "const fs = require('node:fs'); for (const name of fs.readdirSync('.')) JSON.parse(fs.readFileSync(name, 'utf8'))"

/** `omen policy lint` of 1,000 policies of some 2 kB, as a process of its own, beside one that only parses them. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-lint-'))
  try {
    const bytes = writePolicies(folder)
    const run = (args: readonly string[]) => {
      const begin = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 })
      if (status !== 0 && status !== 1) throw new Error(String(stderr))
      return performance.now() - begin
    }
    const all = Array.from({ length: rounds }, () => [
      run(['-e', reader]),
      run(['--conditions=@omen/source', cli, 'policy', 'lint', '.', '--output', 'sarif']),
      run(['--conditions=@omen/source', cli, '--version']),
    ])
    const [read = 0, lint = 0, started = 0] = [0, 1, 2].map((column) =>
      Math.min(...all.map((row) => row[column] ?? 0)),
    )
    process.stdout.write(
      `${policies} policies, ${Math.round(bytes / policies)} bytes each: lint ${lint.toFixed(0)} ms, of which ${started.toFixed(0)} are the start; ` +
        `reading and parsing alone ${read.toFixed(0)} ms; ratio ${(lint / read).toFixed(1)}\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Statements of AWS's managed policies, so many in each file that it is as long as wanted. Returns all bytes. */
function writePolicies(folder: string): number {
  const statements = managedPolicies()
    .list()
    // a policy of AWS has statements, each an object
    .flatMap(({ document }) => (JSON.parse(document) as { Statement: unknown }).Statement)
    .filter((statement) => JSON.stringify(statement).length < size)
  let at = 0
  let bytes = 0
  for (let file = 0; file < policies; file++) {
    const chosen: unknown[] = []
    let text = ''
    while (text.length < size) {
      // statements are objects
      chosen.push({ ...(statements[at++ % statements.length] as object), Sid: `S${chosen.length}` })
      text = JSON.stringify({ Version: '2012-10-17', Statement: chosen }, null, 2)
    }
    bytes += text.length
    writeFileSync(join(folder, `${file}.json`), text)
  }
  return bytes
}
