import { posix } from 'node:path'
import { filesLike, readText } from './files.ts'
import { lineAt, readSource } from './source.ts'

const everything = new Set(filesLike('packages/**'))
const declaration = /^export\s+(?:default\s+)?(?:async\s+|abstract\s+)*(?:function\s*\*?|class)\s*(\w+)/gm
const arrow = /^export\s+const\s+(\w+)[^=\n]*=\s*(?:async\s+)?(?:<[^>]*>)?(?:\([^()]*\)[^=;\n(]*|\w+\s*)=>/gm
const reexport = /^export\s+(?:type\s+)?(\*|\{[^}]*\})\s*from\s*(['"])/gm

/** The functions and classes that these index files export, directly or from elsewhere, without a doc comment. */
export function undocumented(indexFiles: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const file of indexFiles) {
    for (const [module, names] of exportsOf(file)) {
      for (const { name, line } of bare(module)) {
        if (names === 'all' || names.has(name)) found.add(`${module}:${line} ${name}`)
      }
    }
  }
  return [...found].sort()
}

/** The modules that an index exports from, itself included, and which names of each. */
function exportsOf(file: string): ReadonlyMap<string, ReadonlySet<string> | 'all'> {
  const { code, text } = readSource(readText(file))
  const modules = new Map<string, ReadonlySet<string> | 'all'>([[file, 'all']])
  for (const match of code.matchAll(reexport)) {
    const start = match.index + match[0].length
    const specifier = text.slice(start, text.indexOf(match[2]!, start))
    const module = posix.join(posix.dirname(file), specifier)
    // A missing file is the import table's to report.
    if (everything.has(module)) modules.set(module, match[1] === '*' ? 'all' : namesIn(match[1]!))
  }
  return modules
}

/** The names that `{ a, type b, c as d }` takes from its module. */
function namesIn(list: string): ReadonlySet<string> {
  const names = list.slice(1, -1).split(',')
  return new Set(
    names.map(
      (name) =>
        name
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/)[0]!,
    ),
  )
}

/** A module's exported functions and classes without a doc comment; of overloads the first one counts. */
function bare(module: string): readonly { readonly name: string; readonly line: number }[] {
  const { code, text } = readSource(readText(module))
  const seen = new Set<string>()
  const found: { name: string; line: number }[] = []
  for (const form of [declaration, arrow]) {
    for (const match of code.matchAll(form)) {
      const name = match[1]!
      if (seen.has(name)) continue
      seen.add(name)
      const before = text.slice(0, match.index).trimEnd()
      const documented = before.endsWith('*/') && before.startsWith('/**', before.lastIndexOf('/*'))
      if (!documented) found.push({ name, line: lineAt(text, match.index) })
    }
  }
  return found
}
