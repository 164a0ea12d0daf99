import { readdirSync, readFileSync } from 'node:fs'
import { join, matchesGlob, relative, sep } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Every file of the repository that fits one of the globs, sorted, as paths from its root. */
export function filesLike(...globs: readonly string[]): readonly string[] {
  return everyFile.filter((path) => fits(path, globs))
}

/** Whether a path fits one of the globs. */
export function fits(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(path, glob))
}

/** A file's text by its path from the repository's root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Fails with one line a breach, so that all are seen at once. */
export function noBreach(breaches: readonly string[]): void {
  if (breaches.length > 0) throw new Error(`${breaches.length} breaches:\n${breaches.join('\n')}`)
}

/** What is made and not written, as .gitignore names it: packing makes and removes such files while tests run. */
const ignored = [
  '.git',
  ...readText('.gitignore')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\/$/, ''))
    .map((line) => (line.includes('/') ? line.replace(/^\//, '') : `**/${line}`)),
]

const everyFile = [...walk(root)].sort()

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const name = relative(root, path).split(sep).join('/')
    if (fits(name, ignored)) continue
    if (entry.isDirectory()) yield* walk(path)
    else if (entry.isFile()) yield name
  }
}
