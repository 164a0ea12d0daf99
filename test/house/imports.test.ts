import assert from 'node:assert/strict'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { describe, test } from 'node:test'
import { filesLike, fits, noBreach, readText } from './files.ts'
import { type Import, importsOf, readSource } from './source.ts'
import {
  countsItself,
  onlyBuiltins,
  otherFiles,
  packageNames,
  reserved,
  rooms,
  sharedByTests,
  workshop,
} from './table.ts'

const tests = ['**/*.test.ts', '**/*.test.tsx']
const files = filesLike('{packages/*/src,test,tools,scripts}/**/*.{ts,tsx,mts,mjs}')
const everything = new Set(filesLike('**'))

describe('the import table', () => {
  test('every source is in a room', () => {
    noBreach(files.filter((file) => roomOf(file) === undefined))
  })

  test('a room imports only the rooms that the table lists, and of them only the index', () => {
    noBreach(breaches(relativeBreach))
  })

  test('a room imports only the node modules that are its business', () => {
    noBreach(breaches(builtinBreach))
  })

  test('a package imports only what its package.json declares', () => {
    noBreach(breaches(packageBreach))
  })

  test('docs/ARCHITECTURE.md draws the same table', () => {
    const section = readText('docs/ARCHITECTURE.md').split('| room | may import |')[1] ?? ''
    const drawn = section.matchAll(/^\| ([^|]+) \| (nothing|all above|[a-z0-9, /*]+)(?:;[^|]*)? \|$/gm)
    const above: string[] = []
    const table: Record<string, readonly string[]> = {}
    for (const [, left, right] of drawn) {
      const names = left!.replace(/ \(.*\)$/, '').split(', ')
      const imports = right === 'all above' ? [...above] : right === 'nothing' ? [] : right!.split(', ')
      for (const name of names) table[name] = imports.sort()
      above.push(...names)
    }
    const product = Object.entries(rooms).filter(([name]) => !workshop.includes(name))
    assert.deepEqual(
      table,
      Object.fromEntries(product.map(([name, room]) => [name, [...room.imports].sort()])),
    )
  })

  test('the table has no circle', () => {
    const finished = new Set<string>()
    const visit = (name: string, path: readonly string[]) => {
      assert.ok(!path.includes(name), `circle: ${[...path, name].join(' → ')}`)
      if (finished.has(name)) return
      for (const below of rooms[name]?.imports ?? []) visit(below, [...path, name])
      finished.add(name)
    }
    for (const name of Object.keys(rooms)) visit(name, [])
  })

  test('files of the packages import one another in no circle', () => {
    const within = new Set(files.filter((file) => fits(file, ['packages/*/src/**']) && !fits(file, tests)))
    const below = Map.groupBy(
      imports.filter(({ file, specifier }) => within.has(file) && specifier.startsWith('.')),
      ({ file }) => file,
    )
    const finished = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]) => {
      const begun = path.indexOf(file)
      if (begun >= 0) {
        circles.push([...path.slice(begun), file].join(' → '))
        return
      }
      if (finished.has(file)) return
      for (const { specifier } of below.get(file) ?? [])
        visit(posix.join(posix.dirname(file), specifier), [...path, file])
      finished.add(file)
    }
    for (const file of within) visit(file, [])
    noBreach(circles)
  })

  test('the folders of a room import one another in no circle', () => {
    const below = new Map<string, Set<string>>()
    for (const { file, specifier } of imports) {
      if (!specifier.startsWith('.') || fits(file, tests)) continue
      const [from, to] = [folderOf(file), folderOf(posix.join(posix.dirname(file), specifier))]
      if (from === undefined || to === undefined || from === to) continue
      below.set(from, (below.get(from) ?? new Set()).add(to))
    }
    const finished = new Set<string>()
    const circles: string[] = []
    const visit = (folder: string, path: readonly string[]) => {
      const begun = path.indexOf(folder)
      if (begun >= 0) circles.push([...path.slice(begun), folder].join(' → '))
      if (begun >= 0 || finished.has(folder)) return
      for (const next of below.get(folder) ?? []) visit(next, [...path, folder])
      finished.add(folder)
    }
    for (const folder of below.keys()) visit(folder, [])
    noBreach(circles)
  })

  test('the policy package depends on nothing', () => {
    assert.deepEqual(manifest('packages/policy').dependencies, {})
  })
})

const imports: readonly (Import & { readonly file: string })[] = files.flatMap((file) =>
  importsOf(readSource(readText(file))).map((found) => ({ file, ...found })),
)

type Rule = (file: string, specifier: string) => string | undefined

/** Every import of every file put before one rule. */
function breaches(rule: Rule): readonly string[] {
  return imports.flatMap(({ file, specifier, line }) => {
    const breach = rule(file, specifier)
    return breach === undefined ? [] : [`${file}:${line} ${specifier}: ${breach}`]
  })
}

function relativeBreach(file: string, specifier: string): string | undefined {
  const from = roomOf(file)
  const named = packageNames[specifier]
  if (named !== undefined) {
    return allowed(from, named) ? undefined : `${from} may not import ${named}`
  }
  if (!specifier.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(file), specifier)
  if (!everything.has(target)) return 'there is no such file'
  if (otherFiles[target] !== undefined) return undefined
  const to = roomOf(target)
  if (to === undefined) return 'stands in no room'
  if (to === from && sameFolder(file, target, to)) return undefined
  if (sharedByTests.includes(to) && target === `test/${to}/index.ts` && fits(file, tests)) return undefined
  if (!allowed(from, to)) return `${from} may not import ${to}`
  if (workshop.includes(to)) return undefined
  return posix.basename(target) === 'index.ts' && posix.dirname(target) === faceOf(target, to)
    ? undefined
    : `only the index.ts of ${to} is for others`
}

function builtinBreach(file: string, specifier: string): string | undefined {
  const from = roomOf(file)
  if (from === undefined || !isBuiltin(specifier)) return undefined
  if (!specifier.startsWith('node:')) return `write node:${specifier}`
  if (workshop.includes(from) || fits(file, tests)) return undefined
  const name = specifier.split('/')[0]! // node:fs/promises is node:fs
  const few = onlyBuiltins[from]
  if (few !== undefined && !few.includes(name))
    return `${from} may import ${few.join(', ') || 'no node: module'}`
  const owners = reserved[name]
  return owners === undefined || owners.includes(from)
    ? undefined
    : `only ${owners.join(', ') || 'nobody'} may`
}

function packageBreach(file: string, specifier: string): string | undefined {
  const from = roomOf(file)
  if (from === undefined || specifier.startsWith('.') || isBuiltin(specifier)) return undefined
  if (packageNames[specifier] !== undefined) return undefined
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (packageNames[name] !== undefined) return `only ${name} itself is for others`
  const owners = reserved[name]
  if (owners !== undefined && !owners.includes(from)) return `only ${owners.join(', ')} may`
  const inWorkshop = workshop.includes(from) || fits(file, tests)
  const own = manifest(inWorkshop ? '.' : packageFolder(file))
  const declared = inWorkshop ? own.devDependencies : { ...own.peerDependencies, ...own.dependencies }
  return declared?.[name] === undefined ? 'not declared in package.json' : undefined
}

/** Whether the table lets `from` import `to`. */
function allowed(from: string | undefined, to: string): boolean {
  return from !== undefined && (rooms[from]?.imports.includes(to) ?? false)
}

/** The name of a file's room: the longest folder that contains it. */
function roomOf(file: string): string | undefined {
  let best: string | undefined
  for (const [name, room] of Object.entries(rooms)) {
    if (!holds(room.folder, file)) continue
    if (best === undefined || room.folder.length > rooms[best]!.folder.length) best = name
  }
  return best
}

function holds(folder: string, file: string): boolean {
  const wanted = folder.split('/')
  const parts = file.split('/')
  return parts.length > wanted.length && wanted.every((part, i) => part === '*' || part === parts[i])
}

/** The folder of a source within its room; undefined for one of the room's own folder, unless that counts. */
function folderOf(file: string): string | undefined {
  const room = roomOf(file)
  if (room === undefined || !/\.tsx?$/.test(file)) return undefined
  const face = faceOf(file, room)
  const [folder, name] = file.slice(face.length + 1).split('/')
  if (name !== undefined) return `${face}/${folder}`
  return countsItself.includes(room) ? face : undefined
}

/** Two files of `services/*` are of one room only where they are of one service. */
function sameFolder(a: string, b: string, room: string): boolean {
  return faceOf(a, room) === faceOf(b, room)
}

/** The folder whose index.ts is the room's face. */
function faceOf(file: string, room: string): string {
  const depth = rooms[room]!.folder.split('/').length
  return file.split('/').slice(0, depth).join('/')
}

function packageFolder(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const manifests = new Map<string, Manifest>()

function manifest(folder: string): Manifest {
  let read = manifests.get(folder)
  if (read === undefined) {
    read = JSON.parse(readText(posix.join(folder, 'package.json'))) as Manifest // npm checks its form
    manifests.set(folder, read)
  }
  return read
}
