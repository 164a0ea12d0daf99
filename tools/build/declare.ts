import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** `import type { A as B } from './c.ts'`, in the form in which the compiler writes declarations. */
const statement = /^(import|export)\s+(?:type\s+)?(\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s+from\s+'(\.[^']+)';?$/gm
/** `import('./c.ts').A` within a type. */
const inline = /\bimport\('(\.[^']+)'\)\.(\w+)/g

/**
 * Writes declarations into dist/types: those of the modules named, and what these need of the others. A room's face
 * (index.ts) exports much that nobody outside the package sees; only the lines that are needed are published.
 */
export function declare(root: string, folder: string, modules: readonly string[]): void {
  const all = mkdtempSync(join(tmpdir(), 'omen-types-'))
  try {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const args = [
      tsc,
      '-p',
      join(folder, 'tsconfig.json'),
      '--emitDeclarationOnly',
      '--noCheck', // `npm run check` checks the types of all sources
      '--singleThreaded',
      '--outDir',
      all,
    ]
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`the declarations of ${folder} could not be made`)
    for (const [file, text] of needed(all, modules)) {
      const published = join(folder, 'dist', 'types', file)
      mkdirSync(dirname(published), { recursive: true })
      writeFileSync(published, text)
    }
  } finally {
    rmSync(all, { recursive: true, force: true })
  }
}

/** The declarations to publish, by file. */
function needed(all: string, modules: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const names = new Map<string, Set<string>>()
  const waiting: string[] = []
  const need = (file: string, name: string) => {
    const known = names.get(file) ?? new Set()
    if (known.has(name)) return
    names.set(file, known.add(name))
    waiting.push(file)
  }
  for (const module of modules) need(`${module}.d.ts`, '*')
  for (const file of waiting) {
    const text = readFileSync(join(all, file), 'utf8')
    const wanted = names.get(file)!
    const other = (path: string) => join(dirname(file), path.replace(/\.[jt]s$/, '.d.ts'))
    const isFace = text.replace(statement, '').trim() === '' && !wanted.has('*')
    texts.set(
      file,
      text.replace(statement, (whole, kind: string, list: string, path: string) => {
        if (list === '*') {
          for (const name of isFace ? wanted : ['*']) need(other(path), name)
          return whole
        }
        if (list.startsWith('*')) {
          if (kind === 'export' && isFace && !wanted.has(list.split(/\s+/).at(-1)!)) return ''
          need(other(path), '*')
          return whole
        }
        const kept = membersOf(list).filter(({ as }) => kind === 'import' || !isFace || wanted.has(as))
        for (const { name } of kept) need(other(path), name)
        return kept.length === 0 ? '' : whole.replace(list, `{ ${kept.map(({ text }) => text).join(', ')} }`)
      }),
    )
    for (const [, path = '', name = ''] of text.matchAll(inline)) need(other(path), name)
  }
  return texts
}

/** The members of `{ A, type B as C }`. */
function membersOf(list: string): { readonly text: string; readonly name: string; readonly as: string }[] {
  return list
    .slice(1, -1)
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
    .map((text) => {
      const [name = '', as = name] = text.replace(/^type\s+/, '').split(/\s+as\s+/)
      return { text, name, as }
    })
}
