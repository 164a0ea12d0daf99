// The comparisons of `npm test` that take their cases from a random generator, with many more cases.
//
//   npm run soak                        all of them: an hour or more
//   npm run soak -- policy/src/witness  those whose path contains an argument

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'

const soaks = ['policy/src/witness/witness.test.ts', 'test/nodes/twins.test.ts', 'test/nodes/pg']

const asked = process.argv.slice(2)
const { status, error } = spawnSync(
  process.execPath,
  [join(root, 'scripts', 'test.mjs'), ...(asked.length > 0 ? asked : soaks)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, OMEN_SOAK: '1' } },
)
if (error) throw error
process.exitCode = status ?? 1
