import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { type Plugin, type RolldownOutput, rolldown } from 'rolldown'
import type { Built } from './packages.ts'

/** A relative place beside a module, up to where a variable follows. */
const place = /new URL\(\s*(['"`])(\.\.?\/[^'"`$]*)/g

/** Where a package is bundled to, if it is not to be published. */
export interface Place {
  /** A folder that stands for the package's: beside its dist/ is what the package's modules name. */
  readonly folder: string
  /** Packages whose modules are taken in. */
  readonly within: RegExp
}

/**
 * Writes the package's modules into dist/ as few files: Node reads one file sooner than a hundred. All lie beside
 * each other, with maps of where each line comes from. What is installed from npm stays outside.
 * @throws Error if a file imports a package that package.json declares neither as a dependency nor as a peer
 */
export async function bundle(
  folder: string,
  { entries, alone, layers = {} }: Pick<Built, 'entries' | 'alone' | 'layers'>,
  at?: Place,
): Promise<void> {
  await write(folder, entries, layers, at)
  for (const [name, module] of Object.entries(alone)) await write(folder, { [name]: module }, {}, at)
  finish(join(at?.folder ?? folder, 'dist'))
}

type Layers = NonNullable<Built['layers']>

async function write(
  folder: string,
  entries: Readonly<Record<string, string>>,
  layers: Layers,
  at: Place | undefined,
): Promise<void> {
  const layerOf = new Map<string, string>()
  const build = await rolldown({
    cwd: folder,
    input: { ...entries },
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && at?.within.test(id) !== true,
    resolve: { conditionNames: ['@omen/source'] },
    transform: { target: 'node22' },
    plugins: [places(folder), layered(folder, layers, layerOf)],
    logLevel: 'warn',
  })
  const written = await build.write({
    dir: join(at?.folder ?? folder, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
    comments: false,
    codeSplitting: {
      groups: Object.keys(layers).map((name) => ({ name, test: (id) => layerOf.get(id) === name })),
    },
  })
  await build.close()
  requireDeclared(folder, written)
}

/** The compiler may add imports of its own, as of helpers for syntax that the target lacks. */
function requireDeclared(folder: string, { output }: RolldownOutput): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  const written = new Set<string>(output.map(({ fileName }) => fileName))
  for (const file of output) {
    if (file.type !== 'chunk') continue
    for (const module of [...file.imports, ...file.dynamicImports]) {
      if (written.has(module) || isBuiltin(module)) continue
      const [name = '', second] = module.split('/')
      if (!Object.hasOwn(declared, name.startsWith('@') ? `${name}/${second}` : name))
        throw new Error(`${file.fileName} imports ${module}, which is not among the package's dependencies`)
    }
  }
}

/** Makes a place that a source names beside itself one beside dist/, where its code is then. */
function places(folder: string): Plugin {
  const sources = join(folder, 'src')
  return {
    name: 'places',
    transform: {
      filter: { code: 'import.meta.url' },
      handler(code, id) {
        const moved = code.replace(place, (_, quote: string, path: string) => {
          const meant = resolve(dirname(id), path)
          if (!relative(sources, meant).startsWith('..')) return `new URL(${quote}${path}`
          const from = relative(join(folder, 'dist'), meant)
          return `new URL(${quote}${from}${path.endsWith('/') ? '/' : ''}`
        })
        return { code: moved, map: null }
      },
    },
  }
}

/** Notes the layer of each module: the first one whose module loads it before anything of it runs. */
function layered(folder: string, layers: Layers, layerOf: Map<string, string>): Plugin {
  return {
    name: 'layers',
    buildEnd() {
      for (const [name, module] of Object.entries(layers)) {
        const loaded = [join(folder, module)]
        for (const id of loaded) {
          const info = layerOf.has(id) ? null : this.getModuleInfo(id)
          if (info === null) continue
          layerOf.set(id, name)
          loaded.push(...info.importedIds)
        }
      }
    },
  }
}

/** What is done to the files as they are written; lines stay where they are, so the maps stay right. */
function finish(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.js')) continue
    const file = join(folder, name)
    const code = readFileSync(file, 'utf8')
    if (/String\.raw`[^`]*[^\x00-\x7f]/.test(code))
      throw new Error(`${name}: a raw template that is not ASCII`)
    writeFileSync(file, inAscii(withoutFacade(code)))
  }
}

/**
 * Importing a module of Node's as a module reads all that it exports: of node:http the whole client behind fetch, which takes
 * a tenth of the start and 5 MB, of node:fs and node:util a few milliseconds in each thread. Asked for in another way, it is
 * only what is used.
 */
function withoutFacade(code: string): string {
  return code
    .replace(/^import ["']node:[\w/]+["'];$/gm, '')
    .replace(
      /^import (\{[^}]*\}|\* as [\w$]+|[\w$]+) from (["']node:[\w/]+["']);$/gm,
      (_, names: string, module: string) =>
        `const ${names.replace(/^\* as /, '').replace(/\bas\b/g, ':')} = process.getBuiltinModule(${module});`,
    )
}

/**
 * Writes what is not ASCII as escapes: V8 keeps a file's text, at two bytes a character where one of them is not Latin.
 * Comments are gone, and a raw template has no such character, so all of it is in texts and patterns.
 */
function inAscii(code: string): string {
  return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
