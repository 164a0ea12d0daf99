import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, lineAt, readSource } from './source.ts'

test('texts and comments are no code', () => {
  const { code, comments } = readSource("const a = 'x // y' // as any\n/* b */ const c = \"it's\"")
  assert.equal(code.replace(/ +/g, ' '), 'const a = \' \' \n const c = " "')
  assert.equal(comments.trim().replace(/ +/g, ' '), '// as any\n/* b */')
})

test('what a template inserts is code, however deep', () => {
  const { code } = readSource('`a ${b({ c: `d ${e} f` })} g` + h')
  assert.equal(code.replace(/ +/g, ' '), '` ${b({ c: ` ${e} ` })} ` + h')
})

test('a slash after a value divides, elsewhere it begins a regular expression', () => {
  const { code } = readSource('a / b; c = /[\'/]/.test(d) / e; return /"/')
  assert.equal(code.replace(/ +/g, ' '), 'a / b; c = / /.test(d) / e; return / /')
})

test('an unfinished string ends with its line', () => {
  assert.equal(readSource("it's\nas").code, "it' \nas")
})

test('every form of import is found, with its line', () => {
  const text = `import a from 'a'\nimport type { b } from './b.ts'\nexport * from "c"\nimport 'd'
const e = await import('e') // import 'no'
const f = "from 'no'"`
  assert.deepEqual(
    importsOf(readSource(text)).map(({ specifier, line }) => `${line} ${specifier}`),
    ['1 a', '2 ./b.ts', '3 c', '4 d', '5 e'],
  )
})

test('lines are counted from one', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((offset) => lineAt('a\nb\n', offset)),
    [1, 1, 2, 2],
  )
})
