import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { getTools } from '../../scripts/tools.mjs'

/** A package manager that has two of three packages and refuses a command that names the third, as apt-get does. */
const packageManager = (bin: string) => `#!/bin/sh
echo "$*" >> ${bin}/calls
case "$*" in *update) exit 0 ;; esac
case "$*" in *gone*) echo "E: Unable to locate package gone"; exit 100 ;; esac
for name in "$@"; do
  case "$name" in -*|install) continue ;; esac
  printf '#!/bin/sh\\necho "$0 %s"\\n' "$name" > ${bin}/$name
  /bin/chmod 755 ${bin}/$name
done
`

test('set-up installs one by one; what cannot be had is named once, and is an error only where nothing may lack', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-tools-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const tool = (name: string) => ({
    label: `the tool ${name}`,
    debian: name,
    command: name,
    probe: [],
    proof: new RegExp(` ${name}$`, 'm'),
  })
  const wanted = { first: tool('first'), gone: tool('gone'), last: tool('last') }
  const file = join(folder, 'found.json')
  const said: string[] = []
  const get = (more: object = {}) =>
    getTools({
      wanted,
      places: { path: bin, system: ['/bin'] },
      mayInstall: true,
      mustHaveAll: false,
      file,
      tell: (line) => void said.push(line),
      ...more,
    })
  writeFileSync(join(bin, 'apt-get'), packageManager(bin))
  chmodSync(join(bin, 'apt-get'), 0o755)
  get({ mayInstall: false })
  assert.equal(said.length, 3, 'each is named once')
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {})
  said.length = 0
  get()
  assert.deepEqual(said, [
    'installing first and gone and last with apt-get',
    'the tool gone is missing (Debian: apt-get install gone); the tests that need it are skipped',
  ])
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
    first: join(bin, 'first'),
    last: join(bin, 'last'),
  })
  const calls = readFileSync(join(bin, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.replace(/^-qq (?:install -y --no-install-recommends )?/, ''))
  assert.deepEqual(calls, ['first gone last', 'update', 'first gone last', 'first', 'gone', 'last'])
  assert.throws(
    () => get({ mustHaveAll: true }),
    /^Error: the tool gone is missing \(Debian: apt-get install gone\)$/,
  )
})
