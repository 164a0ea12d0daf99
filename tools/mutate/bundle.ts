import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { root } from './run.ts'
import { type Numbered, withMutants } from './schema.ts'

/** A test file with all that it imports from the repository, as the body of a function. */
export interface Bundle {
  readonly test: string
  readonly code: string
  /** The files in it, from the repository's root. */
  readonly files: readonly string[]
}

const written = new WeakMap<readonly Numbered[], Map<boolean, string>>()

/** A file's text with its mutants, written once for all bundles. */
function textWith(source: string, mutants: readonly Numbered[], measuring: boolean): string {
  const texts = written.get(mutants) ?? new Map<boolean, string>()
  written.set(mutants, texts)
  const text = texts.get(measuring) ?? withMutants(source, mutants, measuring)
  texts.set(measuring, text)
  return text
}

/** Bundles a test file. Each mutated file has all of its mutants in it, or sets `$hits` if `measuring`. */
export async function bundleTest(
  test: string,
  mutants: ReadonlyMap<string, readonly Numbered[]>,
  measuring: boolean,
): Promise<Bundle> {
  const files = new Set<string>()
  const build = await rolldown({
    cwd: root,
    input: join(root, test),
    platform: 'node',
    external: (id) => !/^(?:[./]|@omen|omen-iam)/.test(id),
    resolve: { conditionNames: ['@omen/source'] },
    treeshake: false,
    plugins: [
      {
        name: 'mutants',
        load(id) {
          if (!id.endsWith('.ts')) return null
          const path = relative(root, id)
          files.add(path)
          const source = readFileSync(id, 'utf8')
          const own = mutants.get(path)
          return own === undefined ? source : textWith(source, own, measuring)
        },
        transform(code, id) {
          return code
            .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
            .replaceAll('import.meta.filename', JSON.stringify(id))
            .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        },
      },
    ],
    logLevel: 'silent',
  })
  try {
    const { output } = await build.generate({ format: 'cjs', codeSplitting: false })
    return { test, code: output[0].code, files: [...files].sort() }
  } catch {
    // It awaits something before it names its tests.
    const { output } = await build.generate({ format: 'es', codeSplitting: false })
    return { test, code: asFunction(output[0].code), files: [...files].sort() }
  } finally {
    await build.close()
  }
}

/** A module as the body of a function that returns a promise: it imports by `require`, as CommonJS does, and exports nothing. */
function asFunction(code: string): string {
  const body = code
    .replaceAll(/^import \{([^}]*)\} from ("[^"]+");$/gm, (_, names: string, from) => {
      return `const {${names.replaceAll(' as ', ': ')}} = require(${from});`
    })
    .replaceAll(/^import \* as ([\w$]+) from ("[^"]+");$/gm, 'const $1 = require($2);')
    .replaceAll(/^import ([\w$]+) from ("[^"]+");$/gm, 'const $1 = $default(require($2));')
    .replaceAll(/^import ([\w$]+), \{([^}]*)\} from ("[^"]+");$/gm, (_, own, names: string, from) => {
      return `const ${own} = $default(require(${from})), {${names.replaceAll(' as ', ': ')}} = require(${from});`
    })
    .replaceAll(/^import ("[^"]+");$/gm, 'require($1);')
    .replaceAll(/^export \{[^}]*\};$/gm, '')
  return `const $default = (it) => it?.__esModule ? it.default : it;return (async () => {${body}\n})()`
}
