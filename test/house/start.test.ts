import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { describe, test } from 'node:test'
import { filesLike, readText } from './files.ts'
import { readSource } from './source.ts'

const server = 'packages/server/src'

/** Statements whose module is loaded with the file: neither types alone nor `import()`. */
const loading = /^(?:import|export)\s+(?!type\b)(?:[^'"`;]*?\bfrom\s*)?(['"])/gm

/** What a file loads before anything of it runs. */
function loadedBy(file: string): readonly string[] {
  const { text, code } = readSource(readText(file))
  return [...code.matchAll(loading)].map((match) => {
    const begin = match.index + match[0].length
    const specifier = text.slice(begin, text.indexOf(match[1]!, begin))
    return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier
  })
}

const known = new Map<string, readonly string[]>()

/** The way from a file to the first module that fits, by what is loaded with it; undefined if there is none. */
function wayTo(from: readonly string[], fits: RegExp): string | undefined {
  const ways = new Map(from.map((file) => [file, file]))
  for (const [file, way] of ways) {
    if (fits.test(file)) return way
    if (!file.startsWith('packages/')) continue
    if (!known.has(file)) known.set(file, loadedBy(file))
    for (const next of known.get(file)!) if (!ways.has(next)) ways.set(next, `${way} → ${next}`)
  }
  return undefined
}

const command = (name: string): string => `${server}/cli/commands/${name}.ts`
const files = 'asks files in most of its uses'

/** What is light, and what it must not load. A module that is needed seldom is loaded where it is needed, by `import()`. */
const light: readonly (readonly [what: string, from: readonly string[], never: RegExp, because: string])[] = [
  [
    'the command line',
    [`${server}/cli/main.ts`],
    /src\/(?:gate|graph|guard|intake|services|store)\/|^@omen-iam\/policy$/,
    'each command says what it needs',
  ],
  [
    'the thread of a store',
    [`${server}/store/sqlite/thread.ts`],
    /^@omen-iam\/policy$/,
    'it keeps what it is given, and decides nothing',
  ],
  [
    'a server that opens its store',
    [command('start')],
    /src\/(?:gate|directory|delivery|session|workload)\/|^@omen-iam\/policy$/,
    'the thread of the store begins before the rest of the code is read',
  ],
  [
    'a server',
    [`${server}/cli/serving.ts`, `${server}/gate/index.ts`, ...filesLike(`${server}/services/*/index.ts`)],
    /src\/(?:guard\/(?!catalogue\/)|graph\/|intake\/|learn\/|sources\/)|^undici$/,
    'the guard, the graph and what reads files start when they are asked for',
  ],
  [
    'a server before its first call',
    [`${server}/cli/serving.ts`, `${server}/gate/index.ts`, `${server}/services/index.ts`],
    /src\/services\/(?:cloudtrail|cognito|ec2|eks|iam|identitystore|organizations|sso)\b(?!-admin)/,
    'the operations of an API are read at its first call',
  ],
  [
    'a server before its first sign-in and its first call under /_omen/',
    [`${server}/cli/serving.ts`, `${server}/gate/index.ts`],
    /src\/(?:services\/(?:signin|sts)\/|gate\/(?:route\/admin|snapshots|store-copy|rotate-key)\.ts)|^node:(?:http|tls)$/,
    'what answers them is read then',
  ],
  ...['policy-lint', 'policy-fmt', 'policy-explain', 'why', 'paths', 'plan', 'test'].map(
    (name) => [`omen ${name}`, [command(name)], /src\/gate\/|^undici$/, files] as const,
  ),
]

describe('what starts loads only what it needs', () => {
  for (const [what, from, never, because] of light)
    test(what, () => {
      assert.equal(wayTo(from, never), undefined, because)
    })

  test('the way to a module is found, and to none that is loaded later', () => {
    assert.match(
      wayTo([`${server}/gate/guarding.ts`], /^undici$/) ?? '',
      /guarding\.ts → .*guard\.ts → .*undici$/,
    )
    assert.equal(wayTo([`${server}/gate/omen.ts`], /gate\/guarding\.ts$/), undefined)
    assert.ok(filesLike(`${server}/gate/guarding.ts`).length === 1)
  })
})
