// Builds what a package publishes into its dist/: `prepack` of each package calls it.
//
//   node tools/build.ts policy server
//   node tools/build.ts --clean policy server     takes away what was built: a checkout runs its sources

import { cpSync, existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './build/bundle.ts'
import { declare } from './build/declare.ts'
import { packages } from './build/packages.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const args = process.argv.slice(2)
const clean = args.includes('--clean')

for (const name of args.filter((arg) => arg !== '--clean')) {
  const built = packages[name]
  if (built === undefined) throw new Error(`there is no package ${name}: ${Object.keys(packages).join(', ')}`)
  const folder = join(root, 'packages', name)
  for (const made of ['dist', ...built.copies.map(([, to]) => to)])
    rmSync(join(folder, made), { recursive: true, force: true })
  if (clean) continue
  await bundle(folder, built)
  declare(root, folder, built.types)
  for (const [from, to] of built.copies) {
    if (!existsSync(join(root, from)))
      throw new Error(`${from} is not there: node scripts/setup.mjs makes it`)
    cpSync(join(root, from), join(folder, to), { recursive: true })
  }
}
