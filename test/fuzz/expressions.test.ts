import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { lineAt, readSource } from '../house/source.ts'
import { assertLinear } from '../support/cost.ts'

/** Expressions that take longer than their text, and why no caller can make them do so. */
const bounded: Readonly<Record<string, string>> = {
  '\\$\\{[^}]*\\}': 'read in the catalogue’s own templates, and in policies up to their last brace',
  '\\$\\{([*?$])\\}|\\$\\{[^}]*\\}': 'read in policies, which have few characters, up to their last brace',
}

interface Found {
  readonly source: string
  readonly flags: string
  readonly place: string
}

/** Every regular expression of what is published, once. */
function expressions(): readonly Found[] {
  const found = new Map<string, Found>()
  for (const file of globSync('packages/{server,policy}/src/**/*.ts')) {
    if (/\.test\.ts$|\/generated\//.test(file)) continue
    const source = readSource(readFileSync(file, 'utf8'))
    for (const { source: expression, flags, offset } of source.expressions)
      found.set(`${expression}/${flags}`, {
        source: expression,
        flags: flags.replace('g', ''),
        place: `${file}:${lineAt(source.text, offset)}`,
      })
  }
  return [...found.values()]
}

/** One character, or a few, for each part of an expression, in their order: what it could be made to look at again. */
function partsOf(source: string): readonly string[] {
  const parts: string[] = []
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!
    if (character === '\\') parts.push(escapes[source[++at]!] ?? source[at]!)
    else if (character === '[') {
      const end = classEnd(source, at)
      const inside = source.slice(at + 1, end)
      if (inside.startsWith('^'))
        parts.push(
          'x',
          ...'{$"(<&%-'
            .split('')
            .filter((each) => !inside.includes(each))
            .slice(0, 2),
        )
      else {
        parts.push(inside.startsWith('\\') ? (escapes[inside[1]!] ?? inside[1]!) : inside[0]!)
        if (inside.includes('\\s')) parts.push(' ')
        if (inside.includes('-') && inside.endsWith('-')) parts.push('-')
      }
      at = end
    } else if (character === '{' && /^\{\d/.test(source.slice(at))) at = source.indexOf('}', at)
    else if (character === '(' && source[at + 1] === '?')
      at += /^\(\?(?:<[^>=!]+>|<?[:=!])/.exec(source.slice(at))![0].length - 1
    else if (character === '.') parts.push('x')
    else if (!'()*+?|^$'.includes(character)) parts.push(character)
  }
  return parts
}

const escapes: Readonly<Record<string, string>> = {
  s: ' ',
  d: '0',
  w: 'a',
  S: 'x',
  D: 'x',
  W: '-',
  b: '',
  n: '\n',
  t: '\t',
  p: 'a',
  u: 'a',
  x: 'a',
  k: '',
}

function classEnd(source: string, start: number): number {
  let at = start + 1
  while (source[at] !== ']') at += source[at] === '\\' ? 2 : 1
  return at
}

/** Texts that repeat what an expression may match, behind what leads there, and then fail it. */
function* worstOf(parts: readonly string[]): Generator<(length: number) => string> {
  const most = Math.min(parts.length, 40)
  for (let from = 0; from < most; from++) {
    const lead = parts.slice(0, from).join('')
    for (const width of [1, 2, 3, most - from]) {
      const pump = parts.slice(from, from + width).join('')
      if (pump === '') continue
      for (const [before, after] of [
        [lead, '\u0001'],
        ['', '\u0001'],
        ['', '/\u0001'],
        [lead, `${parts.at(-1)}\u0001`],
      ] as const)
        yield (length) => before + pump.repeat(Math.ceil(length / pump.length)) + after
    }
  }
}

/** The square of so many is felt at once; what a line takes is not. */
const probe = 4_000
/** Milliseconds from which on a text's growth is measured: no verdict of its own. */
const noticed = 1

/** A text that takes an expression longer than its length; undefined where none was found. */
function slowOn({ source, flags }: Pick<Found, 'source' | 'flags'>): string | undefined {
  const expression = new RegExp(source, flags)
  const run = (text: string) => {
    expression.lastIndex = 0
    expression.test(text)
  }
  for (const make of worstOf(partsOf(source))) {
    const text = make(probe)
    let least = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 3 && least >= noticed; tries++) {
      const start = performance.now()
      run(text)
      least = Math.min(least, performance.now() - start)
    }
    if (least < noticed) continue
    try {
      assertLinear(probe / 8, (length) => {
        const longer = make(length)
        return () => run(longer)
      })
    } catch {
      return text
    }
  }
  return undefined
}

describe('regular expressions', () => {
  const all = expressions()

  test('are all found', () => {
    assert.ok(all.length > 400, String(all.length))
    for (const source of Object.keys(bounded))
      assert.ok(
        all.some((each) => each.source === source),
        `${source} is no expression any more`,
      )
  })

  test('take no longer than their text, whatever it is', () => {
    const slow = all
      .filter(({ source }) => !Object.hasOwn(bounded, source))
      .flatMap((each) => {
        const text = slowOn(each)
        return text === undefined
          ? []
          : [`${each.place} /${each.source}/ on ${JSON.stringify(text.slice(0, 40))}`]
      })
    assert.deepEqual(slow, [])
  })

  test('are seen to be slow where they are', () => {
    for (const source of [
      '^[A-Za-z0-9+/\\s]+={0,2}\\s*$',
      '\\$\\{[^}]*\\}',
      '[^/:]*$',
      '\\s+$',
      '(\\w+)\\s*==',
    ])
      assert.notEqual(slowOn({ source, flags: '' }), undefined, source)
  })
})
