// The comparisons of `npm test` that take their cases from a random generator, with many more cases.
//
//   npm run soak                        all of them: an hour or more
//   npm run soak -- policy/src/witness  those whose path contains an argument
//   npm run soak -- test/nodes/wire --minutes 12
//                                       each fault of nodes over the wire for so long (default: 2): five faults in an hour

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'
import { say } from './terminal.mjs'

const soaks = [
  'policy/src/witness/witness.test.ts',
  'test/graph/accounts-twin.test.ts',
  'test/graph/cases.test.ts',
  'test/graph/coming.test.ts',
  'test/graph/cut.test.ts',
  'test/graph/kinds-',
  'test/graph/replay.test.ts',
  'test/graph/shortcuts.test.ts',
  'test/graph/transitive-twin.test.ts',
  'test/graph/twin.test.ts',
  'test/graph/worlds.test.ts',
  'test/guard/large.test.ts',
  'test/nodes/twins.test.ts',
  'test/nodes/pg',
  'test/nodes/wire.test.ts',
  'test/spec/difference.test.ts',
  'test/spec/engine.test.ts',
  'test/spec/laws.test.ts',
  'test/spec/suggest.test.ts',
  'test/wire/decision-replay.test.ts',
  'test/wire/iam/kept-answers-law.test.ts',
]

const asked = process.argv.slice(2)
const at = asked.indexOf('--minutes')
const minutes = at < 0 ? '2' : asked.splice(at, 2)[1]
if (!/^\d{1,3}$/.test(minutes ?? '')) {
  say('--minutes takes a whole number')
  process.exit(1)
}
const { status, error } = spawnSync(
  process.execPath,
  [join(root, 'scripts', 'test.mjs'), ...(asked.length > 0 ? asked : soaks)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, OMEN_SOAK: '1', OMEN_SOAK_MINUTES: minutes } },
)
if (error) throw error
process.exitCode = status ?? 1
