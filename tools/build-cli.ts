// Bundles the command `omen` for the tests that start it: what starts hundreds of times reads few files.
//
//   node --conditions=@omen/source tools/build-cli.ts     writes the module that makes a process of Node run the bundle
//
// It is kept beside what else can be made again, under the hash of its sources.

import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainValue } from '../packages/server/src/shape/index.ts'
import { readTree } from '../packages/server/src/sources/index.ts'
import { bundle } from './build/bundle.ts'
import { packages } from './build/packages.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const server = join(root, 'packages', 'server')
const kept = join(root, 'node_modules', '.cache', 'omen', 'cli')

/** What a module of the server names beside its own sources. */
const beside = {
  models: join(server, 'models'),
  data: join(server, 'data'),
  schemas: join(server, 'schemas'),
  dashboards: join(server, 'dashboards'),
  'package.json': join(server, 'package.json'),
  console: join(root, 'packages', 'console', 'dist'),
}

const hook = `import { registerHooks } from 'node:module'
const url = new URL('./dist/cli.js', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'omen-iam/cli' ? { url, shortCircuit: true } : next(specifier, context),
})
`

const folder = join(
  kept,
  hashOf([
    'packages/server/src',
    'packages/server/lessons',
    'packages/policy/src',
    'tools/build',
    'tools/build-cli.ts',
  ]),
)
if (!existsSync(folder)) {
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  for (const [name, target] of Object.entries(beside)) symlinkSync(target, join(draft, name))
  writeLessons(join(draft, 'lessons'))
  const built = packages.server
  if (built === undefined) throw new Error('there is no package server')
  await bundle(server, built, { folder: draft, within: /^@omen-iam\// })
  writeFileSync(join(draft, 'hook.mjs'), hook)
  if (existsSync(folder)) rmSync(draft, { recursive: true })
  else renameSync(draft, folder)
  removeOld()
}
console.log(join(folder, 'hook.mjs'))

/** The lessons as JSON, which is read in a tenth of the time of YAML: most commands of `omen learn` read all of them. */
function writeLessons(folder: string): void {
  mkdirSync(folder)
  const lessons = join(server, 'lessons')
  for (const name of readdirSync(lessons)) {
    const tree = readTree(readFileSync(join(lessons, name), 'utf8'), name)
    if (tree.type === 'problem') throw new Error(`${name}: ${tree.message}`)
    writeFileSync(join(folder, name.replace(/\.yaml$/, '.json')), JSON.stringify(plainValue(tree)))
  }
}

/** Bundles of earlier sources, once no test can still run them. */
function removeOld(): void {
  const day = 86_400_000
  for (const name of readdirSync(kept)) {
    const path = join(kept, name)
    if (path !== folder && statSync(path).mtimeMs < Date.now() - day)
      rmSync(path, { recursive: true, force: true })
  }
}

function hashOf(places: readonly string[]): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const place of places)
    for (const file of filesOf(place)) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

function filesOf(place: string): readonly string[] {
  if (isSource(place)) return [place]
  const entries = readdirSync(join(root, place), { withFileTypes: true })
  return entries
    .map((entry) => ({ path: `${place}/${entry.name}`, isFolder: entry.isDirectory() }))
    .filter(({ path, isFolder }) => isFolder || isSource(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path, isFolder }) => (isFolder ? filesOf(path) : [path]))
}

function isSource(path: string): boolean {
  return /\.(?:ts|yaml)$/.test(path) && !path.endsWith('.test.ts')
}
