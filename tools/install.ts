// Installs what is published into a folder outside the checkout, as the container image has it:
//
//   node tools/install.ts FOLDER

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installLocked, pack } from './build/install.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder: node tools/install.ts FOLDER')

const tarballs = mkdtempSync(join(tmpdir(), 'omen-packed-'))
try {
  const packed = await pack(root, tarballs)
  await installLocked(
    root,
    resolve(folder),
    packed.map(({ filename }) => join(tarballs, filename)),
  )
} finally {
  rmSync(tarballs, { recursive: true, force: true })
}
